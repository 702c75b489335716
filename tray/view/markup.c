/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One pass from left to right: a reader of tags and entities, and a writer that knows which tags are open and which blanks are due. */
#define G_LOG_DOMAIN "ocs-markup"
#include "tray/view/markup.h"

#include <string.h>

#define DEPTH_MAX 16
#define NAME_MAX_LENGTH 16
#define ADDRESS_MAX 2000
#define BULLET "• "

typedef struct {
  char kind;     /* 'b', 'i' or 'a' */
  char *address; /* owned, nullable; of 'a' */
} Open;

typedef struct {
  GString *out; /* owned */
  Open open[DEPTH_MAX];
  guint depth;
  guint shown;  /* of the open ones, those that are written: a tag is when the first character in it is */
  guint breaks; /* line breaks that are due before the next character */
  gboolean blank;
  gboolean bullet;
} Writer;

static const struct {
  const char *name;
  gunichar character;
} entities[] = {
    {"amp", '&'},       {"lt", '<'},       {"gt", '>'},       {"quot", '"'},    {"apos", '\''},   {"nbsp", 0xa0},   {"auml", 0xe4},
    {"ouml", 0xf6},     {"uuml", 0xfc},    {"Auml", 0xc4},    {"Ouml", 0xd6},   {"Uuml", 0xdc},   {"szlig", 0xdf},  {"agrave", 0xe0},
    {"acirc", 0xe2},    {"ccedil", 0xe7},  {"egrave", 0xe8},  {"eacute", 0xe9}, {"ecirc", 0xea},  {"euml", 0xeb},   {"icirc", 0xee},
    {"iuml", 0xef},     {"ntilde", 0xf1},  {"oacute", 0xf3},  {"ocirc", 0xf4},  {"ugrave", 0xf9}, {"ucirc", 0xfb},  {"aacute", 0xe1},
    {"iacute", 0xed},   {"uacute", 0xfa},  {"Eacute", 0xc9},  {"copy", 0xa9},   {"reg", 0xae},    {"deg", 0xb0},    {"euro", 0x20ac},
    {"hellip", 0x2026}, {"ndash", 0x2013}, {"mdash", 0x2014}, {"laquo", 0xab},  {"raquo", 0xbb},  {"bull", 0x2022}, {"rarr", 0x2192},
};

static void
write_opening (Writer *writer, const Open *open)
{
  g_autofree char *address = open->address ? g_markup_escape_text (open->address, -1) : NULL;
  if (open->kind == 'a')
    g_string_append_printf (writer->out, "<a href=\"%s\">", address);
  else
    g_string_append_printf (writer->out, "<%c>", open->kind);
}

static int
find_open (const Writer *writer, char kind)
{
  for (int i = (int)writer->depth - 1; i >= 0; i--)
    if (writer->open[i].kind == kind)
      return i;
  return -1;
}

/* address: transfer full, nullable. */
static void
open_tag (Writer *writer, char kind, char *address)
{
  if (writer->depth == DEPTH_MAX || find_open (writer, kind) >= 0) {
    g_free (address);
    return;
  }
  writer->open[writer->depth++] = (Open) {kind, address};
}

/* Those that were opened inside stay open behind it. */
static void
close_tag (Writer *writer, char kind)
{
  int at = find_open (writer, kind);
  if (at < 0)
    return;
  for (int i = (int)writer->shown - 1; i >= at; i--)
    g_string_append_printf (writer->out, "</%c>", writer->open[i].kind);
  writer->shown = MIN (writer->shown, (guint)at);
  g_free (writer->open[at].address);
  for (guint i = (guint)at; i + 1 < writer->depth; i++)
    writer->open[i] = writer->open[i + 1];
  writer->depth--;
}

static gboolean
is_unwanted (gunichar c)
{
  return c == 0xfeff || c == 0xfffe || c == 0xffff || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)
         || (g_unichar_iscntrl (c) && !g_unichar_isspace (c));
}

static void
write_character (Writer *writer, gunichar c)
{
  char bytes[7] = {0};
  if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
    writer->blank = TRUE;
    return;
  }
  if (is_unwanted (c))
    return;
  if (writer->out->len > 0 && writer->breaks > 0)
    g_string_append (writer->out, writer->breaks > 1 ? "\n\n" : "\n");
  else if (writer->out->len > 0 && writer->blank && !writer->bullet)
    g_string_append_c (writer->out, ' ');
  if (writer->bullet)
    g_string_append (writer->out, BULLET);
  while (writer->shown < writer->depth)
    write_opening (writer, &writer->open[writer->shown++]);
  writer->breaks = 0;
  writer->blank = writer->bullet = FALSE;
  g_unichar_to_utf8 (c, bytes);
  g_autofree char *escaped = g_markup_escape_text (bytes, -1);
  g_string_append (writer->out, escaped);
}

static void
need_breaks (Writer *writer, guint breaks)
{
  writer->breaks = MAX (writer->breaks, breaks);
  writer->blank = FALSE;
}

/* The value of href among attributes, where it is an address of the web; transfer full, nullable. */
static char *
address_of (const char *attributes)
{
  g_autofree char *lower = g_ascii_strdown (attributes, -1);
  const char *found = strstr (lower, "href");
  const char *at = found ? attributes + (found - lower) + strlen ("href") : NULL;
  gsize length = 0;
  if (at == NULL)
    return NULL;
  at += strspn (at, " \t\r\n");
  if (*at++ != '=')
    return NULL;
  at += strspn (at, " \t\r\n");
  if (*at == '"' || *at == '\'') {
    const char quote[] = {*at++, '\0'};
    length = strcspn (at, quote);
  } else {
    length = strcspn (at, " \t\r\n");
  }
  g_autofree char *address = g_strndup (at, MIN (length, ADDRESS_MAX));
  g_auto (GStrv) parts = g_strsplit (address, "&amp;", -1);
  g_autofree char *plain = g_strjoinv ("&", parts);
  gboolean web = g_ascii_strncasecmp (plain, "http://", 7) == 0 || g_ascii_strncasecmp (plain, "https://", 8) == 0;
  for (const char *c = plain; *c; c++)
    web = web && (guchar)*c > ' ' && *c != 0x7f;
  return web && g_utf8_validate (plain, -1, NULL) ? g_steal_pointer (&plain) : NULL;
}

static void
apply_tag (Writer *writer, const char *name, gboolean closing, const char *attributes)
{
  if (g_str_equal (name, "br"))
    writer->breaks = MIN (writer->breaks + 1, 2);
  else if (g_str_equal (name, "p"))
    need_breaks (writer, 2);
  else if (g_str_equal (name, "ul"))
    need_breaks (writer, 1);
  else if (g_str_equal (name, "li"))
    need_breaks (writer, 1);
  else if ((g_str_equal (name, "b") || g_str_equal (name, "i")) && !closing)
    open_tag (writer, *name, NULL);
  else if (g_str_equal (name, "b") || g_str_equal (name, "i") || (g_str_equal (name, "a") && closing))
    close_tag (writer, *name);
  if (g_str_equal (name, "li"))
    writer->bullet = !closing;
  if (!g_str_equal (name, "a") || closing)
    return;
  char *address = address_of (attributes);
  if (address)
    open_tag (writer, 'a', address);
}

/* Behind the end of what must not be read: a comment, or all up to the closing tag of name. */
static const char *
skip_to (const char *at, const char *mark)
{
  gsize length = strlen (mark);
  for (; *at; at++)
    if (g_ascii_strncasecmp (at, mark, length) == 0)
      return at + length;
  return at;
}

/* at: behind '<'. Gives back where the text goes on; at itself where this is no tag. */
static const char *
read_tag (Writer *writer, const char *at)
{
  gboolean closing = *at == '/';
  const char *start = at + closing;
  gsize length = strspn (start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
  if (g_str_has_prefix (at, "!--"))
    return skip_to (at + 3, "-->");
  if (*at == '!' || *at == '?')
    return skip_to (at, ">");
  if (length == 0 || !g_ascii_isalpha (*start))
    return at;
  gsize rest = strcspn (start + length, ">");
  const char *end = start + length + rest;
  g_autofree char *name = g_ascii_strdown (start, (gssize)MIN (length, NAME_MAX_LENGTH));
  g_autofree char *attributes = g_strndup (start + length, rest);
  if (*end == '\0')
    return end;
  if (!closing && g_str_equal (name, "script"))
    return skip_to (skip_to (end, "</script"), ">");
  if (!closing && g_str_equal (name, "style"))
    return skip_to (skip_to (end, "</style"), ">");
  apply_tag (writer, name, closing, attributes);
  return end + 1;
}

/* at: behind '&'. Gives back where the text goes on; at itself where this is no entity. */
static const char *
read_entity (const char *at, gunichar *character)
{
  gsize length = strcspn (at, "; <&");
  if (at[length] != ';' || length == 0 || length > 10)
    return at;
  g_autofree char *name = g_strndup (at, length);
  gboolean hex = name[0] == '#' && (name[1] == 'x' || name[1] == 'X');
  if (name[0] == '#') {
    guint64 number = g_ascii_strtoull (name + (hex ? 2 : 1), NULL, hex ? 16 : 10);
    *character = number <= 0x10ffff && g_unichar_validate ((gunichar)number) ? (gunichar)number : 0;
    return at + length + 1;
  }
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (g_str_equal (entities[i].name, name)) {
      *character = entities[i].character;
      return at + length + 1;
    }
  return at;
}

static void
read_text (Writer *writer, const char *at)
{
  while (*at) {
    gunichar c = g_utf8_get_char (at);
    const char *next = at + 1;
    if (c == '<' && (next = read_tag (writer, at + 1)) != at + 1) {
      at = next;
    } else if (c == '&' && (next = read_entity (at + 1, &c)) != at + 1) {
      at = next;
      if (c != 0)
        write_character (writer, c);
    } else {
      write_character (writer, c);
      at = g_utf8_next_char (at);
    }
  }
}

char *
ocs_markup_from_html (const char *html)
{
  Writer writer = {.out = g_string_new (NULL)};
  g_autofree char *text = html ? g_utf8_make_valid (html, (gssize)strnlen (html, OCS_MARKUP_MAX)) : g_strdup ("");
  read_text (&writer, text);
  while (writer.depth > 0)
    close_tag (&writer, writer.open[writer.depth - 1].kind);
  g_autofree char *markup = g_string_free (writer.out, FALSE);
  return *markup ? g_steal_pointer (&markup) : NULL;
}
