/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/export.h"

static GArray *
some_rows (void)
{
  static const OcsSectionRow rows[] = {
      {0, "HARDWARE", NULL, 1}, {1, "NAME", "desk \"7\"", 0},      {0, "SOFTWARES", NULL, 2}, {1, "bash", NULL, 0},
      {2, "VERSION", "5.2", 0}, {1, "=cmd|'/C calc'!A0", NULL, 0}, {2, "VERSION", "-x", 0},   {2, "SIZE", "-1", 0},
  };
  GArray *array = g_array_new (FALSE, FALSE, sizeof (OcsSectionRow));
  return g_array_append_vals (array, rows, G_N_ELEMENTS (rows));
}

static void
test_text (void)
{
  g_autoptr (GArray) rows = some_rows ();
  g_autofree char *text = ocs_export_text (rows);
  g_assert_cmpstr (
      text, ==, "HARDWARE\n  NAME: desk \"7\"\nSOFTWARES\n  bash\n    VERSION: 5.2\n  =cmd|'/C calc'!A0\n    VERSION: -x\n    SIZE: -1\n");
}

static void
test_table (void)
{
  g_autoptr (GArray) rows = some_rows ();
  g_autofree char *table = ocs_export_table (rows);
  g_assert_cmpstr (table, ==,
                   "\"section\",\"entry\",\"name\",\"value\"\r\n"
                   "\"HARDWARE\",\"\",\"NAME\",\"desk \"\"7\"\"\"\r\n"
                   "\"SOFTWARES\",\"bash\",\"VERSION\",\"5.2\"\r\n"
                   "\"SOFTWARES\",\"'=cmd|'/C calc'!A0\",\"VERSION\",\"'-x\"\r\n"
                   "\"SOFTWARES\",\"'=cmd|'/C calc'!A0\",\"SIZE\",\"-1\"\r\n");
}

static void
test_empty (void)
{
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (OcsSectionRow));
  g_autofree char *text = ocs_export_text (rows);
  g_autofree char *table = ocs_export_table (rows);
  g_assert_cmpstr (text, ==, "");
  g_assert_cmpstr (table, ==, "\"section\",\"entry\",\"name\",\"value\"\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/export/text", test_text);
  g_test_add_func ("/export/table", test_table);
  g_test_add_func ("/export/empty", test_empty);
  return g_test_run ();
}
