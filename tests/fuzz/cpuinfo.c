/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as /proc/cpuinfo, and as the name of a model. */
#include "worker/inventory/cpuinfo.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GPtrArray) cpus = ocs_cpuinfo_parse (text);
  for (guint i = 0; i < cpus->len; i++) {
    const OcsCpu *cpu = g_ptr_array_index (cpus, i);
    g_autofree char *model = ocs_cpuinfo_model_name (cpu);
    if (cpu->mhz < 0 || ocs_cpuinfo_model_mhz (model) < 0)
      __builtin_trap ();
    (void)ocs_cpuinfo_vendor_name (cpu);
  }
  if (ocs_cpuinfo_model_mhz (text) < 0)
    __builtin_trap ();
  return 0;
}
