/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aligned text. Counts characters, not bytes, and lets no control character through: package output and server names come from elsewhere.
 */
#define G_LOG_DOMAIN "ocs-sheet"
#include "tray/ctl/sheet.h"

#include <stdarg.h>

#define GAP "  "

struct _OcsSheet {
  GPtrArray *rows; /* owned; element-type GPtrArray of strings */
};

OcsSheet *
ocs_sheet_new (void)
{
  OcsSheet *sheet = g_new0 (OcsSheet, 1);
  sheet->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  return sheet;
}

void
ocs_sheet_free (OcsSheet *sheet)
{
  g_ptr_array_unref (sheet->rows);
  g_free (sheet);
}

char *
ocs_sheet_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) clean = g_string_new (NULL);
  for (const char *at = valid; *at; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    g_string_append_unichar (clean, g_unichar_iscntrl (c) && c != '\n' && c != '\t' ? '?' : c);
  }
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

static char *
one_line (const char *text)
{
  g_autofree char *clean = ocs_sheet_clean (text);
  return g_strdelimit (g_steal_pointer (&clean), "\n\t", ' ');
}

void
ocs_sheet_add (OcsSheet *sheet, const char *label, const char *value)
{
  if (value && *value)
    ocs_sheet_add_cells (sheet, label, value, NULL);
}

void
ocs_sheet_add_cells (OcsSheet *sheet, const char *first, ...)
{
  GPtrArray *row = g_ptr_array_new_with_free_func (g_free);
  va_list cells;
  va_start (cells, first);
  for (const char *cell = first; cell; cell = va_arg (cells, const char *))
    g_ptr_array_add (row, one_line (cell));
  va_end (cells);
  g_ptr_array_add (sheet->rows, row);
}

/* Of the widest cell in column that has another one behind it. */
static glong
column_width (const OcsSheet *sheet, guint column)
{
  glong width = 0;
  for (guint i = 0; i < sheet->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (sheet->rows, i);
    if (column + 1 < row->len)
      width = MAX (width, g_utf8_strlen (g_ptr_array_index (row, column), -1));
  }
  return width;
}

static void
append_row (const OcsSheet *sheet, GPtrArray *row, GString *text)
{
  for (guint column = 0; column < row->len; column++) {
    const char *cell = g_ptr_array_index (row, column);
    g_string_append (text, cell);
    if (column + 1 == row->len)
      break;
    for (glong pad = g_utf8_strlen (cell, -1); pad < column_width (sheet, column); pad++)
      g_string_append_c (text, ' ');
    g_string_append (text, GAP);
  }
  while (text->len > 0 && text->str[text->len - 1] == ' ')
    g_string_truncate (text, text->len - 1);
  g_string_append_c (text, '\n');
}

char *
ocs_sheet_format (const OcsSheet *sheet)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < sheet->rows->len; i++)
    append_row (sheet, g_ptr_array_index (sheet->rows, i), text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
