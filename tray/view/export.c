/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Must not write a file. */
#define G_LOG_DOMAIN "ocs-export"
#include "tray/view/export.h"

#include <string.h>

char *
ocs_export_text (const GArray *rows)
{
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < rows->len; i++) {
    const OcsSectionRow *row = &g_array_index (rows, OcsSectionRow, i);
    g_string_append_printf (text, "%*s%s%s%s\n", 2 * row->depth, "", row->name, row->value ? ": " : "", row->value ? row->value : "");
  }
  return g_string_free (text, FALSE);
}

static gboolean
looks_like_formula (const char *value)
{
  return strchr ("=+@\t\r", *value) != NULL || (*value == '-' && value[1] != '\0' && !g_ascii_isdigit (value[1]));
}

static void
add_cell (GString *table, const char *value, const char *end)
{
  g_string_append_c (table, '"');
  if (*value && looks_like_formula (value))
    g_string_append_c (table, '\'');
  for (const char *at = value; *at; at++) {
    if (*at == '"')
      g_string_append_c (table, '"');
    g_string_append_c (table, *at);
  }
  g_string_append_c (table, '"');
  g_string_append (table, end);
}

char *
ocs_export_table (const GArray *rows)
{
  GString *table = g_string_new ("\"section\",\"entry\",\"name\",\"value\"\r\n");
  const char *section = "", *entry = "";
  for (guint i = 0; i < rows->len; i++) {
    const OcsSectionRow *row = &g_array_index (rows, OcsSectionRow, i);
    if (row->depth == 0)
      section = row->name;
    if (row->value == NULL) {
      entry = row->depth == 1 ? row->name : "";
      continue;
    }
    add_cell (table, section, ",");
    add_cell (table, row->depth == 2 ? entry : "", ",");
    add_cell (table, row->name, ",");
    add_cell (table, row->value, "\r\n");
  }
  return g_string_free (table, FALSE);
}
