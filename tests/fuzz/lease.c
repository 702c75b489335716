/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as what the DHCP clients leave. */
#include "worker/inventory/lease.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* A server is an IPv4 address or nothing. */
static void
check (char *server)
{
  if (server != NULL && (strlen (server) > 15 || strspn (server, "0123456789.") != strlen (server)))
    __builtin_trap ();
  g_free (server);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  check (ocs_lease_from_pairs (text, "192.0.2.7"));
  check (ocs_lease_from_dhclient (text, "eth0", "192.0.2.7"));
  check (ocs_lease_from_dhcpcd (data, size, "192.0.2.7"));
  return 0;
}
