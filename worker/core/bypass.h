/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of hosts by name, domain or network: what is reached without a proxy (ProxyBypass=, no_proxy). Pure: a name is not looked up, so
 * networks match addresses only, as they stand in a URL. */
#pragma once
#include <glib.h>

typedef struct _OcsBypass OcsBypass;

/* Separated by , ; or blanks: "host" (that name, nothing below it), ".domain" or "*.domain" (all below it, and itself), "10.0.0.0/8",
 * "fd00::/8", an address, any of them with ":port" ("[::1]:80"), "<local>" (names without a dot, and this machine), "*" (everything).
 * What is none of these is left out, and a line about it goes to problems (element-type char*, nullable). text: nullable.
 * like_environment: "domain" also means what is below it, as programs read no_proxy. */
OcsBypass *ocs_bypass_parse (const char *text, gboolean like_environment, GPtrArray *problems);
void ocs_bypass_free (OcsBypass *bypass);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsBypass, ocs_bypass_free)

/* host: lower case, an IPv6 address without brackets. */
gboolean ocs_bypass_matches (const OcsBypass *bypass, const char *host, guint16 port);

/* An address in 4 or 16 bytes; an IPv4 one that is mapped into IPv6 becomes 4 bytes. Returns their number, 0 where text is none. */
guint ocs_bypass_read_address (const char *text, guint8 bytes[16]);
