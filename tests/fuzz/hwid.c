/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a file of names of hardware. */
#include "worker/inventory/hwid.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  OcsHwid pci = {.vendor = 0x8086, .device = 0x1237, .class = 0x060000};
  OcsHwid usb = {.vendor = 0x1d6b, .device = 0x0002, .class = OCS_HWID_NO_CLASS};
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_ptr_array_add (ids, &pci);
  g_ptr_array_add (ids, &usb);
  ocs_hwid_name_from_ids (ids, (const char *)data, size);
  for (guint i = 0; i < ids->len; i++) {
    g_autofree char *label = ocs_hwid_label (g_ptr_array_index (ids, i));
    if (*label == '\0')
      __builtin_trap ();
    ocs_hwid_clear (g_ptr_array_index (ids, i));
  }
  return 0;
}
