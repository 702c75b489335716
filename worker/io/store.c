/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-store"
#include "worker/io/store.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/result.h"
#include "worker/io/durable.h"
#include "worker/io/tree.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCK_TRIES 50
#define LOCK_PAUSE_US 20000

struct _OcsStore {
  char *folder; /* owned */
  int lock;
};

static gboolean
make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;
  ocs_durable_set_error (error, errno, "cannot make the folder %s", path);
  return FALSE;
}

/* A child of a worker that was killed holds the lock too until it has begun its program: that is waited for, another worker is not. */
static gboolean
lock_it (int fd)
{
  for (guint i = 0; flock (fd, LOCK_EX | LOCK_NB) != 0; i++) {
    if (errno != EWOULDBLOCK || i >= LOCK_TRIES)
      return FALSE;
    g_usleep (LOCK_PAUSE_US);
  }
  return TRUE;
}

OcsStore *
ocs_store_open (const char *folder, GError **error)
{
  g_autoptr (OcsStore) store = g_new0 (OcsStore, 1);
  g_autofree char *packages = g_build_filename (folder, "packages", NULL);
  g_autofree char *lock = g_build_filename (folder, "lock", NULL);

  store->folder = g_strdup (folder);
  store->lock = -1;
  if (!make_folder (packages, error))
    return NULL;
  store->lock = open (lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (store->lock < 0) {
    ocs_durable_set_error (error, errno, "cannot open %s", lock);
    return NULL;
  }
  if (!lock_it (store->lock)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BUSY, "another worker has %s: end it first or choose another --state-dir", folder);
    return NULL;
  }
  return g_steal_pointer (&store);
}

void
ocs_store_close (OcsStore *store)
{
  if (store == NULL)
    return;
  if (store->lock >= 0)
    close (store->lock);
  g_free (store->folder);
  g_free (store);
}

const char *
ocs_store_folder (OcsStore *store)
{
  return store->folder;
}

void
ocs_store_set_aside (OcsStore *store, const char *name, const char *why)
{
  g_autofree char *path = g_build_filename (store->folder, name, NULL);
  g_autofree char *aside = g_strconcat (path, ".broken", NULL);

  if (g_rename (path, aside) == 0)
    g_warning ("%s is of no use (%s): kept as %s", path, why, aside);
}

JsonObject *
ocs_store_read (OcsStore *store, const char *name)
{
  g_autofree char *path = g_build_filename (store->folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  JsonObject *object;

  if (!g_file_get_contents (path, &text, &length, &error)) {
    if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      g_warning ("cannot read %s: %s", path, error->message);
    return NULL;
  }
  object = ocs_json_parse (text, length, &error);
  if (object == NULL)
    ocs_store_set_aside (store, name, error->message);
  return object;
}

gboolean
ocs_store_write (OcsStore *store, const char *name, JsonObject *object, GError **error)
{
  g_autofree char *path = g_build_filename (store->folder, name, NULL);
  g_autofree char *text = ocs_json_write (object);

  return ocs_durable_write_path (path, text, error);
}

GPtrArray *
ocs_store_history (OcsStore *store, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = g_build_filename (store->folder, "history", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) local = NULL;

  if (!g_file_get_contents (path, &text, NULL, &local)) {
    if (g_error_matches (local, G_FILE_ERROR, G_FILE_ERROR_NOENT))
      return g_steal_pointer (&ids);
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "%s: mend the disk or its mode, or no package is taken: it may have run before",
                 local->message);
    return NULL;
  }
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    g_strstrip (lines[i]);
    if (lines[i][0] != '\0' && !g_ptr_array_find_with_equal_func (ids, lines[i], g_str_equal, NULL))
      g_ptr_array_add (ids, g_strdup (lines[i]));
  }
  return g_steal_pointer (&ids);
}

gboolean
ocs_store_remember_all (OcsStore *store, const GPtrArray *more, GError **error)
{
  g_autoptr (GPtrArray) ids = ocs_store_history (store, error);
  g_autofree char *path = g_build_filename (store->folder, "history", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  guint known = ids != NULL ? ids->len : 0;

  if (ids == NULL)
    return FALSE;
  for (guint i = 0; i < more->len; i++)
    if (!g_ptr_array_find_with_equal_func (ids, more->pdata[i], g_str_equal, NULL))
      g_ptr_array_add (ids, g_strdup (more->pdata[i]));
  if (ids->len == known)
    return TRUE;
  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (text, "%s\n", (const char *)ids->pdata[i]);
  return ocs_durable_write_path (path, text->str, error);
}

gboolean
ocs_store_remember (OcsStore *store, const char *id, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();

  g_ptr_array_add (ids, (gpointer)id);
  return ocs_store_remember_all (store, ids, error);
}

char *
ocs_store_package_path (OcsStore *store, const char *id, const char *file)
{
  return g_build_filename (store->folder, "packages", id, file, NULL);
}

char *
ocs_store_fragment_path (OcsStore *store, const char *id, gint64 fragment)
{
  g_autofree char *file = g_strdup_printf ("%s-%" G_GINT64_FORMAT, id, fragment);

  return ocs_store_package_path (store, id, file);
}

char *
ocs_store_package_output (OcsStore *store, const char *id, gsize limit)
{
  g_autofree char *path = ocs_store_package_path (store, id, "output");
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, NULL))
    return NULL;
  return g_utf8_make_valid (text, (gssize)MIN (length, limit));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
ocs_store_packages (OcsStore *store)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = g_build_filename (store->folder, "packages", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (strspn (name, "0123456789") == strlen (name))
      g_ptr_array_add (ids, g_strdup (name));
  g_ptr_array_sort (ids, compare_names);
  return ids;
}

gboolean
ocs_store_make_package (OcsStore *store, const char *id, GError **error)
{
  g_autofree char *path = ocs_store_package_path (store, id, NULL);

  return make_folder (path, error);
}

/* The number in ID-N; 0 for a part of one and for any other file. */
static gint64
fragment_number (const char *name, const char *id)
{
  gsize skip = strlen (id) + 1;
  guint64 number = 0;

  if (!g_str_has_prefix (name, id) || name[skip - 1] != '-')
    return 0;
  return g_ascii_string_to_unsigned (name + skip, 10, 1, G_MAXINT32, &number, NULL) ? (gint64)number : 0;
}

GArray *
ocs_store_fragments (OcsStore *store, const char *id)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree char *path = ocs_store_package_path (store, id, NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    gint64 number = fragment_number (name, id);

    if (number > 0)
      g_array_append_val (numbers, number);
  }
  return numbers;
}

/* Removes what keep does not want to keep, and syncs the folder. */
static gboolean
sweep (OcsStore *store, const char *id, gboolean (*keep) (const char *name, const char *id), GError **error)
{
  g_autofree char *path = ocs_store_package_path (store, id, NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  if (folder == NULL)
    return TRUE;
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);

    if (!keep (name, id) && !ocs_tree_remove_path (file, error))
      return FALSE;
  }
  return ocs_durable_sync_folder (path, error);
}

GHashTable *
ocs_store_healed (OcsStore *store, const char *id)
{
  GHashTable *healed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GArray) numbers = ocs_store_fragments (store, id);

  for (guint i = 0; i < numbers->len; i++) {
    gint64 number = g_array_index (numbers, gint64, i);
    g_autofree char *name = g_strdup_printf ("%s-%" G_GINT64_FORMAT ".sums", id, number);
    g_autofree char *path = ocs_store_package_path (store, id, name);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      g_hash_table_add (healed, g_memdup2 (&number, sizeof number));
  }
  return healed;
}

static gboolean
is_no_leftover (const char *name, const char *id)
{
  return !g_str_has_suffix (name, ".part") && !g_str_has_suffix (name, ".validator") && !g_str_has_suffix (name, ".sums");
}

static gboolean
is_record (const char *name, const char *id)
{
  return g_str_equal (name, "state.json") || g_str_equal (name, "output");
}

static gboolean
is_no_result (const char *name, const char *id)
{
  return !g_str_equal (name, OCS_RESULT_FILE);
}

gboolean
ocs_store_drop_result (OcsStore *store, const char *id, GError **error)
{
  return sweep (store, id, is_no_result, error);
}

gboolean
ocs_store_begin_pass (OcsStore *store, const char *id, GError **error)
{
  return sweep (store, id, is_no_leftover, error);
}

gboolean
ocs_store_clean_package (OcsStore *store, const char *id, GError **error)
{
  return sweep (store, id, is_record, error);
}

gboolean
ocs_store_remove_package (OcsStore *store, const char *id, GError **error)
{
  g_autofree char *path = ocs_store_package_path (store, id, NULL);
  g_autofree char *packages = g_build_filename (store->folder, "packages", NULL);

  return ocs_tree_remove_path (path, error) && ocs_durable_sync_folder (packages, error);
}

void
ocs_store_sweep_package (OcsStore *store, const char *id)
{
  g_autofree char *path = ocs_store_package_path (store, id, "state.json");
  g_autofree char *broken = g_strconcat (path, ".broken", NULL);
  g_autoptr (GError) error = NULL;

  if (g_access (path, F_OK) == 0 || errno != ENOENT || g_access (broken, F_OK) == 0)
    return;
  if (!ocs_store_remove_package (store, id, &error))
    g_warning ("%s", error->message);
}

gboolean
ocs_store_forget_machine (OcsStore *store, GError **error)
{
  static const char *const names[] = {"account.json",  "accepted.json",   "schedule.json", "counters.json",
                                      "contacts.json", OCS_STORE_OUTLINE, "tag.json",      "packages"};
  g_autofree char *packages = g_build_filename (store->folder, "packages", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (store->folder, names[i], NULL);

    if (!ocs_tree_remove_path (path, error))
      return FALSE;
  }
  return make_folder (packages, error) && ocs_durable_sync_folder (store->folder, error);
}
