/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/accounts.h"

static void
test_add (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  ocs_accounts_add (inventory, "root:x:0:0:root:/root:/bin/bash\njane:$6$secret:1000:100:Jane D\xf6,,,:/home/jane:/bin/sh\n",
                    "root:x:0:\nusers:x:100:joe,,jane\nadm:hash:4:syslog\nempty:x:9:\n");
  g_assert_cmpuint (ocs_inventory_count (inventory, "LOCAL_USERS"), ==, 2);
  g_assert_cmpstr (ocs_inventory_get (inventory, "LOCAL_USERS", 1, "LOGIN"), ==, "jane");
  g_assert_cmpstr (ocs_inventory_get (inventory, "LOCAL_USERS", 1, "ID_USER"), ==, "1000");
  g_assert_cmpstr (ocs_inventory_get (inventory, "LOCAL_USERS", 1, "GID"), ==, "100");
  g_assert_cmpstr (ocs_inventory_get (inventory, "LOCAL_USERS", 1, "NAME"), ==, "Jane D\xc3\xb6,,,");
  g_assert_cmpuint (ocs_inventory_count (inventory, "LOCAL_GROUPS"), ==, 4);
  g_assert_cmpstr (ocs_inventory_get (inventory, "LOCAL_GROUPS", 0, "MEMBER"), ==, "root");
  g_assert_cmpstr (ocs_inventory_get (inventory, "LOCAL_GROUPS", 1, "MEMBER"), ==, "joe,jane");
  g_assert_cmpstr (ocs_inventory_get (inventory, "LOCAL_GROUPS", 2, "MEMBER"), ==, "syslog");
  g_assert_null (ocs_inventory_get (inventory, "LOCAL_GROUPS", 3, "MEMBER"));
}

static void
test_garbage (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  ocs_accounts_add (inventory, "+::::::\n:x:1:1::/:\nshort:x:1\nbad:x:one:1::/:/bin/sh\n\n\xff\n", "+:::\ng:x:-1:\nlong:x:1:a:b\n");
  ocs_accounts_add (inventory, NULL, NULL);
  g_assert_cmpuint (ocs_inventory_count (inventory, "LOCAL_USERS"), ==, 0);
  g_assert_cmpuint (ocs_inventory_count (inventory, "LOCAL_GROUPS"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/accounts/add", test_add);
  g_test_add_func ("/accounts/garbage", test_garbage);
  return g_test_run ();
}
