/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursive descent with a bounded depth and a bounded number of values. A function returns NULL or FALSE with reader->wrong set to what
 * it found; there is no other state. */
#define G_LOG_DOMAIN "ocs-parse"
#include "ipc/parse.h"
#include "ipc/error.h"
#include "ipc/limits.h"
#include <string.h>

typedef struct {
  const char *at;
  const char *end;
  guint depth;
  guint nodes;
  guint nodes_max;
  const char *wrong; /* borrowed: static */
} Reader;

static JsonNode *read_value (Reader *reader);

static gboolean
fail (Reader *reader, const char *wrong)
{
  reader->wrong = wrong;
  return FALSE;
}

static void
skip_blanks (Reader *reader)
{
  while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\n' || *reader->at == '\r'))
    reader->at++;
}

/* Skips blanks, and takes the character where it comes next. */
static gboolean
take (Reader *reader, char wanted)
{
  skip_blanks (reader);
  if (reader->at >= reader->end || *reader->at != wanted)
    return FALSE;
  reader->at++;
  return TRUE;
}

static gboolean
read_hex4 (Reader *reader, gunichar *unit)
{
  *unit = 0;
  if (reader->end - reader->at < 4)
    return fail (reader, "an unfinished \\u escape");
  for (guint i = 0; i < 4; i++) {
    gint digit = g_ascii_xdigit_value (*reader->at++);

    if (digit < 0)
      return fail (reader, "a \\u escape without four hexadecimal digits");
    *unit = *unit << 4 | (gunichar)digit;
  }
  return TRUE;
}

static gboolean
read_unicode (Reader *reader, GString *string)
{
  gunichar unit;
  gunichar low;

  if (!read_hex4 (reader, &unit))
    return FALSE;
  if (unit == 0)
    return fail (reader, "a zero character in a string");
  if (unit >= 0xd800 && unit <= 0xdfff) {
    if (unit >= 0xdc00 || reader->end - reader->at < 2 || reader->at[0] != '\\' || reader->at[1] != 'u')
      return fail (reader, "half a surrogate pair");
    reader->at += 2;
    if (!read_hex4 (reader, &low))
      return FALSE;
    if (low < 0xdc00 || low > 0xdfff)
      return fail (reader, "half a surrogate pair");
    unit = 0x10000 + ((unit & 0x3ff) << 10) + (low & 0x3ff);
  }
  g_string_append_unichar (string, unit);
  return TRUE;
}

static gboolean
read_escape (Reader *reader, GString *string)
{
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  const char *name;

  if (reader->at >= reader->end)
    return fail (reader, "an unfinished string");
  if (*reader->at == 'u') {
    reader->at++;
    return read_unicode (reader, string);
  }
  name = *reader->at != '\0' ? strchr (names, *reader->at) : NULL;
  if (name == NULL)
    return fail (reader, "an unknown escape in a string");
  g_string_append_c (string, values[name - names]);
  reader->at++;
  return TRUE;
}

/* After the opening quote; the text has been found to be UTF-8 before. transfer full. */
static char *
read_string (Reader *reader)
{
  g_autoptr (GString) string = NULL;
  const char *start = reader->at;

  while (reader->at < reader->end) {
    char c = *reader->at++;

    if ((guchar)c < 0x20)
      break;
    if (c != '"' && c != '\\')
      continue;
    if (string == NULL && c == '"')
      return g_strndup (start, (gsize)(reader->at - 1 - start));
    if (string == NULL)
      string = g_string_sized_new (64);
    g_string_append_len (string, start, reader->at - 1 - start);
    if (c == '"')
      return g_string_free (g_steal_pointer (&string), FALSE);
    if (!read_escape (reader, string))
      return NULL;
    start = reader->at;
  }
  fail (reader, "an unfinished string, or a control character in one");
  return NULL;
}

static gsize
skip_digits (Reader *reader)
{
  const char *start = reader->at;

  while (reader->at < reader->end && g_ascii_isdigit (*reader->at))
    reader->at++;
  return (gsize)(reader->at - start);
}

static gboolean
skip_number (Reader *reader, gboolean *whole)
{
  *whole = TRUE;
  if (reader->at < reader->end && *reader->at == '-')
    reader->at++;
  if (reader->at < reader->end && *reader->at == '0')
    reader->at++;
  else if (skip_digits (reader) == 0)
    return fail (reader, "something that is not a value");
  if (reader->at < reader->end && *reader->at == '.') {
    *whole = FALSE;
    reader->at++;
    if (skip_digits (reader) == 0)
      return fail (reader, "a number without digits after the point");
  }
  if (reader->at < reader->end && (*reader->at == 'e' || *reader->at == 'E')) {
    *whole = FALSE;
    reader->at++;
    if (reader->at < reader->end && (*reader->at == '+' || *reader->at == '-'))
      reader->at++;
    if (skip_digits (reader) == 0)
      return fail (reader, "a number without digits in the exponent");
  }
  return TRUE;
}

static JsonNode *
read_number (Reader *reader)
{
  g_autofree char *copy = NULL;
  const char *start = reader->at;
  gboolean whole;
  gint64 integer;

  if (!skip_number (reader, &whole))
    return NULL;
  copy = g_strndup (start, (gsize)(reader->at - start));
  if (whole && g_ascii_string_to_signed (copy, 10, G_MININT64, G_MAXINT64, &integer, NULL))
    return json_node_init_int (json_node_alloc (), integer);
  return json_node_init_double (json_node_alloc (), g_ascii_strtod (copy, NULL));
}

static JsonArray *
read_array (Reader *reader)
{
  g_autoptr (JsonArray) array = json_array_new ();

  if (take (reader, ']'))
    return g_steal_pointer (&array);
  do {
    JsonNode *value = read_value (reader);

    if (value == NULL)
      return NULL;
    json_array_add_element (array, value);
  } while (take (reader, ','));
  if (!take (reader, ']')) {
    fail (reader, "an array that is not closed");
    return NULL;
  }
  return g_steal_pointer (&array);
}

static gboolean
read_member (Reader *reader, JsonObject *object)
{
  g_autofree char *name = NULL;
  JsonNode *value;

  if (!take (reader, '"'))
    return fail (reader, "a member without a name");
  name = read_string (reader);
  if (name == NULL)
    return FALSE;
  if (!take (reader, ':'))
    return fail (reader, "a name without a colon");
  value = read_value (reader);
  if (value == NULL)
    return FALSE;
  json_object_set_member (object, name, value);
  return TRUE;
}

static JsonObject *
read_object (Reader *reader)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (take (reader, '}'))
    return g_steal_pointer (&object);
  do {
    if (!read_member (reader, object))
      return NULL;
  } while (take (reader, ','));
  if (!take (reader, '}')) {
    fail (reader, "an object that is not closed");
    return NULL;
  }
  return g_steal_pointer (&object);
}

static JsonNode *
read_container (Reader *reader, char opening)
{
  JsonObject *object = NULL;
  JsonArray *array = NULL;
  JsonNode *node = NULL;

  if (reader->depth == OCS_NESTING_MAX) {
    fail (reader, "too many brackets in each other");
    return NULL;
  }
  reader->depth++;
  if (opening == '{')
    object = read_object (reader);
  else
    array = read_array (reader);
  reader->depth--;
  if (object != NULL) {
    node = json_node_alloc ();
    json_node_init (node, JSON_NODE_OBJECT);
    json_node_take_object (node, object);
  }
  if (array != NULL) {
    node = json_node_alloc ();
    json_node_init (node, JSON_NODE_ARRAY);
    json_node_take_array (node, array);
  }
  return node;
}

static gboolean
take_word (Reader *reader, const char *word)
{
  gsize length = strlen (word);

  if ((gsize)(reader->end - reader->at) < length || memcmp (reader->at, word, length) != 0)
    return FALSE;
  reader->at += length;
  return TRUE;
}

static JsonNode *
read_string_node (Reader *reader)
{
  g_autofree char *string = read_string (reader);

  return string != NULL ? json_node_init_string (json_node_alloc (), string) : NULL;
}

static JsonNode *
read_value (Reader *reader)
{
  if (reader->nodes++ == reader->nodes_max) {
    fail (reader, "too many values");
    return NULL;
  }
  if (take (reader, '"'))
    return read_string_node (reader);
  if (take (reader, '{'))
    return read_container (reader, '{');
  if (take (reader, '['))
    return read_container (reader, '[');
  if (take_word (reader, "true"))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (take_word (reader, "false"))
    return json_node_init_boolean (json_node_alloc (), FALSE);
  if (take_word (reader, "null"))
    return json_node_init_null (json_node_alloc ());
  return read_number (reader);
}

JsonObject *
ocs_parse_object (const char *text, gsize length, guint nodes_max, GError **error)
{
  Reader reader = {.at = text, .end = text + length, .nodes_max = nodes_max};
  g_autoptr (JsonObject) object = NULL;

  if (!g_utf8_validate_len (text, length, NULL)) {
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the message is not UTF-8");
    return NULL;
  }
  if (take (&reader, '{')) {
    reader.depth = 1;
    object = read_object (&reader);
  } else {
    fail (&reader, "something that is not an object");
  }
  skip_blanks (&reader);
  if (object != NULL && reader.at != reader.end) {
    fail (&reader, "more text after the object");
    g_clear_pointer (&object, json_object_unref);
  }
  if (object == NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the JSON text has %s at byte %" G_GSIZE_FORMAT, reader.wrong,
                 (gsize)(reader.at - text));
  return g_steal_pointer (&object);
}
