/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/extension.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  g_autofree char *exact = g_memdup2 (data, size);
  gboolean done = ocs_extension_read (inventory, "fuzz", exact == NULL ? "" : exact, size, NULL);
  g_assert_true (done || ocs_inventory_count (inventory, "SOFTWARES") == 0);
  return 0;
}
