/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the tables of addresses and of routes below /proc/net. */
#include "worker/inventory/netinfo.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
use (const OcsAddress *address, const GPtrArray *routes)
{
  g_autofree char *plain = ocs_address_to_text (address);
  g_autofree char *mask = ocs_address_mask (address);
  g_autofree char *subnet = ocs_address_subnet (address);
  if (plain == NULL || mask == NULL || subnet == NULL || address->label == NULL)
    __builtin_trap ();
  for (guint i = 0; i < routes->len; i++) {
    const OcsRoute *route = g_ptr_array_index (routes, i);
    if (route->interface == NULL || route->gateway == NULL)
      __builtin_trap ();
    (void)ocs_address_reaches (address, route->gateway);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GPtrArray) addresses = ocs_addresses_new ();
  g_autoptr (GPtrArray) routes = ocs_routes_parse (text, text);
  ocs_addresses_add_captured (addresses, text);
  ocs_addresses_add_inet6 (addresses, text);
  for (guint i = 0; i < addresses->len; i++)
    use (g_ptr_array_index (addresses, i), routes);
  return 0;
}
