/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-somebody"
#include "ipc/error.h"
#include "worker/io/journal.h"
#include <gio/gio.h>

/* The newest line's fields. */
static GLogWriterOutput
on_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  GHashTable *seen = user_data;

  g_hash_table_remove_all (seen);
  for (gsize i = 0; i < n_fields; i++)
    g_hash_table_insert (seen, g_strdup (fields[i].key),
                         fields[i].length < 0 ? g_strdup (fields[i].value) : g_strndup (fields[i].value, (gsize)fields[i].length));
  return G_LOG_WRITER_HANDLED;
}

static void
assert_field (GHashTable *seen, const char *name, const char *value)
{
  g_assert_cmpstr (g_hash_table_lookup (seen, name), ==, value);
}

static void
test_fields (gconstpointer data)
{
  GHashTable *seen = (GHashTable *)data;
  g_autoptr (GError) error = g_error_new (OCS_ERROR, OCS_ERROR_PROXY_AUTH, "the proxy wants a login");
  g_autoptr (GError) foreign = g_error_new (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "full");

  ocs_journal_say (G_LOG_LEVEL_WARNING, "1700000001", error, "package %s: %s", "1700000001", error->message);
  assert_field (seen, "MESSAGE", "package 1700000001: the proxy wants a login");
  assert_field (seen, "GLIB_DOMAIN", "ocs-somebody");
  assert_field (seen, "PRIORITY", "4");
  assert_field (seen, "OCS_PACKAGE", "1700000001");
  assert_field (seen, "OCS_ERROR", "proxy-auth");

  ocs_journal_say (G_LOG_LEVEL_MESSAGE, NULL, foreign, "%s", foreign->message);
  assert_field (seen, "OCS_ERROR", "no-space");
  g_assert_false (g_hash_table_contains (seen, "OCS_PACKAGE"));

  ocs_journal_say (G_LOG_LEVEL_MESSAGE, "17", NULL, "as it should be");
  assert_field (seen, "OCS_PACKAGE", "17");
  g_assert_false (g_hash_table_contains (seen, "OCS_ERROR"));
}

/* Only what the code says is about a package, not what a text looks like. */
static void
test_text (gconstpointer data)
{
  GHashTable *seen = (GHashTable *)data;
  g_autofree char *expected = g_utf8_make_valid ("package 17: \xff\xfe", -1);

  ocs_journal_say (G_LOG_LEVEL_MESSAGE, NULL, NULL, "%s", "package 17: \xff\xfe");
  assert_field (seen, "MESSAGE", expected);
  g_assert_false (g_hash_table_contains (seen, "OCS_PACKAGE"));
}

int
main (int argc, char **argv)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  g_test_init (&argc, &argv, NULL);
  g_log_set_writer_func (on_log, seen, NULL);
  g_test_add_data_func ("/journal/fields", seen, test_fields);
  g_test_add_data_func ("/journal/text", seen, test_text);
  return g_test_run ();
}
