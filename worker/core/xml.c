/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See xml.h. Must never let a byte through that makes the server refuse the whole request: one bad value would cost the inventory. */
#include "worker/core/xml.h"
#include <string.h>

#define SPACES "                "

static gboolean
is_dropped (guchar byte)
{
  return byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r';
}

/* XML forbids U+FFFE and U+FFFF, which are well-formed UTF-8. */
static gboolean
is_noncharacter (const char *at)
{
  const guchar *byte = (const guchar *)at;
  return byte[0] == 0xEF && byte[1] == 0xBF && byte[2] >= 0xBE;
}

static gboolean
is_plain_ascii (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((guchar)text[i] >= 0x7F || is_dropped ((guchar)text[i]))
      return FALSE;
  return TRUE;
}

static GString *
to_utf8 (const char *text, gsize length)
{
  GString *out = g_string_sized_new (length + 8);
  const char *end = text + length;
  while (text < end) {
    gunichar c = g_utf8_get_char_validated (text, end - text);
    if (c == 0 || c == (gunichar)-1 || c == (gunichar)-2) {
      if (!is_dropped ((guchar)*text))
        g_string_append_unichar (out, (guchar)*text);
      text++;
      continue;
    }
    gsize size = (gsize)(g_utf8_next_char (text) - text);
    if (!is_dropped ((guchar)*text) && !(size == 3 && is_noncharacter (text)))
      g_string_append_len (out, text, (gssize)size);
    text += size;
  }
  return out;
}

static gboolean
ends_with_word (const GString *squeezed, gsize at, const char *word, gboolean boundary_at_word)
{
  gsize size = strlen (word);
  if (at < size || g_ascii_strncasecmp (squeezed->str + at - size, word, size) != 0)
    return FALSE;
  if (boundary_at_word || at == size)
    return TRUE;
  guchar before = (guchar)squeezed->str[at - size - 1];
  return !g_ascii_isalnum (before) && before != '_' && before < 0x80;
}

/* The server removes white space and then looks for "=(" or a call of if, sleep or benchmark. */
static gboolean
looks_like_sql (const char *text)
{
  static const char *const words[] = {"if", "sleep", "benchmark"};
  const char *last = strrchr (text, ')');
  if (last == NULL || strchr (text, '(') == NULL)
    return FALSE;
  g_autoptr (GString) squeezed = g_string_new (NULL);
  gsize word_start = 0; /* in squeezed, of the last word that white space set off */
  gboolean after_space = FALSE;
  for (const char *at = text; at < last; at++) {
    if (g_ascii_isspace (*at) || *at == '\v') {
      after_space = TRUE;
      continue;
    }
    if (after_space && *at != '(')
      word_start = squeezed->len;
    after_space = FALSE;
    if (*at == '(' && squeezed->len > 0) {
      if (squeezed->str[squeezed->len - 1] == '=')
        return TRUE;
      for (guint i = 0; i < G_N_ELEMENTS (words); i++)
        if (ends_with_word (squeezed, squeezed->len, words[i], word_start + strlen (words[i]) == squeezed->len))
          return TRUE;
    }
    g_string_append_c (squeezed, *at);
  }
  return FALSE;
}

char *
ocs_xml_clean (const char *text, gssize length)
{
  gsize size = length < 0 ? strlen (text) : strnlen (text, (gsize)length);
  char *clean = is_plain_ascii (text, size) ? g_strndup (text, size) : g_string_free (to_utf8 (text, size), FALSE);
  if (looks_like_sql (clean)) {
    g_strdelimit (clean, "(", '[');
    g_strdelimit (clean, ")", ']');
  }
  return clean;
}

void
ocs_xml_append_cleaned (GString *out, const char *text)
{
  for (;;) {
    gsize plain = strcspn (text, "<>&\"'\r");
    g_string_append_len (out, text, (gssize)plain);
    text += plain;
    switch (*text) {
    case '<':
      g_string_append (out, "&lt;");
      break;
    case '>':
      g_string_append (out, "&gt;");
      break;
    case '&':
      g_string_append (out, "&amp;");
      break;
    case '"':
      g_string_append (out, "&quot;");
      break;
    case '\'':
      g_string_append (out, "&apos;");
      break;
    case '\r':
      g_string_append (out, "&#13;");
      break;
    default:
      return;
    }
    text++;
  }
}

void
ocs_xml_append_text (GString *out, const char *text)
{
  if (text == NULL)
    return;
  g_autofree char *clean = ocs_xml_clean (text, -1);
  ocs_xml_append_cleaned (out, clean);
}

static void
indent (GString *out, guint depth)
{
  g_string_append_len (out, SPACES, (gssize)MIN (depth * 2, strlen (SPACES)));
}

void
ocs_xml_open (GString *out, guint depth, const char *name)
{
  indent (out, depth);
  g_string_append_c (out, '<');
  g_string_append (out, name);
  g_string_append (out, ">\n");
}

void
ocs_xml_close (GString *out, guint depth, const char *name)
{
  indent (out, depth);
  g_string_append (out, "</");
  g_string_append (out, name);
  g_string_append (out, ">\n");
}

void
ocs_xml_append_element (GString *out, guint depth, const char *name, const char *text)
{
  indent (out, depth);
  g_string_append_c (out, '<');
  g_string_append (out, name);
  g_string_append_c (out, '>');
  ocs_xml_append_text (out, text);
  g_string_append (out, "</");
  g_string_append (out, name);
  g_string_append (out, ">\n");
}
