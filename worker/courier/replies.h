/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what the OCS server answers and turns it into the type Reply of org.ocscompanion.Courier. */
#pragma once
#include <glib.h>
#include <json-glib/json-glib.h>

#define OCS_REPLIES_PACKED_MAX (1024 * 1024)
#define OCS_REPLIES_PLAIN_MAX (4 * 1024 * 1024)

/* body: zlib, gzip or plain XML, whatever its Content-Type says. Children and attributes in any order; what is unknown is left out
 * (OCSInventory-Server Apache/Ocsinventory/Server/Communication.pm, Inventory.pm: Perl hashes, so the order is random).
 * reply: transfer full, NULL where the body is empty. host is for messages.
 * OCS_ERROR_BAD_REPLY for anything that no OCS server says: a web page, a DOCTYPE, a bomb. */
gboolean ocs_replies_parse (const guint8 *body, gsize length, const char *host, JsonObject **reply,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
