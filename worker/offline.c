/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-offline"
#include "worker/offline.h"
#include "ipc/error.h"
#include "worker/configure.h"
#include "worker/core/import.h"
#include "worker/core/iniedit.h"
#include "worker/core/seal.h"
#include "worker/core/text.h"
#include "worker/core/vault.h"
#include "worker/io/machinekey.h"
#include "worker/takeover.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SECRETS_MAX 8192
#define FILE_MAX (1024 * 1024)

static int
fail (const GError *error)
{
  g_printerr ("ocs-worker: %s\n", error->message);
  return 1;
}

static void
print_lines (const char *start, const GPtrArray *lines)
{
  for (guint i = 0; i < lines->len; i++)
    printf ("%s%s\n", start, (const char *)lines->pdata[i]);
}

static int
apply (const OcsOffline *offline, const GPtrArray *assigns)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsConfigured) done = ocs_configure (offline->config, offline->state_dir, assigns, offline->check, &error);

  if (done == NULL)
    return fail (error);
  print_lines (offline->check ? "would change: " : "changed: ", done->changed);
  for (guint i = 0; i < done->warnings->len; i++)
    g_printerr ("ocs-worker: %s\n", (const char *)done->warnings->pdata[i]);
  return 0;
}

/* One KEY=VALUE; secret: it came by a descriptor. */
static gboolean
add (GPtrArray *assigns, const char *text, gboolean secret, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *name = g_strndup (text, equals != NULL ? (gsize)(equals - text) : strlen (text));
  OcsAssign *assign = equals != NULL ? ocs_assign_new (name, equals + 1, error) : NULL;

  if (assign == NULL) {
    if (error != NULL && *error == NULL)
      g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%.60s is not KEY=VALUE", name);
    return FALSE;
  }
  g_ptr_array_add (assigns, assign);
  if (secret || assign->value == NULL || assign->key->type != OCS_SETTINGS_SECRET || !g_str_has_suffix (assign->key->key, "Pwd"))
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA,
               "%s on a command line is seen by everybody on this machine: give it by --secret-fd", assign->key->key);
  return FALSE;
}

static gboolean
add_secrets (GPtrArray *assigns, int fd, GError **error)
{
  char *text = g_malloc0 (SECRETS_MAX + 1);
  gboolean good = TRUE;
  gsize length = 0;
  ssize_t got = 1;

  while (length < SECRETS_MAX && (got = read (fd, text + length, SECRETS_MAX - length)) > 0)
    length += (gsize)got;
  if (got != 0) {
    good = FALSE;
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "descriptor %d cannot be read, or holds too much: give KEY=VALUE lines by it",
                 fd);
  }
  for (char *line = text; good && *line != '\0';) {
    gsize end = strcspn (line, "\n");
    gboolean last = line[end] == '\0';

    line[end] = '\0';
    good = *g_strstrip (line) == '\0' || add (assigns, line, TRUE, error);
    line += last ? end : end + 1;
  }
  memset (text, 0, SECRETS_MAX);
  g_free (text);
  return good;
}

int
ocs_offline_configure (const OcsOffline *offline, char **arguments)
{
  g_autoptr (GPtrArray) assigns = ocs_assigns_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; arguments != NULL && arguments[i] != NULL; i++)
    if (!add (assigns, arguments[i], FALSE, &error))
      return fail (error);
  if (offline->secret_fd >= 0 && !add_secrets (assigns, offline->secret_fd, &error))
    return fail (error);
  ocs_assigns_complete (assigns);
  return apply (offline, assigns);
}

int
ocs_offline_import (const OcsOffline *offline, const char *file)
{
  g_autoptr (OcsImport) import = NULL;
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (file, &text, &length, &error) || length > FILE_MAX) {
    g_printerr ("ocs-worker: %s\n", error != NULL ? error->message : "that file is too large for a configuration");
    ocs_secret_free (text);
    return 1;
  }
  import = ocs_import_parse (text, length, ocs_import_guess (text, length));
  ocs_secret_free (text);
  print_lines ("note: ", import->warnings);
  print_lines ("left out: ", import->left_out);
  return apply (offline, import->values);
}

int
ocs_offline_take_over (const OcsOffline *offline)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsStore) store = ocs_store_open (offline->state_dir, &error);
  g_autoptr (OcsTakeover) done = store != NULL ? ocs_takeover (store, offline->config, offline->root, &error) : NULL;

  if (done == NULL)
    return fail (error);
  print_lines ("", done->notes);
  return 0;
}

/* The login that stands at key as the Windows agent reads it; *text is replaced. */
static gboolean
open_for_windows (char **text, const OcsSettingsKey *key, const char *stored, const OcsMachineKey *machine_key, GError **error)
{
  guint8 iv[16];
  g_autofree char *form = NULL;
  char *changed;
  char *plain = ocs_seal_is_sealed (stored) ? ocs_seal_open (stored, key->key, machine_key != NULL ? machine_key->bytes : NULL, error)
                                            : ocs_vault_open_windows (stored, error);
  gboolean good = plain != NULL && ocs_vault_is_readable_on_windows (plain) && ocs_machinekey_random (iv, sizeof iv);

  if (plain == NULL)
    g_prefix_error (error, "%s ", key->key);
  else if (!good)
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED,
                 "%s is of a length (31 to 46 or 79 to 94 bytes) or has characters that the Windows agent cannot read: choose another",
                 key->key);
  else
    form = ocs_vault_seal_windows (plain, iv);
  ocs_secret_free (plain);
  if (!good)
    return FALSE;
  changed = ocs_iniedit_set (*text, key->section, key->key, form);
  ocs_secret_free (*text);
  *text = changed;
  return TRUE;
}

int
ocs_offline_print_windows (const OcsOffline *offline)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsMachineKey) key = ocs_machinekey_load (offline->state_dir, FALSE, &error);
  g_autoptr (OcsIni) ini = NULL;
  char *bytes = NULL;
  char *text;
  gsize length = 0;

  if (error != NULL || !g_file_get_contents (offline->config, &bytes, &length, &error))
    return fail (error);
  text = ocs_text_from_file (bytes, length);
  ocs_secret_free (bytes);
  ini = ocs_ini_parse (text, strlen (text), NULL);
  for (const OcsSettingsKey *each = ocs_settings_keys (); each->section != NULL && error == NULL; each++) {
    const char *stored = each->type == OCS_SETTINGS_SECRET ? ocs_ini_get (ini, each->section, each->key) : NULL;

    if (stored != NULL && *stored != '\0')
      (void)!open_for_windows (&text, each, stored, key, &error);
  }
  if (error == NULL)
    fputs (text, stdout);
  ocs_secret_free (text);
  return error == NULL ? 0 : fail (error);
}
