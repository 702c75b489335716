/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as ocsinventory.ini: the file, the logins in it and what the settings make of them. */
#include "worker/core/settings.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (OcsIni) ini = ocs_ini_parse ((const char *)data, size, warnings);
  g_autoptr (OcsSettings) settings = ocs_settings_new (ini, "/folder");
  const GPtrArray *entries = ocs_ini_entries (ini);

  for (guint i = 0; i < entries->len; i++) {
    const OcsIniEntry *entry = entries->pdata[i];

    g_autofree char *expected = g_strdup_printf ("line %u", entry->line);
    g_autofree char *where = ocs_ini_where (ini, entry->section, entry->key);

    if (!g_utf8_validate (entry->value, -1, NULL) || g_strcmp0 (where, expected) != 0)
      __builtin_trap ();
  }
  if (warnings->len > 51 || (settings->server_user == NULL) != (settings->server_password == NULL)
      || (settings->proxy_kind == OCS_PROXY_NONE) != (settings->proxy_host == NULL))
    __builtin_trap ();
  for (guint i = 0; settings->warnings[i] != NULL; i++)
    if (strchr (settings->warnings[i], '\n') != NULL || !g_utf8_validate (settings->warnings[i], -1, NULL))
      __builtin_trap ();
  return 0;
}
