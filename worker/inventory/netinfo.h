/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses and routes as values, and the texts of /proc/net that hold them. Pure. */
#pragma once
#include <glib.h>
#include <netinet/in.h>

typedef struct {
  char *label;  /* owned; the interface, or an alias of it ("eth0:1") */
  int family;   /* AF_INET or AF_INET6 */
  guint prefix; /* bits */
  guint8 bytes[16];
} OcsAddress;

typedef struct {
  char *interface; /* owned */
  char *gateway;   /* owned; text */
  guint metric;
  int family;
} OcsRoute;

GPtrArray *ocs_addresses_new (void); /* of OcsAddress */
OcsAddress *ocs_address_new (const char *label, int family, const void *bytes, guint prefix);

/* /proc/net/if_inet6, put in order; the loopback, and what is temporary or not usable, are left out: a privacy address would change the
 * inventory each day. */
void ocs_addresses_add_inet6 (GPtrArray *addresses, const char *text);
/* Lines "LABEL ADDRESS/PREFIX" of a captured machine, IPv4. */
void ocs_addresses_add_captured (GPtrArray *addresses, const char *text);

char *ocs_address_to_text (const OcsAddress *address);
char *ocs_address_mask (const OcsAddress *address);   /* "255.255.255.0" */
char *ocs_address_subnet (const OcsAddress *address); /* "192.0.2.0" */
/* Whether gateway (text, of the same family) can be reached from address: on its subnet or by a point-to-point link; for IPv6, where
 * gateways have link-local addresses, by any address but a link-local one. */
gboolean ocs_address_reaches (const OcsAddress *address, const char *gateway);

/* The default routes of /proc/net/route and /proc/net/ipv6_route (both nullable): IPv4 first, then by metric. transfer full, of OcsRoute.
 */
GPtrArray *ocs_routes_parse (const char *route, const char *ipv6_route);
