/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Aligned text. Counts what a terminal shows, not bytes, and lets no control character through: package output and the names of servers
 * and devices come from elsewhere. */
#define G_LOG_DOMAIN "ocs-sheet"
#include "tray/ctl/sheet.h"

#include <stdarg.h>
#include <string.h>

#define GAP "  "
#define ELLIPSIS "…"

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

/* Those that turn the direction of writing could make a line say something else than it does. */
static gboolean
steers (gunichar c)
{
  return g_unichar_iscntrl (c) || (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

char *
ocs_sheet_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) clean = g_string_new (NULL);
  for (const char *at = valid; *at; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);
    g_string_append_unichar (clean, steers (c) && c != '\n' && c != '\t' ? '?' : c);
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

void
ocs_sheet_add_row (OcsSheet *sheet, const GPtrArray *cells)
{
  GPtrArray *row = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < cells->len; i++) {
    const char *cell = g_ptr_array_index (cells, i);
    g_ptr_array_add (row, one_line (cell ? cell : ""));
  }
  g_ptr_array_add (sheet->rows, row);
}

static int
char_width (gunichar c)
{
  return g_unichar_iszerowidth (c) ? 0 : g_unichar_iswide (c) ? 2 : 1;
}

static int
text_width (const char *text)
{
  int width = 0;
  for (const char *at = text; *at; at = g_utf8_next_char (at))
    width += char_width (g_utf8_get_char (at));
  return width;
}

/* Of the widest cell of each column, element-type int. With unpadded also of the cells that end a row. transfer full */
static GArray *
column_widths (const OcsSheet *sheet, gboolean unpadded)
{
  GArray *widths = g_array_new (FALSE, TRUE, sizeof (int));
  for (guint i = 0; i < sheet->rows->len; i++) {
    GPtrArray *row = g_ptr_array_index (sheet->rows, i);
    if (row->len > widths->len)
      g_array_set_size (widths, row->len);
    for (guint column = 0; column + !unpadded < row->len; column++) {
      int *width = &g_array_index (widths, int, column);
      *width = MAX (*width, text_width (g_ptr_array_index (row, column)));
    }
  }
  return widths;
}

/* What the columns take where none may be wider than most. */
static int
total_width (const GArray *widths, int most)
{
  int total = (int)(widths->len - 1) * (int)strlen (GAP);
  for (guint i = 0; i < widths->len; i++)
    total += MIN (g_array_index (widths, int, i), most);
  return total;
}

/* cell: owned, or given back as it is. transfer full */
static char *
cut (char *cell, int width)
{
  if (text_width (cell) <= width)
    return cell;
  const char *end = cell;
  for (int used = char_width (g_utf8_get_char (end)); used < width; used += char_width (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  char *shorter = g_strdup_printf ("%.*s" ELLIPSIS, (int)(end - cell), cell);
  g_free (cell);
  return shorter;
}

gboolean
ocs_sheet_fit (OcsSheet *sheet, int width, int narrowest)
{
  g_autoptr (GArray) widths = column_widths (sheet, TRUE);
  if (widths->len == 0 || total_width (widths, G_MAXINT) <= width)
    return TRUE;
  int most = width;
  while (most >= narrowest && total_width (widths, most) > width)
    most--;
  if (most < narrowest)
    return FALSE;
  int spare = width - total_width (widths, most);
  for (guint column = 0; column < widths->len; column++) {
    int wanted = g_array_index (widths, int, column);
    int given = MIN (wanted, most);
    if (wanted > most && spare > 0) {
      given++;
      spare--;
    }
    for (guint i = 0; i < sheet->rows->len; i++) {
      GPtrArray *row = g_ptr_array_index (sheet->rows, i);
      if (column < row->len)
        row->pdata[column] = cut (row->pdata[column], given);
    }
  }
  return TRUE;
}

static void
append_row (const GPtrArray *row, const GArray *widths, GString *text)
{
  for (guint column = 0; column < row->len; column++) {
    const char *cell = g_ptr_array_index (row, column);
    g_string_append (text, cell);
    if (column + 1 == row->len)
      break;
    for (int pad = text_width (cell); pad < g_array_index (widths, int, column); pad++)
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
  g_autoptr (GArray) widths = column_widths (sheet, FALSE);
  for (guint i = 0; i < sheet->rows->len; i++)
    append_row (g_ptr_array_index (sheet->rows, i), widths, text);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
