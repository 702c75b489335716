/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as resolv.conf. */
#include "worker/courier/wpad.h"
#include "worker/core/url.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) urls = ocs_wpad_urls (text);

  if (g_strv_length (urls) > OCS_WPAD_MAX)
    __builtin_trap ();
  for (guint i = 0; urls[i] != NULL; i++) {
    g_autoptr (OcsUrl) url = ocs_url_parse (urls[i], NULL);

    if (url == NULL || !g_str_has_prefix (url->host, "wpad.") || url->port != 80)
      __builtin_trap ();
  }
  return 0;
}
