/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-offline"
#include "worker/offline.h"
#include "ipc/error.h"
#include "worker/configure.h"
#include "worker/core/import.h"
#include "worker/core/vault.h"
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
