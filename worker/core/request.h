/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small requests to the server, as XML text (the courier compresses and posts them). Pure. */
#pragma once
#include "worker/core/inventory.h"

/* OCSInventory-Server Server/Communication.pm, as Agent/XML/Prolog.pm of the Unix agent writes it. */
char *ocs_request_prolog (const char *deviceid);
/* A package's result (QUERY DOWNLOAD), in the attributes form of the Unix agent; code: "SUCCESS", "ERR_…", "EXIT_CODE_3".
 * The first report ends the server's offer for good, whatever it says (Capacities/Download.pm). */
char *ocs_request_result (const char *deviceid, const char *package_id, const char *code);
/* Tells changed addresses between two inventories (QUERY NOTIFY, TYPE IP): the server updates its rows by MAC address
 * (OCSInventory-Server Server/Capacities/Notify.pm), so one IPv4 address goes for each. networks: its section NETWORKS.
 * NULL where there is nothing that could be told. */
char *ocs_request_notify (const char *deviceid, const OcsInventory *networks);
