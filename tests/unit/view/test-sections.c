/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "tray/view/sections.h"
#include <string.h>

static gboolean
add (OcsSections *sections, const char *text, GError **error)
{
  g_autoptr (JsonObject) reply = ocs_json_parse (text, strlen (text), NULL);
  g_assert_nonnull (reply);
  return ocs_sections_add (sections, reply, error);
}

static OcsSections *
sample (void)
{
  static const char *const replies[] = {
      ("{\"section\":\"HARDWARE\",\"entries\":[{\"NAME\":\"büro\",\"OSNAME\":\"Debian\",\"EMPTY\":\"\"}],\"notes\":[\"UUID: not yours to "
       "see\"]}"),
      "{\"section\":\"SOFTWARES\",\"entries\":[{\"NAME\":\"bash\",\"VERSION\":\"5.2\"}]}",
      "{\"section\":\"SOFTWARES\",\"entries\":[{\"NAME\":\"Firefox\",\"VERSION\":\"115\"},{\"VERSION\":\"1\"},{}]}",
      "{}",
  };
  OcsSections *sections = ocs_sections_new ();
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    g_assert_true (add (sections, replies[i], NULL));
  return sections;
}

/* "HARDWARE(1) .left out=UUID .NAME=büro" */
static char *
draw (const OcsSections *sections, const char *search)
{
  g_autoptr (GArray) rows = ocs_sections_rows (sections, search);
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++) {
    const OcsSectionRow *row = &g_array_index (rows, OcsSectionRow, i);
    g_string_append_printf (text, "%s%.*s%s", i ? " " : "", row->depth, "..", row->name);
    if (row->entries)
      g_string_append_printf (text, "(%u)", row->entries);
    if (row->value)
      g_string_append_printf (text, "=%s", row->value);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_rows (void)
{
  static const struct {
    const char *search;
    const char *drawn;
  } cases[] = {
      {"", "HARDWARE(1) .left out=UUID: not yours to see .NAME=büro .OSNAME=Debian "
           "SOFTWARES(3) .bash ..NAME=bash ..VERSION=5.2 .Firefox ..NAME=Firefox ..VERSION=115 .Entry 3 ..VERSION=1"},
      {"  ", "HARDWARE(1) .left out=UUID: not yours to see .NAME=büro .OSNAME=Debian "
             "SOFTWARES(3) .bash ..NAME=bash ..VERSION=5.2 .Firefox ..NAME=Firefox ..VERSION=115 .Entry 3 ..VERSION=1"},
      {"BÜRO", "HARDWARE(1) .NAME=büro"},
      {"firefox", "SOFTWARES(3) .Firefox ..NAME=Firefox ..VERSION=115"},
      {"firefox version", "SOFTWARES(3) .Firefox ..VERSION=115"},
      {"version soft 5.2", "SOFTWARES(3) .bash ..VERSION=5.2"},
      {"hardware", "HARDWARE(1) .left out=UUID: not yours to see .NAME=büro .OSNAME=Debian"},
      {"uuid", "HARDWARE(1) .left out=UUID: not yours to see"},
      {"nowhere", ""},
      {"bash debian", ""},
  };
  g_autoptr (OcsSections) sections = sample ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *drawn = draw (sections, cases[i].search);
    g_assert_cmpstr (drawn, ==, cases[i].drawn);
  }
}

static void
test_words (void)
{
  g_autoptr (OcsSections) sections = sample ();
  g_autoptr (OcsSections) empty = ocs_sections_new ();
  g_autofree char *words = ocs_sections_words (sections);
  g_autofree char *nothing = ocs_sections_words (empty);
  g_autofree char *drawn = draw (empty, "");
  g_assert_cmpstr (words, ==, "2 sections, 7 values");
  g_assert_cmpstr (nothing, ==, "0 sections, 0 values");
  g_assert_cmpstr (drawn, ==, "");
}

static void
test_nonsense (void)
{
  g_autoptr (OcsSections) sections = ocs_sections_new ();
  g_assert_true (add (sections, "{\"section\":5,\"entries\":[{\"A\":\"b\"}]}", NULL));
  g_assert_true (add (sections, "{\"section\":\"X\",\"entries\":{},\"notes\":7}", NULL));
  g_assert_true (
      add (sections, "{\"section\":\"X\",\"entries\":[5,null,[],{\"A\":5,\"B\":{}},{\"C\":\"d\"}],\"notes\":[5,\"why\"]}", NULL));
  g_autofree char *drawn = draw (sections, "");
  g_assert_cmpstr (drawn, ==, "X(1) .left out=why .C=d");
}

static void
test_endless (void)
{
  g_autoptr (OcsSections) sections = ocs_sections_new ();
  g_autoptr (GError) error = NULL;
  gboolean more = TRUE;
  guint count = 0;
  for (; more && count <= OCS_SECTIONS_FIELDS_MAX; count++) {
    g_autoptr (JsonObject) reply = json_object_new ();
    g_autofree char *name = g_strdup_printf ("S%u", count);
    json_object_set_string_member (reply, "section", name);
    more = ocs_sections_add (sections, reply, &error);
  }
  g_assert_false (more);
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
  g_assert_cmpuint (count, ==, OCS_SECTIONS_FIELDS_MAX + 1);
}

static void
test_changes (void)
{
  static const char *const replies[] = {
      "{\"section\":\"HARDWARE\",\"entries\":[{\"NAME\":\"a\"}],\"come\":[\"MEMORY: 2\"],\"gone\":[\"MEMORY: 1\",7,null]}",
      "{\"section\":\"SOFTWARES\",\"entries\":[{\"NAME\":\"bash\"}],\"come\":[\"bash, 5.2\"],\"gone\":[]}",
  };
  g_autoptr (OcsSections) untold = ocs_sections_new ();
  g_autoptr (OcsSections) sections = ocs_sections_new ();
  g_assert_null (ocs_sections_changes (untold));
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++) {
    g_autoptr (JsonObject) reply = ocs_json_parse (replies[i], strlen (replies[i]), NULL);
    g_assert_true (ocs_sections_add (sections, reply, NULL));
  }
  g_autofree char *words = ocs_sections_changes (sections);
  g_assert_cmpstr (words, ==, "3 changes since the last one was sent");
  g_autoptr (GArray) all = ocs_sections_rows (sections, "");
  const OcsSectionRow *first = &g_array_index (all, OcsSectionRow, 0);
  g_assert_cmpstr (first->name, ==, "Changed since the last inventory that was sent");
  g_assert_cmpuint (first->entries, ==, 3);
  g_assert_cmpstr (g_array_index (all, OcsSectionRow, 2).value, ==, "gone: MEMORY: 1");
  g_autoptr (GArray) found = ocs_sections_rows (sections, "new bash");
  g_assert_cmpuint (found->len, ==, 2);
  g_assert_cmpstr (g_array_index (found, OcsSectionRow, 1).value, ==, "new: bash, 5.2");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sections/rows", test_rows);
  g_test_add_func ("/sections/words", test_words);
  g_test_add_func ("/sections/nonsense", test_nonsense);
  g_test_add_func ("/sections/endless", test_endless);
  g_test_add_func ("/sections/changes", test_changes);
  return g_test_run ();
}
