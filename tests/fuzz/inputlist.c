/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as the kernel's list of input devices and as CUPS' list of printers. No login may stay in a printer's address. */
#include "worker/inventory/inputlist.h"
#include "worker/inventory/cups.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GPtrArray) inputs = ocs_inputlist_parse (text, size % 2 == 0 ? 64 : 32);
  g_autoptr (GPtrArray) printers = ocs_cups_parse (text);

  for (guint i = 0; i < printers->len; i++) {
    const OcsPrinter *printer = printers->pdata[i];
    const char *host = printer->uri == NULL ? NULL : strstr (printer->uri, "://");

    if (*printer->name == '\0' || (host != NULL && memchr (host + 3, '@', strcspn (host + 3, "/?#")) != NULL))
      __builtin_trap ();
  }
  return inputs->len <= size ? 0 : -1;
}
