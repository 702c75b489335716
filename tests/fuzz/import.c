/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as another agent's configuration and state. */
#include "worker/core/import.h"
#include "worker/core/perlstate.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const char *bytes = (const char *)data;
  g_autoptr (GPtrArray) account = ocs_perlstate_account (bytes, size);
  g_autoptr (GPtrArray) history = ocs_perlstate_history (bytes, size);
  g_autoptr (GPtrArray) modules = ocs_perlstate_modules (bytes, size);
  g_autofree char *deviceid = ocs_perlstate_conf (bytes, size, "DEVICEID");

  if (account == NULL || history == NULL || modules == NULL || (deviceid != NULL && *deviceid == '\0'))
    __builtin_trap ();
  ocs_import_guess (bytes, size);
  for (guint kind = OCS_IMPORT_INI; kind <= OCS_IMPORT_ENVIRONMENT; kind++) {
    g_autoptr (OcsImport) import = ocs_import_parse (bytes, size, (OcsImportKind)kind);

    for (guint i = 0; i < import->values->len; i++) {
      const OcsAssign *assign = import->values->pdata[i];

      if (assign->key == NULL || (assign->value != NULL && !g_utf8_validate (assign->value, -1, NULL)))
        __builtin_trap ();
    }
  }
  return 0;
}
