/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See netinfo.h. */
#include "worker/inventory/netinfo.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

/* Flags of addresses (linux/if_addr.h) and of routes (linux/route.h). */
#define ADDRESS_TEMPORARY 0x01
#define ADDRESS_DUPLICATE 0x08
#define ADDRESS_TENTATIVE 0x40
#define ROUTE_UP 0x1
#define ROUTE_GATEWAY 0x2

static void
address_free (gpointer data)
{
  OcsAddress *address = data;
  g_free (address->label);
  g_free (address);
}

static void
route_free (gpointer data)
{
  OcsRoute *route = data;
  g_free (route->interface);
  g_free (route->gateway);
  g_free (route);
}

GPtrArray *
ocs_addresses_new (void)
{
  return g_ptr_array_new_with_free_func (address_free);
}

OcsAddress *
ocs_address_new (const char *label, int family, const void *bytes, guint prefix)
{
  OcsAddress *address = g_new0 (OcsAddress, 1);
  gsize size = family == AF_INET ? 4 : 16;
  address->label = g_strdup (label);
  address->family = family;
  address->prefix = MIN (prefix, (guint)size * 8);
  memcpy (address->bytes, bytes, size);
  return address;
}

/* 32 hexadecimal digits. */
static gboolean
read_hex (const char *text, guint8 bytes[16])
{
  if (strlen (text) != 32)
    return FALSE;
  for (guint i = 0; i < 16; i++) {
    int high = g_ascii_xdigit_value (text[2 * i]);
    int low = g_ascii_xdigit_value (text[2 * i + 1]);
    if (high < 0 || low < 0)
      return FALSE;
    bytes[i] = (guint8)(high << 4 | low);
  }
  return TRUE;
}

/* The kernel lists IPv6 by a hash; of IPv4 the first one is the main one and stays so. */
static int
compare_addresses (gconstpointer left, gconstpointer right)
{
  const OcsAddress *a = *(OcsAddress *const *)left;
  const OcsAddress *b = *(OcsAddress *const *)right;
  if (a->family != b->family)
    return a->family == AF_INET ? -1 : 1;
  return a->family == AF_INET ? 0 : memcmp (a->bytes, b->bytes, sizeof a->bytes);
}

void
ocs_addresses_add_inet6 (GPtrArray *addresses, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text == NULL ? "" : text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    char hex[33];
    char label[65];
    guint prefix = 0;
    guint flags = 0;
    guint8 bytes[16];
    if (sscanf (lines[i], "%32s %*x %x %*x %x %64s", hex, &prefix, &flags, label) != 4 || !read_hex (hex, bytes))
      continue;
    if (!g_str_equal (label, "lo") && (flags & (ADDRESS_TEMPORARY | ADDRESS_DUPLICATE | ADDRESS_TENTATIVE)) == 0)
      g_ptr_array_add (addresses, ocs_address_new (label, AF_INET6, bytes, prefix));
  }
  g_ptr_array_sort (addresses, compare_addresses); /* stable */
}

void
ocs_addresses_add_captured (GPtrArray *addresses, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text == NULL ? "" : text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    char label[65];
    char dotted[16];
    guint prefix = 0;
    struct in_addr address;
    if (sscanf (lines[i], "%64s %15[0-9.]/%u", label, dotted, &prefix) == 3 && inet_pton (AF_INET, dotted, &address) == 1)
      g_ptr_array_add (addresses, ocs_address_new (label, AF_INET, &address, prefix));
  }
}

static char *
to_text (int family, const guint8 *bytes)
{
  char text[INET6_ADDRSTRLEN];
  return inet_ntop (family, bytes, text, sizeof text) == NULL ? NULL : g_strdup (text);
}

char *
ocs_address_to_text (const OcsAddress *address)
{
  return to_text (address->family, address->bytes);
}

static void
fill_mask (const OcsAddress *address, guint8 mask[16])
{
  for (guint i = 0; i < 16; i++) {
    guint bits = address->prefix > i * 8 ? MIN (address->prefix - i * 8, 8) : 0;
    mask[i] = (guint8)(0xFF00 >> bits);
  }
}

char *
ocs_address_mask (const OcsAddress *address)
{
  guint8 mask[16];
  fill_mask (address, mask);
  return to_text (address->family, mask);
}

char *
ocs_address_subnet (const OcsAddress *address)
{
  guint8 mask[16];
  fill_mask (address, mask);
  for (guint i = 0; i < 16; i++)
    mask[i] &= address->bytes[i];
  return to_text (address->family, mask);
}

gboolean
ocs_address_reaches (const OcsAddress *address, const char *gateway)
{
  guint8 mask[16];
  guint8 other[16];
  if (address->family == AF_INET6)
    return !(address->bytes[0] == 0xFE && (address->bytes[1] & 0xC0) == 0x80);
  if (address->prefix >= 31)
    return TRUE;
  if (inet_pton (AF_INET, gateway, other) != 1)
    return FALSE;
  fill_mask (address, mask);
  for (guint i = 0; i < 4; i++)
    if ((address->bytes[i] & mask[i]) != (other[i] & mask[i]))
      return FALSE;
  return TRUE;
}

static void
add_route (GPtrArray *routes, const char *interface, int family, const void *gateway, guint metric)
{
  OcsRoute *route = g_new0 (OcsRoute, 1);
  route->interface = g_strdup (interface);
  route->gateway = to_text (family, gateway);
  route->metric = metric;
  route->family = family;
  g_ptr_array_add (routes, route);
}

static int
compare_routes (gconstpointer left, gconstpointer right)
{
  const OcsRoute *a = *(OcsRoute *const *)left;
  const OcsRoute *b = *(OcsRoute *const *)right;
  if (a->family != b->family)
    return a->family == AF_INET ? -1 : 1;
  if (a->metric != b->metric)
    return a->metric < b->metric ? -1 : 1;
  return strcmp (a->interface, b->interface);
}

/* The numbers of /proc/net/route are the bytes of the address as this machine reads a word. */
static void
add_inet_route (GPtrArray *routes, const char *line)
{
  char interface[65];
  guint destination = 0, gateway = 0, flags = 0, metric = 0, mask = 0;
  if (sscanf (line, "%64s %x %x %x %*u %*u %u %x", interface, &destination, &gateway, &flags, &metric, &mask) != 6)
    return;
  guint32 word = gateway;
  if (destination == 0 && mask == 0 && (flags & (ROUTE_UP | ROUTE_GATEWAY)) == (ROUTE_UP | ROUTE_GATEWAY))
    add_route (routes, interface, AF_INET, &word, metric);
}

static void
add_inet6_route (GPtrArray *routes, const char *line)
{
  char destination[33], gateway[33], interface[65];
  guint prefix = 0, metric = 0, flags = 0;
  guint8 bytes[16];
  if (sscanf (line, "%32s %x %*32s %*x %32s %x %*x %*x %x %64s", destination, &prefix, gateway, &metric, &flags, interface) != 6)
    return;
  if (prefix == 0 && (flags & (ROUTE_UP | ROUTE_GATEWAY)) == (ROUTE_UP | ROUTE_GATEWAY) && read_hex (gateway, bytes))
    add_route (routes, interface, AF_INET6, bytes, metric);
}

GPtrArray *
ocs_routes_parse (const char *route, const char *ipv6_route)
{
  GPtrArray *routes = g_ptr_array_new_with_free_func (route_free);
  g_auto (GStrv) lines = g_strsplit (route == NULL ? "" : route, "\n", -1);
  g_auto (GStrv) lines6 = g_strsplit (ipv6_route == NULL ? "" : ipv6_route, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    add_inet_route (routes, lines[i]);
  for (guint i = 0; lines6[i] != NULL; i++)
    add_inet6_route (routes, lines6[i]);
  g_ptr_array_sort (routes, compare_routes);
  return routes;
}
