/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as LVM's text of a volume group: never more given out than there is. */
#include "worker/inventory/lvm.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (OcsLvmGroup) group = ocs_lvm_parse (text);
  for (guint i = 0; group != NULL && i < group->physical->len; i++) {
    const OcsLvmVolume *volume = g_ptr_array_index (group->physical, i);
    if (volume->name == NULL || volume->used > volume->extents)
      __builtin_trap ();
  }
  return 0;
}
