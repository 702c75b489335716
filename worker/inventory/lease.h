/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gave an IPv4 address: the server's address in what DHCP clients leave on the disk. A lease counts only for the address that it is
 * about: clients keep old ones, and an interface may have further addresses that nobody leased. Pure. */
#pragma once
#include <glib.h>

/* systemd-networkd's and NetworkManager's own: lines ADDRESS= and SERVER_ADDRESS=. text: nullable; NULL where it is about another
 * address. transfer full. */
char *ocs_lease_from_pairs (const char *text, const char *address);
/* dhclient's (dhclient.leases(5)): the last lease of that interface and address. text: nullable. transfer full. */
char *ocs_lease_from_dhclient (const char *text, const char *interface, const char *address);
/* dhcpcd's: the server's answer as it came (RFC 2131, option 54 of RFC 2132). bytes: nullable. transfer full. */
char *ocs_lease_from_dhcpcd (const void *bytes, gsize length, const char *address);
