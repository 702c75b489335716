/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/io/durable.h"
#include "worker/io/store.h"
#include "worker/io/tree.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  char *folder;
  OcsStore *store;
} Case;

static void
set_up (Case *c, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *base = g_dir_make_tmp ("ocs-store-XXXXXX", &error);

  c->folder = g_build_filename (base, "state", NULL);
  c->store = ocs_store_open (c->folder, &error);
  g_assert_no_error (error);
}

static void
tear_down (Case *c, gconstpointer data)
{
  g_autofree char *base = g_path_get_dirname (c->folder);

  ocs_store_close (c->store);
  g_assert_true (ocs_tree_remove_path (base, NULL));
  g_assert_false (g_file_test (base, G_FILE_TEST_EXISTS));
  g_free (c->folder);
}

static void
put (Case *c, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (c->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static gboolean
is_there (Case *c, const char *name)
{
  g_autofree char *path = g_build_filename (c->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_one_owner (Case *c, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsStore) second = ocs_store_open (c->folder, &error);
  struct stat info;

  g_assert_null (second);
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BUSY);
  g_assert_cmpint (stat (c->folder, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

static void
test_write_and_read (Case *c, gconstpointer data)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonObject) back = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (ocs_store_read (c->store, "x.json"));
  json_object_set_int_member (object, "n", 7);
  g_assert_true (ocs_store_write (c->store, "x.json", object, &error));
  back = ocs_store_read (c->store, "x.json");
  g_assert_cmpint (ocs_json_int (back, "n", 0), ==, 7);
  g_assert_false (is_there (c, "x.json.new"));
}

static void
test_broken_is_kept (Case *c, gconstpointer data)
{
  put (c, "x.json", "{\"half\": ");
  g_test_expect_message ("ocs-store", G_LOG_LEVEL_WARNING, "*kept as*x.json.broken*");
  g_assert_null (ocs_store_read (c->store, "x.json"));
  g_test_assert_expected_messages ();
  g_assert_true (is_there (c, "x.json.broken"));
  g_assert_false (is_there (c, "x.json"));
}

static void
test_history (Case *c, gconstpointer data)
{
  g_autofree char *path = g_build_filename (ocs_store_folder (c->store), "history", NULL);
  g_autofree char *aside = g_strconcat (path, ".aside", NULL);
  g_autoptr (GError) unreadable = NULL;
  g_autoptr (GPtrArray) ids = NULL;

  g_assert_true (ocs_store_remember (c->store, "1700000002", NULL));
  g_assert_true (ocs_store_remember (c->store, "1700000001", NULL));
  g_assert_true (ocs_store_remember (c->store, "1700000002", NULL));
  ids = ocs_store_history (c->store, NULL);
  g_assert_cmpuint (ids->len, ==, 2);
  g_assert_cmpstr (ids->pdata[0], ==, "1700000002");
  /* A disk that does not give it out is no machine that never ran anything. */
  g_assert_cmpint (g_rename (path, aside), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_null (ocs_store_history (c->store, &unreadable));
  g_assert_error (unreadable, OCS_ERROR, OCS_ERROR_FAILED);
  g_assert_false (ocs_store_remember (c->store, "1700000003", NULL));
  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_assert_cmpint (g_rename (aside, path), ==, 0);
}

static void
test_package_files (Case *c, gconstpointer data)
{
  g_autoptr (GPtrArray) ids = NULL;
  g_autoptr (GArray) fragments = NULL;
  g_autoptr (GArray) whole = NULL;
  g_autoptr (GHashTable) healed = NULL;
  gint64 twelve = 12;

  g_autofree char *stray = ocs_store_package_path (c->store, "not-a-number", NULL);

  g_assert_true (ocs_store_make_package (c->store, "17", NULL));
  g_assert_cmpint (g_mkdir (stray, 0700), ==, 0);
  put (c, "packages/17/17-1", "a");
  put (c, "packages/17/17-12", "a");
  put (c, "packages/17/17-3.part", "a");
  put (c, "packages/17/17-3.validator", "a");
  put (c, "packages/17/17-0", "a");
  put (c, "packages/17/17-12.sums", "a");
  put (c, "packages/17/17-4.sums", "a");
  put (c, "packages/17/state.json", "{}");
  put (c, "packages/17/output", "said");
  put (c, "packages/17/order.json", "{}");
  ids = ocs_store_packages (c->store);
  g_assert_cmpuint (ids->len, ==, 1);
  fragments = ocs_store_fragments (c->store, "17");
  g_assert_cmpuint (fragments->len, ==, 2);
  /* One whose bytes are not here has not been fetched by the pass. */
  healed = ocs_store_healed (c->store, "17");
  g_assert_cmpuint (g_hash_table_size (healed), ==, 1);
  g_assert_true (g_hash_table_contains (healed, &twelve));
  g_assert_true (ocs_store_begin_pass (c->store, "17", NULL));
  whole = ocs_store_fragments (c->store, "17");
  g_assert_cmpuint (whole->len, ==, 2);
  g_assert_false (is_there (c, "packages/17/17-3.part"));
  g_assert_false (is_there (c, "packages/17/17-3.validator"));
  g_assert_false (is_there (c, "packages/17/17-12.sums"));
  g_assert_true (is_there (c, "packages/17/order.json"));
  g_assert_true (ocs_store_clean_package (c->store, "17", NULL));
  g_assert_false (is_there (c, "packages/17/order.json"));
  g_assert_true (is_there (c, "packages/17/output"));
  g_assert_true (is_there (c, "packages/17/state.json"));
  g_assert_true (ocs_store_remove_package (c->store, "17", NULL));
  g_assert_false (is_there (c, "packages/17"));
}

static void
test_sweep (Case *c, gconstpointer data)
{
  for (guint i = 1; i <= 3; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);
    g_autofree char *fragment = g_strdup_printf ("packages/%u/%u-1", i, i);

    g_assert_true (ocs_store_make_package (c->store, id, NULL));
    put (c, fragment, "a");
  }
  put (c, "packages/2/state.json", "{}");
  put (c, "packages/3/state.json.broken", "{");
  for (guint i = 1; i <= 3; i++) {
    g_autofree char *id = g_strdup_printf ("%u", i);

    ocs_store_sweep_package (c->store, id);
  }
  g_assert_false (is_there (c, "packages/1"));
  g_assert_true (is_there (c, "packages/2/2-1"));
  g_assert_true (is_there (c, "packages/3/3-1"));
}

static void
test_remove_follows_no_link (Case *c, gconstpointer data)
{
  g_autofree char *tree = g_build_filename (c->folder, "tree", NULL);
  g_autofree char *link = g_build_filename (tree, "link", NULL);

  put (c, "precious", "keep me");
  g_assert_cmpint (g_mkdir (tree, 0700), ==, 0);
  g_assert_cmpint (symlink (c->folder, link), ==, 0);
  g_assert_true (ocs_tree_remove_path (tree, NULL));
  g_assert_true (is_there (c, "precious"));
  g_assert_true (ocs_tree_remove_path (tree, NULL)); /* absent is fine */
}

static void
test_errors_say_what_to_do (Case *c, gconstpointer data)
{
  g_autoptr (GError) full = NULL;
  g_autoptr (GError) missing = NULL;

  g_assert_false (ocs_durable_write_path ("/dev/full/x", "a", &missing));
  g_assert_nonnull (missing);
  ocs_durable_set_error (&full, ENOSPC, "cannot write %s", "/x");
  g_assert_error (full, OCS_ERROR, OCS_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (full->message, "free some disk space"));
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*run) (Case *c, gconstpointer data);
  } cases[] = {
      {"/store/one-owner", test_one_owner},
      {"/store/write-and-read", test_write_and_read},
      {"/store/broken-is-kept", test_broken_is_kept},
      {"/store/history", test_history},
      {"/store/package-files", test_package_files},
      {"/store/sweep", test_sweep},
      {"/store/remove-follows-no-link", test_remove_follows_no_link},
      {"/store/errors-say-what-to-do", test_errors_say_what_to_do},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Case, NULL, set_up, cases[i].run, tear_down);
  return g_test_run ();
}
