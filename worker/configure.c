/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-configure"
#include "worker/configure.h"
#include "ipc/error.h"
#include "worker/core/iniedit.h"
#include "worker/core/seal.h"
#include "worker/core/text.h"
#include "worker/core/vault.h"
#include "worker/io/durable.h"
#include "worker/io/inifiles.h"
#include "worker/io/machinekey.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define BOM "\xef\xbb\xbf"

typedef struct {
  const char *path; /* borrowed: by the caller, as state_dir */
  const char *state_dir;
  gboolean check;
  OcsMachineKey *key; /* owned, nullable until needed */
  OcsIni *before;     /* owned; with the drop-ins */
  char *text;         /* owned; may hold a login */
} Change;

void
ocs_configured_free (OcsConfigured *configured)
{
  if (configured == NULL)
    return;
  g_ptr_array_unref (configured->changed);
  g_ptr_array_unref (configured->warnings);
  g_free (configured);
}

static void
change_clear (Change *change)
{
  g_clear_pointer (&change->key, ocs_machinekey_free);
  g_clear_pointer (&change->before, ocs_ini_free);
  g_clear_pointer (&change->text, ocs_secret_free);
}

static OcsMachineKey *
machine_key (Change *change, GError **error)
{
  if (change->key == NULL)
    change->key = ocs_machinekey_load (change->state_dir, !change->check, error);
  return change->key;
}

/* What stands there says the same as value, and as safely. */
static gboolean
is_so (Change *change, const OcsAssign *assign, const char *stands)
{
  char *plain;
  gboolean same;

  if (assign->value == NULL || stands == NULL || *stands == '\0')
    return assign->value == NULL && (stands == NULL || *stands == '\0');
  if (assign->key->type != OCS_SETTINGS_SECRET)
    return g_str_equal (stands, assign->value);
  if (!ocs_seal_is_sealed (stands) || machine_key (change, NULL) == NULL)
    return FALSE;
  plain = ocs_seal_open (stands, assign->key->key, change->key->bytes, NULL);
  same = g_strcmp0 (plain, assign->value) == 0;
  ocs_secret_free (plain);
  return same;
}

/* As it will stand in the file; transfer full, NULL with an error. A check needs no key: what it seals is never written. */
static char *
stored_form (Change *change, const OcsAssign *assign, GError **error)
{
  guint8 nonce[OCS_SEAL_NONCE_SIZE];
  g_autoptr (GError) failure = NULL;
  guint8 iv[16] = {0};

  if (assign->key->type != OCS_SETTINGS_SECRET)
    return g_strdup (assign->value);
  if (machine_key (change, &failure) == NULL && change->check && failure == NULL)
    return ocs_vault_seal_windows (assign->value, iv);
  if (change->key == NULL) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  if (!ocs_machinekey_random (nonce, sizeof nonce)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "the kernel gives no random bytes");
    return NULL;
  }
  return ocs_seal_close (assign->value, assign->key->key, change->key->bytes, nonce);
}

static gboolean
apply (Change *change, const OcsAssign *assign, OcsConfigured *done, GError **error)
{
  const char *section = assign->key->section;
  const char *stands = ocs_ini_get (change->before, section, assign->key->key);
  const char *source = ocs_ini_source (change->before, section, assign->key->key);
  char *stored = NULL;
  char *text;

  if (is_so (change, assign, stands))
    return TRUE;
  if (source != NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_DENIED, "%s is set by %s, which counts before ocsinventory.ini: change it there",
                 assign->key->key, source);
    return FALSE;
  }
  if (assign->value != NULL && (stored = stored_form (change, assign, error)) == NULL)
    return FALSE;
  text = ocs_iniedit_set (change->text, section, assign->key->key, stored);
  ocs_secret_free (stored);
  ocs_secret_free (change->text);
  change->text = text;
  g_ptr_array_add (done->changed, g_strdup_printf ("[%s]%s", section, assign->key->key));
  return TRUE;
}

/* Behind "line 12: " or "NAME line 12: ", which another line may now have. */
static const char *
bare (const char *warning)
{
  const char *line = strstr (warning, "line ");
  const char *colon = line != NULL ? strstr (line, ": ") : NULL;

  return colon != NULL ? colon + 2 : warning;
}

static gboolean
has_warning (const OcsSetup *setup, const char *warning)
{
  for (guint i = 0; setup->settings->warnings[i] != NULL; i++)
    if (g_str_equal (bare (setup->settings->warnings[i]), bare (warning)))
      return TRUE;
  return FALSE;
}

static gboolean
takes_server_out (const GPtrArray *assigns)
{
  const OcsAssign *server = ocs_assigns_find (assigns, "Server");

  return server != NULL && server->value == NULL;
}

/* Reads the result by what will read it. */
static gboolean
test (Change *change, const OcsSetup *before, const GPtrArray *assigns, OcsConfigured *done, GError **error)
{
  g_autoptr (OcsSetup) after = ocs_setup_load_with (change->path, change->state_dir, change->text, strlen (change->text));
  g_autoptr (GError) problem = NULL;

  for (guint i = 0; after->settings->warnings[i] != NULL; i++)
    if (!has_warning (before, after->settings->warnings[i]))
      g_ptr_array_add (done->warnings, g_strdup (after->settings->warnings[i]));
  if (ocs_setup_check (after, &problem))
    return TRUE;
  if (!ocs_setup_check (before, NULL) || takes_server_out (assigns)) {
    g_ptr_array_add (done->warnings, g_strdup (problem->message));
    return TRUE;
  }
  g_set_error (error, OCS_ERROR, problem->code, "nothing is changed, as the server could not be reached then: %s", problem->message);
  return FALSE;
}

static gboolean
save (const Change *change, gboolean mark, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (change->path);
  char *text = g_strconcat (mark ? BOM : "", change->text, NULL);
  gboolean saved;

  /* Where the folder of it cannot be made, writing says so. */
  g_mkdir_with_parents (folder, 0755);
  saved = ocs_durable_write_path (change->path, text, error);
  ocs_secret_free (text);
  return saved;
}

/* FALSE where there is a file that cannot be read. */
static gboolean
load (Change *change, gboolean *mark, GError **error)
{
  char *bytes = NULL;
  gsize length = 0;
  g_autoptr (GError) failure = NULL;

  if (!g_file_get_contents (change->path, &bytes, &length, &failure) && !g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_DENIED, "nothing is changed, as what stands there cannot be read: %s", failure->message);
    return FALSE;
  }
  *mark = bytes != NULL && g_str_has_prefix (bytes, BOM);
  change->text = ocs_text_from_file (bytes != NULL ? bytes : "", length);
  ocs_secret_free (bytes);
  change->before = ocs_inifiles_load_with (change->path, change->text, strlen (change->text));
  return TRUE;
}

static gboolean
apply_all (Change *change, const GPtrArray *assigns, OcsConfigured *done, GError **error)
{
  for (guint i = 0; i < assigns->len; i++)
    if (!apply (change, assigns->pdata[i], done, error))
      return FALSE;
  return TRUE;
}

static gboolean
run (Change *change, const GPtrArray *assigns, OcsConfigured *done, GError **error)
{
  g_autoptr (OcsSetup) before = NULL;
  gboolean mark = FALSE;

  if (!load (change, &mark, error))
    return FALSE;
  before = ocs_setup_load_with (change->path, change->state_dir, change->text, strlen (change->text));
  if (!apply_all (change, assigns, done, error))
    return FALSE;
  if (done->changed->len == 0)
    return TRUE;
  return test (change, before, assigns, done, error) && (change->check || save (change, mark, error));
}

static OcsConfigured *
configured_new (void)
{
  OcsConfigured *done = g_new0 (OcsConfigured, 1);

  done->changed = g_ptr_array_new_with_free_func (g_free);
  done->warnings = g_ptr_array_new_with_free_func (g_free);
  return done;
}

OcsConfigured *
ocs_configure (const char *path, const char *state_dir, const GPtrArray *assigns, gboolean check, GError **error)
{
  OcsConfigured *done = configured_new ();
  char *target = realpath (path, NULL);
  Change change = {.path = target != NULL ? target : path, .state_dir = state_dir, .check = check};

  if (!run (&change, assigns, done, error))
    g_clear_pointer (&done, ocs_configured_free);
  change_clear (&change);
  free (target);
  return done;
}

OcsSetup *
ocs_configure_draft (const char *path, const char *state_dir, const GPtrArray *assigns, GError **error)
{
  g_autoptr (OcsConfigured) done = configured_new ();
  char *target = realpath (path, NULL);
  Change change = {.path = target != NULL ? target : path, .state_dir = state_dir, .check = TRUE};
  OcsSetup *setup = NULL;
  gboolean mark = FALSE;

  if (load (&change, &mark, error) && apply_all (&change, assigns, done, error))
    setup = ocs_setup_load_with (change.path, state_dir, change.text, strlen (change.text));
  change_clear (&change);
  free (target);
  return setup;
}
