/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/apk.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  ocs_apk_parse ((const char *)data, size, inventory);
  return 0;
}
