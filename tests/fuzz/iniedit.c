/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any text as the file that is changed: what was set is what is read, all else reads as before, and setting it again changes nothing. */
#include "worker/core/iniedit.h"
#include "worker/core/ini.h"
#include "worker/core/text.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = ocs_text_from_file ((const char *)data, size);
  g_autofree char *set = ocs_iniedit_set (text, "HTTP", "Server", "a value");
  g_autofree char *again = ocs_iniedit_set (set, "HTTP", "Server", "a value");
  g_autofree char *gone = ocs_iniedit_set (set, "HTTP", "Server", NULL);
  g_autoptr (OcsIni) before = ocs_ini_parse (text, strlen (text), NULL);
  g_autoptr (OcsIni) after = ocs_ini_parse (set, strlen (set), NULL);
  g_autoptr (OcsIni) without = ocs_ini_parse (gone, strlen (gone), NULL);
  const GPtrArray *entries = ocs_ini_entries (before);

  if (g_strcmp0 (ocs_ini_get (after, "HTTP", "Server"), "a value") != 0 || !g_str_equal (set, again)
      || ocs_ini_get (without, "HTTP", "Server") != NULL)
    __builtin_trap ();
  for (guint i = 0; i < entries->len; i++) {
    const OcsIniEntry *entry = entries->pdata[i];

    if (g_ascii_strcasecmp (entry->section, "HTTP") == 0 && g_ascii_strcasecmp (entry->key, "Server") == 0)
      continue;
    if (g_strcmp0 (ocs_ini_get (after, entry->section, entry->key), entry->value) != 0
        || g_strcmp0 (ocs_ini_get (without, entry->section, entry->key), entry->value) != 0)
      __builtin_trap ();
  }
  return 0;
}
