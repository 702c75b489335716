/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as /proc/self/mountinfo. */
#include "worker/inventory/mounts.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) mounts = ocs_mounts_parse ((const char *)data, size);
  if (mounts->len > OCS_MOUNTS_MAX)
    __builtin_trap ();
  for (guint i = 0; i < mounts->len; i++) {
    const OcsMount *mount = g_ptr_array_index (mounts, i);
    if (mount->target == NULL || mount->source == NULL || mount->type == NULL || mount->root == NULL)
      __builtin_trap ();
  }
  return 0;
}
