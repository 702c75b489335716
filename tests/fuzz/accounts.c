/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as /etc/passwd, and after the first NUL as /etc/group. */
#include "worker/inventory/accounts.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *passwd = g_strndup ((const char *)data, size);
  gsize length = strlen (passwd);
  g_autofree char *group = length < size ? g_strndup ((const char *)data + length + 1, size - length - 1) : NULL;
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  ocs_accounts_add (inventory, passwd, group);
  for (gsize i = 0; i < ocs_inventory_count (inventory, "LOCAL_USERS"); i++)
    if (ocs_inventory_get (inventory, "LOCAL_USERS", i, "ID_USER") == NULL)
      __builtin_trap ();
  return 0;
}
