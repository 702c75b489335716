/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-iniedit"
#include "worker/core/iniedit.h"

#include <string.h>

typedef struct {
  const char *start;
  gsize length; /* without the line end */
  gsize whole;  /* with it */
} Line;

typedef struct {
  const char *section; /* borrowed: by the caller, as all of this */
  const char *key;
  const char *value;
  GString *out;
  gsize insert;         /* where a new key belongs in out */
  gboolean has_section; /* seen */
  gboolean inside;
  gboolean done;
} Edit;

static Line
take_line (const char *at)
{
  gsize length = strcspn (at, "\r\n");
  gsize end = at[length] == '\0' ? 0 : at[length] == '\r' && at[length + 1] == '\n' ? 2 : 1;

  return (Line) {at, length, length + end};
}

/* That of the first line; a file without any gets \n. */
static const char *
line_end (const char *text)
{
  gsize length = strcspn (text, "\r\n");

  if (text[length] == '\r')
    return text[length + 1] == '\n' ? "\r\n" : "\r";
  return "\n";
}

static gboolean
is_header_of (const char *line, const char *section)
{
  const char *end = strchr (line, ']');
  g_autofree char *name = g_strstrip (end != NULL ? g_strndup (line + 1, (gsize)(end - line - 1)) : g_strdup (line + 1));

  return g_ascii_strcasecmp (name, section) == 0;
}

static gboolean
is_key (const char *line, const char *key)
{
  const char *equals = strchr (line, '=');
  g_autofree char *name = equals != NULL ? g_strchomp (g_strndup (line, (gsize)(equals - line))) : NULL;

  return name != NULL && g_ascii_strcasecmp (name, key) == 0;
}

/* What reading would take off is put on: blanks at the ends, one pair of quotes. */
static void
append_value (GString *out, const char *value)
{
  gsize length = strlen (value);
  gboolean blank = length > 0 && (g_ascii_isspace (value[0]) || g_ascii_isspace (value[length - 1]));
  gboolean quoted = length >= 2 && (value[0] == '"' || value[0] == '\'') && value[length - 1] == value[0];

  if (blank || quoted)
    g_string_append_printf (out, "\"%s\"", value);
  else
    g_string_append (out, value);
}

/* Everything up to the value stays as it was written. */
static void
append_changed (Edit *edit, const Line *line)
{
  const char *equals = memchr (line->start, '=', line->length);
  gsize head = (gsize)(equals - line->start) + 1;

  while (head < line->length && (line->start[head] == ' ' || line->start[head] == '\t'))
    head++;
  g_string_append_len (edit->out, line->start, (gssize)head);
  append_value (edit->out, edit->value);
  g_string_append_len (edit->out, line->start + line->length, (gssize)(line->whole - line->length));
}

static void
copy_line (Edit *edit, const Line *line)
{
  g_autofree char *text = g_strstrip (g_strndup (line->start, line->length));
  gboolean plain = *text != '\0' && *text != ';' && *text != '#';
  gboolean first;

  if (*text == '[') {
    edit->inside = is_header_of (text, edit->section);
    first = edit->inside && !edit->has_section;
    edit->has_section = edit->has_section || edit->inside;
    g_string_append_len (edit->out, line->start, (gssize)line->whole);
    if (first)
      edit->insert = edit->out->len;
    return;
  }
  if (plain && edit->inside && is_key (text, edit->key)) {
    if (edit->value == NULL)
      return;
    if (!edit->done) {
      edit->done = TRUE;
      append_changed (edit, line);
      return;
    }
  }
  g_string_append_len (edit->out, line->start, (gssize)line->whole);
  if (plain && edit->inside)
    edit->insert = edit->out->len;
}

static void
add_key (Edit *edit, const char *end)
{
  g_autoptr (GString) added = g_string_new (NULL);
  gboolean open;

  if (!edit->has_section) {
    edit->insert = edit->out->len;
    if (edit->out->len > 0)
      g_string_append (added, end);
    g_string_append_printf (added, "[%s]%s", edit->section, end);
  }
  open = edit->insert > 0 && strchr ("\r\n", edit->out->str[edit->insert - 1]) == NULL;
  if (open)
    g_string_prepend (added, end);
  g_string_append_printf (added, "%s=", edit->key);
  append_value (added, edit->value);
  g_string_append (added, end);
  g_string_insert (edit->out, (gssize)edit->insert, added->str);
}

char *
ocs_iniedit_set (const char *text, const char *section, const char *key, const char *value)
{
  Edit edit = {.section = section, .key = key, .value = value, .out = g_string_new (NULL)};

  for (const char *at = text; *at != '\0';) {
    Line line = take_line (at);

    copy_line (&edit, &line);
    at += line.whole;
  }
  if (value != NULL && !edit.done)
    add_key (&edit, line_end (text));
  return g_string_free (edit.out, FALSE);
}
