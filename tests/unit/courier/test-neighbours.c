/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernel's table as text. */
#include "worker/courier/neighbours.h"

static void
test_table (void)
{
  static const char text[] = "IP address       HW type     Flags       HW address            Mask     Device\n"
                             "192.0.2.1        0x1         0x2         00:16:3e:00:00:01     *        eth0\n"
                             "192.0.2.2        0x1         0x0         00:00:00:00:00:00     *        eth0\n"
                             "192.0.2.130      0x1         0x6         00:16:3e:00:00:03     *        eth0\n"
                             "198.51.100.1     0x1         0x2         00:16:3e:00:00:04     *        eth1\n"
                             "nonsense\n\n192.0.2.9        0x1         0x2";
  OcsSearch search = {.network = (char *)"192.0.2.0", .prefix = 25};
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  ocs_neighbours_parse (text, &search, found);
  g_assert_cmpuint (g_hash_table_size (found), ==, 1);
  g_assert_cmpstr (g_hash_table_lookup (found, "192.0.2.1"), ==, "00:16:3e:00:00:01");
  search.prefix = 24;
  ocs_neighbours_parse (text, &search, found);
  g_assert_cmpuint (g_hash_table_size (found), ==, 2);
  ocs_neighbours_parse ("", &search, found);
  g_assert_cmpuint (g_hash_table_size (found), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/neighbours/table", test_table);
  return g_test_run ();
}
