/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as printers.conf: no login is given out. */
#include "worker/inventory/cups.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GPtrArray) printers = ocs_cups_parse (text);
  for (guint i = 0; i < printers->len; i++) {
    const OcsPrinter *printer = g_ptr_array_index (printers, i);
    const char *host = printer->uri == NULL ? NULL : strstr (printer->uri, "://");
    if (printer->name == NULL || *printer->name == '\0')
      __builtin_trap ();
    if (host != NULL && memchr (host + 3, '@', strcspn (host + 3, "/?#")) != NULL)
      __builtin_trap ();
  }
  return 0;
}
