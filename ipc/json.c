/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tolerant getters, and a writer that always gives valid JSON: what is not UTF-8 in a value (a name from a disk) is made so. */
#define G_LOG_DOMAIN "ocs-json"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "ipc/parse.h"
#include <math.h>
#include <string.h>

static JsonNode *
member_of (JsonObject *object, const char *member, JsonNodeType type)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_TYPE (node) == type ? node : NULL;
}

const char *
ocs_json_string (JsonObject *object, const char *member)
{
  JsonNode *node = member_of (object, member, JSON_NODE_VALUE);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

gint64
ocs_json_int (JsonObject *object, const char *member, gint64 fallback)
{
  JsonNode *node = member_of (object, member, JSON_NODE_VALUE);

  if (node == NULL)
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (json_node_get_value_type (node) == G_TYPE_DOUBLE) {
    gdouble value = json_node_get_double (node);

    /* Some languages write every number as a double. Above 2^53 its neighbours are no longer whole. */
    return fabs (value) <= 9007199254740992.0 ? (gint64)value : fallback;
  }
  return fallback;
}

gboolean
ocs_json_bool (JsonObject *object, const char *member, gboolean fallback)
{
  JsonNode *node = member_of (object, member, JSON_NODE_VALUE);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN ? json_node_get_boolean (node) : fallback;
}

JsonObject *
ocs_json_object (JsonObject *object, const char *member)
{
  JsonNode *node = member_of (object, member, JSON_NODE_OBJECT);

  return node != NULL ? json_node_get_object (node) : NULL;
}

JsonArray *
ocs_json_array (JsonObject *object, const char *member)
{
  JsonNode *node = member_of (object, member, JSON_NODE_ARRAY);

  return node != NULL ? json_node_get_array (node) : NULL;
}

GHashTable *
ocs_json_string_map (JsonObject *object, const char *member)
{
  GHashTable *map = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  JsonObject *source = ocs_json_object (object, member);
  JsonObjectIter iter;
  const char *name;

  if (source == NULL)
    return map;
  json_object_iter_init (&iter, source);
  while (json_object_iter_next (&iter, &name, NULL)) {
    const char *value = ocs_json_string (source, name);

    if (value != NULL)
      g_hash_table_replace (map, g_strdup (name), g_strdup (value));
  }
  return map;
}

void
ocs_json_set_string (JsonObject *object, const char *member, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, member, value);
}

void
ocs_json_set_object (JsonObject *object, const char *member, JsonObject *value)
{
  if (value != NULL)
    json_object_set_object_member (object, member, value);
}

static void write_object (GString *out, JsonObject *object);

static void
write_character (GString *out, guchar c)
{
  static const char values[] = "\"\\\b\f\n\r\t";
  static const char names[] = "\"\\bfnrt";
  const char *value = strchr (values, c);

  if (value != NULL) {
    g_string_append_c (out, '\\');
    g_string_append_c (out, names[value - values]);
  } else {
    g_string_append_printf (out, "\\u%04x", c);
  }
}

static void
write_string (GString *out, const char *string)
{
  g_autofree char *valid = NULL;
  const char *start;
  const char *at;

  if (!g_utf8_validate (string, -1, NULL))
    string = valid = g_utf8_make_valid (string, -1);
  g_string_append_c (out, '"');
  for (start = at = string; *at != '\0'; at++) {
    if ((guchar)*at >= 0x20 && *at != '"' && *at != '\\' && *at != 0x7f)
      continue;
    g_string_append_len (out, start, at - start);
    write_character (out, (guchar)*at);
    start = at + 1;
  }
  g_string_append_len (out, start, at - start);
  g_string_append_c (out, '"');
}

static void
write_value (GString *out, JsonNode *node)
{
  GType type = json_node_get_value_type (node);
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (type == G_TYPE_STRING)
    write_string (out, json_node_get_string (node));
  else if (type == G_TYPE_INT64)
    g_string_append_printf (out, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else if (type == G_TYPE_BOOLEAN)
    g_string_append (out, json_node_get_boolean (node) ? "true" : "false");
  else if (type == G_TYPE_DOUBLE && isfinite (json_node_get_double (node)))
    g_string_append (out, g_ascii_dtostr (buffer, sizeof buffer, json_node_get_double (node)));
  else
    g_string_append (out, "null");
}

static void
write_node (GString *out, JsonNode *node)
{
  JsonNodeType type = JSON_NODE_TYPE (node);
  JsonArray *array;

  if (type == JSON_NODE_OBJECT && json_node_get_object (node) != NULL) {
    write_object (out, json_node_get_object (node));
  } else if (type == JSON_NODE_ARRAY && json_node_get_array (node) != NULL) {
    array = json_node_get_array (node);
    g_string_append_c (out, '[');
    for (guint i = 0; i < json_array_get_length (array); i++) {
      if (i > 0)
        g_string_append_c (out, ',');
      write_node (out, json_array_get_element (array, i));
    }
    g_string_append_c (out, ']');
  } else if (type == JSON_NODE_VALUE) {
    write_value (out, node);
  } else {
    g_string_append (out, "null");
  }
}

static void
write_object (GString *out, JsonObject *object)
{
  gboolean first = TRUE;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  g_string_append_c (out, '{');
  /* Ordered, so that the same value gives the same text. */
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node)) {
    if (!first)
      g_string_append_c (out, ',');
    first = FALSE;
    write_string (out, name);
    g_string_append_c (out, ':');
    write_node (out, node);
  }
  g_string_append_c (out, '}');
}

char *
ocs_json_write (JsonObject *object)
{
  GString *out = g_string_sized_new (512);

  write_object (out, object);
  return g_string_free (out, FALSE);
}

JsonObject *
ocs_json_parse (const char *text, gsize length, GError **error)
{
  return ocs_parse_object (text, length, OCS_NODES_MAX, error);
}
