/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as /proc/net/arp: what is found is of the network. */
#include "worker/courier/neighbours.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  OcsSearch search = {.network = (char *)"192.0.2.0", .prefix = 24, .address = (char *)"192.0.2.2"};
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  GHashTableIter iter;
  gpointer address = NULL;
  ocs_neighbours_parse (text, &search, found);
  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &address, NULL))
    if (!g_str_has_prefix (address, "192.0.2."))
      __builtin_trap ();
  return 0;
}
