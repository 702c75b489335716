/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SQLite files as SQLite wrote them (fedora-server), with and without their log, and damaged ones. */
#include "tests/unit/inventory/memory-pages.h"
#include "worker/inventory/rpmheader.h"
#include "worker/inventory/sqlite.h"

#define DATABASE "fedora-server/usr/lib/sysimage/rpm/rpmdb.sqlite"

static void
on_name (const guint8 *bytes, gsize length, gpointer user_data)
{
  GString *names = user_data;
  OcsRpmHeader header;
  if (ocs_rpmheader_parse (bytes, length, &header))
    g_string_append_printf (names, "%s ", header.name);
}

static char *
names_in (GByteArray *file, GByteArray *log, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  OcsPages pages = pages_of (file);
  OcsPages log_pages = pages_of (log == NULL ? file : log);
  if (!ocs_sqlite_walk (&pages, log == NULL ? NULL : &log_pages, "Packages", on_name, names, error))
    return NULL;
  return g_strdup (names->str);
}

static void
test_with_log (void)
{
  g_autoptr (GByteArray) file = load (DATABASE);
  g_autoptr (GByteArray) log = load (DATABASE "-wal");
  g_autoptr (GError) error = NULL;
  g_autofree char *names = names_in (file, log, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "bash gpg-pubkey kernel-core zsh "); /* the long one has pages of its own */
}

static void
test_without_log (void)
{
  g_autoptr (GByteArray) file = load (DATABASE);
  g_autoptr (GError) error = NULL;
  g_autofree char *names = names_in (file, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "bash gpg-pubkey kernel-core removed-later ");
}

/* A transaction that was cut off by a crash counts for nothing, nor does what lies behind a damaged frame. */
static void
test_torn_log (void)
{
  g_autoptr (GByteArray) file = load (DATABASE);
  g_autoptr (GByteArray) log = load (DATABASE "-wal");
  g_autoptr (GError) error = NULL;
  log->data[32 + 24 + 100] ^= 1;
  g_autofree char *names = names_in (file, log, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (names, ==, "bash gpg-pubkey kernel-core removed-later ");
  g_autoptr (GByteArray) short_log = load (DATABASE "-wal");
  g_byte_array_set_size (short_log, short_log->len - 1);
  g_autofree char *fewer = names_in (file, short_log, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (fewer, "kernel-core"));
}

static void
test_missing_table (void)
{
  g_autoptr (GByteArray) file = load (DATABASE);
  OcsPages pages = pages_of (file);
  g_autoptr (GError) error = NULL;
  guint count = 0;
  g_assert_false (ocs_sqlite_walk (&pages, NULL, "Nothing", on_count, &count, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_assert_cmpuint (count, ==, 0);
}

/* A tree whose page names itself as its child. */
static void
test_ring (void)
{
  g_autoptr (GByteArray) file = load (DATABASE);
  g_autoptr (GError) error = NULL;
  for (guint page = 1; page * 4096 + 12 < file->len; page++) {
    guint8 *at = file->data + page * 4096;
    at[0] = 5;
    at[3] = at[4] = 0;
    at[8] = at[9] = at[10] = 0;
    at[11] = (guint8)(page + 1);
  }
  g_autofree char *names = names_in (file, NULL, &error);
  g_assert_null (names);
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

static gboolean
walk_packages (const OcsPages *file, OcsPagesFunc func, gpointer user_data, GError **error)
{
  return ocs_sqlite_walk (file, NULL, "Packages", func, user_data, error);
}

/* Damage in the log alone is never an error: it ends there. */
static gboolean
walk_log (const OcsPages *log, OcsPagesFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GByteArray) file = load (DATABASE);
  OcsPages pages = pages_of (file);
  g_assert_true (ocs_sqlite_walk (&pages, log, "Packages", func, user_data, error));
  return TRUE;
}

static void
test_damage (void)
{
  assert_survives (DATABASE, walk_packages);
  assert_survives (DATABASE "-wal", walk_log);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sqlite/with-log", test_with_log);
  g_test_add_func ("/sqlite/without-log", test_without_log);
  g_test_add_func ("/sqlite/torn-log", test_torn_log);
  g_test_add_func ("/sqlite/missing-table", test_missing_table);
  g_test_add_func ("/sqlite/ring", test_ring);
  g_test_add_func ("/sqlite/damage", test_damage);
  return g_test_run ();
}
