/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as os-release or a state of logind. */
#include "worker/inventory/keyvalue.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const keys[] = {"ID", "NAME", "PRETTY_NAME", "USER", ""};
  g_autofree char *text = g_strndup ((const char *)data, size);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *value = ocs_keyvalue_get (text, keys[i]);
    if (value != NULL && *value == '\0')
      __builtin_trap ();
  }
  return 0;
}
