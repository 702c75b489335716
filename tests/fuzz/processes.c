/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the arguments of a machine that somebody has started. */
#include "worker/inventory/guest.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (OcsGuest) guest = ocs_processes_parse ((const char *)data, size);
  if (guest != NULL && (guest->name == NULL || guest->vcpu < 0 || guest->memory_mb < 0))
    __builtin_trap ();
  return 0;
}
