/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where DHCP clients keep their leases: systemd-networkd, NetworkManager, dhclient, dhcpcd. */
#pragma once
#include "worker/inventory/source.h"

/* The server that gave address (IPv4, text) to interface; NULL where no lease says so. transfer full. */
char *ocs_dhcp_server (const OcsSource *source, const char *interface, const char *address);
