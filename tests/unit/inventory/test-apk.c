/* SPDX-License-Identifier: GPL-3.0-or-later */
/* apk's list, whole and cut anywhere. */
#include "worker/inventory/apk.h"
#include <string.h>

static const char list[] = "P:musl\nV:1.2\nA:x86_64\nI:648000\nT:the C library\nU:https://musl.libc.org/\nF:lib\nR:x\nZ:Q1\n\n"
                           "P:big\nV:2\nI:99999999999\n\nP:no-version\n\nV:no-name\n\n\n::\nP\n\xff:y\nP:last\nV:3\n\nP:cut\nV:4";

static void
test_packages (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  ocs_apk_parse (list, sizeof list - 1, inventory);
  g_assert_cmpuint (ocs_inventory_count (inventory, "SOFTWARES"), ==, 3);
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "NAME"), ==, "musl");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "FILESIZE"), ==, "648000");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 1, "FILESIZE"), ==, "2147483647");
  g_assert_null (ocs_inventory_get (inventory, "SOFTWARES", 1, "COMMENTS")); /* not the one of the package before */
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 2, "NAME"), ==, "last");
}

static void
test_cut (void)
{
  for (gsize length = 0; length < sizeof list; length++) {
    g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
    g_autofree char *cut = g_memdup2 (list, length);
    ocs_apk_parse (cut, length, inventory);
    g_assert_cmpuint (ocs_inventory_count (inventory, "SOFTWARES"), <=, 3);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/apk/packages", test_packages);
  g_test_add_func ("/apk/cut", test_cut);
  return g_test_run ();
}
