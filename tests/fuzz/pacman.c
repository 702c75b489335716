/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the description of a package of pacman. */
#include "worker/inventory/pacman.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const keys[] = {"NAME", "VERSION", "SIZE", "INSTALLDATE", ""};
  g_autofree char *text = g_strndup ((const char *)data, size);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autofree char *value = ocs_pacman_get (text, keys[i]);
    if (value != NULL && (*value == '\0' || strchr (value, '\n') != NULL))
      __builtin_trap ();
  }
  return 0;
}
