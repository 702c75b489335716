/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-takeover"
#include "worker/takeover.h"
#include "worker/configure.h"
#include "worker/core/identity.h"
#include "worker/core/import.h"
#include "worker/core/pair.h"
#include "worker/core/perlstate.h"
#include "worker/core/url.h"
#include "worker/core/vault.h"
#include "worker/io/clock.h"
#include "worker/io/durable.h"
#include "worker/io/inifiles.h"
#include "worker/ledger.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define BASE "/var/lib/ocsinventory-agent"
#define CACERT "cacert.pem"
#define FILE_MAX (1024 * 1024)

/* UnixAgent Config.pm; the one in somebody's home folder is of another user. */
static const char *const folders[] = {"/etc/ocsinventory", "/usr/local/etc/ocsinventory", "/etc/ocsinventory-agent"};

typedef struct {
  OcsStore *store; /* borrowed: by the caller, as config and root */
  const char *config;
  const char *root;
  OcsTakeover *result;
  char *etc;         /* owned, nullable; the folder below root that has the configuration */
  OcsImport *import; /* owned */
  char *state;       /* owned, nullable; the Perl agent's folder for its server, below root */
} Job;

void
ocs_takeover_free (OcsTakeover *takeover)
{
  if (takeover == NULL)
    return;
  g_free (takeover->deviceid);
  g_ptr_array_unref (takeover->notes);
  g_free (takeover);
}

static void
job_clear (Job *job)
{
  g_free (job->etc);
  g_free (job->state);
  ocs_import_free (job->import);
}

static void G_GNUC_PRINTF (2, 3) note (Job *job, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (job->result->notes, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

/* NULL where it is not there, or is more than can be meant. */
static char *
read_file (const char *folder, const char *name, gsize *length)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  if (!g_file_get_contents (path, &text, length, NULL))
    return NULL;
  if (*length <= FILE_MAX)
    return text;
  ocs_secret_free (text);
  return NULL;
}

static void
read_configuration (Job *job)
{
  gsize length = 0;
  char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (folders) && text == NULL; i++) {
    g_autofree char *folder = g_build_filename (job->root, folders[i], NULL);

    text = read_file (folder, "ocsinventory-agent.cfg", &length);
    if (text != NULL)
      job->etc = g_steal_pointer (&folder);
  }
  job->import = ocs_import_parse (text != NULL ? text : "", length, OCS_IMPORT_PERL);
  ocs_secret_free (text);
}

/* When the folder's machine was last known to a server: last_state is written after each inventory. 0 where it is no such folder. */
static gint64
age_of (const char *folder)
{
  g_autofree char *conf = g_build_filename (folder, "ocsinv.conf", NULL);
  g_autofree char *last = g_build_filename (folder, "last_state", NULL);
  GStatBuf info;

  if (g_stat (conf, &info) != 0)
    return 0;
  /* One that no server ever knew comes after all others. */
  return g_stat (last, &info) == 0 ? MAX (2, (gint64)info.st_mtime) : 1;
}

/* The one of its server; where that is not said (Debian starts it with an option), the one that was used last. */
static void
find_state (Job *job)
{
  g_autofree char *base = g_build_filename (job->root, job->import->base != NULL ? job->import->base : BASE, NULL);
  g_autofree char *wanted = job->import->server != NULL ? ocs_perlstate_folder (job->import->server) : NULL;
  g_autoptr (GDir) open = g_dir_open (base, 0, NULL);
  gint64 newest = 0;
  const char *name;

  while (open != NULL && (name = g_dir_read_name (open)) != NULL) {
    g_autofree char *folder = g_build_filename (base, name, NULL);
    gint64 age = age_of (folder);

    if (age > 0 && g_strcmp0 (name, wanted) == 0)
      age = G_MAXINT64;
    if (age <= newest)
      continue;
    newest = age;
    g_free (job->state);
    job->state = g_steal_pointer (&folder);
  }
}

/* Another agent may be at work still: it was started by cron, or by hand. */
static void
look_for_download (Job *job)
{
  g_autofree char *path = g_build_filename (job->state, "download", "lock", NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd < 0)
    return;
  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    note (job, "the Perl agent is downloading or running a package right now (%s is locked): end it", path);
  close (fd);
}

/* What has run and is not reported is in no list yet where a crash came between. */
static void
add_done (const char *folder, GPtrArray *ids)
{
  g_autoptr (GDir) open = g_dir_open (folder, 0, NULL);
  const char *name;

  while (open != NULL && (name = g_dir_read_name (open)) != NULL) {
    g_autofree char *done = g_build_filename (folder, name, "done", NULL);

    if (ocs_url_id_is_valid (name) && g_file_test (done, G_FILE_TEST_EXISTS)
        && !g_ptr_array_find_with_equal_func (ids, name, g_str_equal, NULL))
      g_ptr_array_add (ids, g_strdup (name));
  }
}

static gboolean
take_history (Job *job, GError **error)
{
  g_autofree char *folder = g_build_filename (job->state, "download", NULL);
  gsize length = 0;
  g_autofree char *text = read_file (folder, "history", &length);
  g_autoptr (GPtrArray) ids = ocs_perlstate_history (text != NULL ? text : "", length);

  look_for_download (job);
  add_done (folder, ids);
  job->result->packages = ids->len;
  if (ids->len > 0)
    note (job, "%u packages that the Perl agent has run are not run again", ids->len);
  return ids->len == 0 || ocs_store_remember_all (job->store, ids, error);
}

static gboolean
take_account (Job *job, GError **error)
{
  gsize length = 0;
  g_autofree char *text = read_file (job->state, "ocsinv.adm", &length);
  g_autoptr (GPtrArray) pairs = ocs_perlstate_account (text != NULL ? text : "", length);

  if (pairs->len == 0)
    return TRUE;
  note (job, "%u values of account information (TAG …) are kept", pairs->len);
  return ocs_ledger_write_account (job->store, pairs, error);
}

static gboolean
take_identity (Job *job, GError **error)
{
  gsize length = 0;
  g_autofree char *text = read_file (job->state, "ocsinv.conf", &length);
  g_autofree char *deviceid = ocs_perlstate_conf (text != NULL ? text : "", length, "DEVICEID");
  g_autofree char *host = ocs_clock_host_name ();
  OcsIdentity identity = {.deviceid = deviceid, .made = ocs_clock_now ()};

  if (deviceid == NULL)
    return TRUE;
  if (!ocs_perlstate_is_ours (deviceid, host)) {
    note (job,
          "DEVICEID %s of the Perl agent is not kept, as this host is %s: it was renamed, or its disk copied. Where it was renamed and "
          "is to keep its row, set DEVICEID=",
          deviceid, host);
    return TRUE;
  }
  if (!take_account (job, error) || !ocs_ledger_write_identity (job->store, &identity, error))
    return FALSE;
  note (job, "DEVICEID %s is kept: the machine stays the same at the server", deviceid);
  job->result->deviceid = g_steal_pointer (&deviceid);
  return TRUE;
}

static gboolean
is_configured (const char *config)
{
  g_autofree char *unreadable = NULL;

  ocs_ini_free (ocs_inifiles_load (config, &unreadable));
  return unreadable == NULL || g_file_test (config, G_FILE_TEST_EXISTS);
}

/* Certificates that lie in the Perl agent's folders would go with it. */
static void
take_certificates (Job *job, GPtrArray *values)
{
  const OcsAssign *set = ocs_assigns_find (values, "CaBundle");
  g_autofree char *folder = g_path_get_dirname (job->config);
  g_autofree char *target = g_build_filename (folder, CACERT, NULL);
  g_autofree char *given = set != NULL ? g_build_filename (job->root, set->value, NULL) : NULL;
  g_autofree char *own = job->state != NULL ? g_build_filename (job->state, CACERT, NULL) : NULL;
  g_autofree char *common = job->etc != NULL ? g_build_filename (job->etc, "ocsinventory-agent-cacert.pem", NULL) : NULL;
  const char *places[] = {given, own, common};
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++) {
    gsize length = 0;
    g_autofree char *text = NULL;

    if (places[i] == NULL || !g_file_get_contents (places[i], &text, &length, NULL) || length > FILE_MAX || strlen (text) != length)
      continue;
    if (!g_file_test (target, G_FILE_TEST_EXISTS)) {
      g_mkdir_with_parents (folder, 0755);
      if (!ocs_durable_write_path (target, text, &error)) {
        note (job, "%s", error->message);
        return;
      }
      note (job, "the certificates of %s are copied to %s", places[i], target);
      if (set != NULL)
        g_ptr_array_remove (values, (gpointer)set);
    }
    return;
  }
}

static void
take_configuration (Job *job)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsConfigured) done = NULL;

  if (is_configured (job->config)) {
    note (job, "%s is there and stays as it is", job->config);
    return;
  }
  for (guint i = 0; i < job->import->warnings->len; i++)
    note (job, "ocsinventory-agent.cfg %s", (const char *)job->import->warnings->pdata[i]);
  for (guint i = 0; i < job->import->left_out->len; i++)
    note (job, "not taken over: %s", (const char *)job->import->left_out->pdata[i]);
  take_certificates (job, job->import->values);
  if (job->import->values->len == 0) {
    note (job, "the Perl agent has no server set: 'ocsctl configure SERVER=…' sets one");
    return;
  }
  done = ocs_configure (job->config, ocs_store_folder (job->store), job->import->values, FALSE, &error);
  if (done == NULL) {
    note (job, "its configuration is not taken over: %s", error->message);
    return;
  }
  note (job, "%s is written with %u of its settings", job->config, done->changed->len);
  for (guint i = 0; i < done->warnings->len; i++)
    note (job, "%s", (const char *)done->warnings->pdata[i]);
}

/* Code that somebody wrote for the Perl agent. */
static void
list_modules (Job *job)
{
  gsize length = 0;
  g_autofree char *text = job->etc != NULL ? read_file (job->etc, "modules.conf", &length) : NULL;
  g_autoptr (GPtrArray) modules = ocs_perlstate_modules (text != NULL ? text : "", length);
  g_autofree char *scripts = job->etc != NULL ? g_build_filename (job->etc, "softwares", NULL) : NULL;
  g_autoptr (GDir) open = scripts != NULL ? g_dir_open (scripts, 0, NULL) : NULL;
  const char *name;

  for (guint i = 0; i < modules->len; i++)
    note (job, "not taken over: the Perl module %s", (const char *)modules->pdata[i]);
  while (open != NULL && (name = g_dir_read_name (open)) != NULL)
    note (job, "not taken over: the script %s/%s, which adds software to the inventory", scripts, name);
}

OcsTakeover *
ocs_takeover (OcsStore *store, const char *config, const char *root, GError **error)
{
  g_autoptr (OcsTakeover) result = g_new0 (OcsTakeover, 1);
  g_autoptr (JsonObject) identity = ocs_store_read (store, "identity.json");
  g_autofree char *path = g_build_filename (ocs_store_folder (store), "identity.json", NULL);
  GStatBuf info;
  Job job = {.store = store, .config = config, .root = root, .result = result};
  gboolean done = TRUE;

  result->notes = g_ptr_array_new_with_free_func (g_free);
  /* One that cannot be read is one too. */
  if (identity != NULL || g_lstat (path, &info) == 0)
    return g_steal_pointer (&result);
  read_configuration (&job);
  find_state (&job);
  if (job.etc != NULL || job.state != NULL) {
    take_configuration (&job);
    list_modules (&job);
    done = job.state == NULL || (take_history (&job, error) && take_identity (&job, error));
  }
  job_clear (&job);
  return done ? g_steal_pointer (&result) : NULL;
}
