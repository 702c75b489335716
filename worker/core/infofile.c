/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/infofile.h"
#include "ipc/error.h"
#include <string.h>

#define NAME_MAX_LENGTH 64
#define ENTITY_MAX_LENGTH 10 /* "&#x10FFFF;" */

static gboolean
fail (GError **error, const char *what)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the info file of the package cannot be read: %s; build the package again", what);
  return FALSE;
}

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *
skip_space (const char *at)
{
  while (is_space (*at))
    at++;
  return at;
}

/* The start of the first element; NULL where something else comes before it. */
static const char *
skip_prolog (const char *at)
{
  if (g_str_has_prefix (at, "\xef\xbb\xbf"))
    at += 3;
  for (;;) {
    const char *end;

    at = skip_space (at);
    if (g_str_has_prefix (at, "<?"))
      end = strstr (at, "?>");
    else if (g_str_has_prefix (at, "<!--"))
      end = strstr (at + 4, "-->");
    else
      return *at == '<' ? at : NULL;
    if (end == NULL)
      return NULL;
    at = end + (end[0] == '-' ? 3 : 2);
  }
}

/* body: what stands between & and ;. FALSE for an unknown name and for characters that XML forbids. */
static gboolean
decode_entity (const char *body, gsize length, gunichar *c)
{
  static const struct {
    const char *name;
    char c;
  } entities[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
  char *end = NULL;
  guint64 code;

  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    if (strlen (entities[i].name) == length && strncmp (body, entities[i].name, length) == 0) {
      *c = (guchar)entities[i].c;
      return TRUE;
    }
  if (length < 2 || body[0] != '#')
    return FALSE;
  if (body[1] == 'x' ? !g_ascii_isxdigit (body[2]) : !g_ascii_isdigit (body[1]))
    return FALSE;
  code = body[1] == 'x' ? g_ascii_strtoull (body + 2, &end, 16) : g_ascii_strtoull (body + 1, &end, 10);
  if (end != body + length || code > 0x10FFFF || (code < ' ' && code != '\t' && code != '\n' && code != '\r'))
    return FALSE;
  *c = (gunichar)code;
  return g_unichar_validate (*c);
}

static char *
decode_value (const char *text, gsize length)
{
  GString *value = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++) {
    gunichar c;
    gsize end = i + 1;

    while (text[i] == '&' && end < length && end - i < ENTITY_MAX_LENGTH && text[end] != ';')
      end++;
    if (text[i] == '&' && end < length && text[end] == ';' && decode_entity (text + i + 1, end - i - 1, &c)) {
      g_string_append_unichar (value, c);
      i = end;
    } else if (is_space (text[i])) {
      g_string_append_c (value, ' '); /* as XML wants it in attributes */
    } else if ((guchar)text[i] >= ' ' && text[i] != 0x7f) {
      g_string_append_c (value, text[i]);
    }
  }
  return g_string_free (value, FALSE);
}

/* One attribute at *at, which is moved behind it. */
static gboolean
read_attribute (const char **at, char **name, char **value, GError **error)
{
  const char *start = *at, *from, *end;
  gsize length = strspn (start, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:-");

  if (length == 0 || length > NAME_MAX_LENGTH)
    return fail (error, "an attribute has no proper name");
  from = skip_space (start + length);
  if (*from != '=')
    return fail (error, "an attribute has no value");
  from = skip_space (from + 1);
  if (*from != '"' && *from != '\'')
    return fail (error, "a value is not in quotes");
  end = strchr (from + 1, *from);
  if (end == NULL)
    return fail (error, "it ends in the middle of a value");
  *name = g_strndup (start, length);
  *value = decode_value (from + 1, (gsize)(end - from - 1));
  *at = end + 1;
  return TRUE;
}

static GHashTable *
read_attributes (const char *at, GError **error)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gsize total = 0;

  for (at = skip_space (at); *at != '>' && *at != '/'; at = skip_space (at)) {
    g_autofree char *name = NULL;
    g_autofree char *value = NULL;

    if (*at == '\0') {
      fail (error, "it is cut off");
      return NULL;
    }
    if (!read_attribute (&at, &name, &value, error))
      return NULL;
    total += strlen (name) + strlen (value);
    if (total > OCS_INFOFILE_TEXT_MAX || g_hash_table_size (attributes) >= OCS_INFOFILE_ATTRIBUTES_MAX) {
      fail (error, "it is too large");
      return NULL;
    }
    if (!g_hash_table_contains (attributes, name))
      g_hash_table_insert (attributes, g_steal_pointer (&name), g_steal_pointer (&value));
  }
  return g_steal_pointer (&attributes);
}

static char *
to_utf8 (const char *bytes, gsize length)
{
  if (g_utf8_validate (bytes, (gssize)length, NULL))
    return g_strndup (bytes, length);
  return g_convert (bytes, (gssize)length, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

GHashTable *
ocs_infofile_parse (const char *bytes, gsize length, GError **error)
{
  g_autofree char *text = NULL;
  const char *at;

  if (length > OCS_INFOFILE_MAX || memchr (bytes, '\0', length) != NULL) {
    fail (error, "it is no text file");
    return NULL;
  }
  text = to_utf8 (bytes, length);
  at = text != NULL ? skip_prolog (text) : NULL;
  if (at == NULL || !g_str_has_prefix (at, "<DOWNLOAD") || !(is_space (at[9]) || at[9] == '/' || at[9] == '>')) {
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_BAD_REPLY,
                         "what came is not the info file of a package: check the package's location on the server, and the proxy");
    return NULL;
  }
  return read_attributes (at + 9, error);
}
