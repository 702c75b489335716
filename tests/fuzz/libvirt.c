/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the XML of a machine of libvirt. */
#include "worker/inventory/guest.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsGuest) guest = ocs_libvirt_parse ((const char *)data, size, &error);
  if (guest != NULL && (error != NULL || guest->name == NULL || guest->status == NULL || guest->vcpu < 0 || guest->memory_mb < 0))
    __builtin_trap ();
  return 0;
}
