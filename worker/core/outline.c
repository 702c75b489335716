/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/outline.h"
#include "ipc/json.h"
#include <string.h>

#define LABEL_MAX 120 /* characters of an entry's values that a person gets to see */
#define MARK '\t'     /* between the label and what tells entries of the same label apart */
#define MARK_LENGTH 12

/* What there is once changes by the field. */
static gboolean
is_single (const char *section)
{
  return g_str_equal (section, "HARDWARE") || g_str_equal (section, "BIOS");
}

static void
add_fields (GPtrArray *lines, JsonObject *entry)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init_ordered (&iter, entry);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    g_ptr_array_add (lines, g_strdup_printf ("%s: %s", name, ocs_json_string (entry, name)));
}

static char *
line_of (JsonObject *entry)
{
  g_autofree char *whole = ocs_json_write (entry);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, whole, -1);
  g_autoptr (GString) label = g_string_new (NULL);
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init_ordered (&iter, entry);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    g_string_append_printf (label, "%s%s", label->len > 0 ? ", " : "", ocs_json_string (entry, name));
  if (g_utf8_strlen (label->str, -1) > LABEL_MAX)
    g_string_truncate (label, (gsize)(g_utf8_offset_to_pointer (label->str, LABEL_MAX) - label->str));
  g_strdelimit (label->str, "\t\n\r", ' ');
  return g_strdup_printf ("%s%c%.*s", label->str, MARK, MARK_LENGTH, digest);
}

static GPtrArray *
lines_of (const OcsInventory *inventory, const char *section)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  gsize count = ocs_inventory_count (inventory, section);
  g_autoptr (JsonArray) entries = ocs_inventory_to_json (inventory, section, 0, count, NULL);

  for (guint i = 0; i < json_array_get_length (entries); i++) {
    JsonObject *entry = json_array_get_object_element (entries, i);

    if (is_single (section))
      add_fields (lines, entry);
    else
      g_ptr_array_add (lines, line_of (entry));
  }
  return lines;
}

JsonObject *
ocs_outline_of (const OcsInventory *inventory)
{
  JsonObject *outline = json_object_new ();
  const char *section;
  gsize total = 0;

  for (guint i = 0; (section = ocs_inventory_section (inventory, i)) != NULL; i++) {
    g_autoptr (GPtrArray) lines = lines_of (inventory, section);
    JsonArray *array = json_array_sized_new (lines->len);

    for (guint k = 0; k < lines->len; k++)
      json_array_add_string_element (array, lines->pdata[k]);
    json_object_set_array_member (outline, section, array);
    total += lines->len;
  }
  if (total <= OCS_OUTLINE_LINES_MAX)
    return outline;
  json_object_unref (outline);
  return json_object_new ();
}

/* Line → how often it is there. */
static GHashTable *
count_lines (JsonArray *array)
{
  GHashTable *lines = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    const char *line = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

    if (line != NULL)
      g_hash_table_insert (lines, (gpointer)line, GINT_TO_POINTER (GPOINTER_TO_INT (g_hash_table_lookup (lines, line)) + 1));
  }
  return lines;
}

static void
tell (GPtrArray *told, const char *line)
{
  if (told->len < OCS_OUTLINE_TOLD_MAX)
    g_ptr_array_add (told, g_strndup (line, strcspn (line, "\t")));
}

gboolean
ocs_outline_compare (JsonObject *outline, const OcsInventory *inventory, const char *section, GPtrArray *come, GPtrArray *gone)
{
  JsonArray *before = ocs_json_array (outline, section);
  g_autoptr (GPtrArray) now = lines_of (inventory, section);
  g_autoptr (GHashTable) left = NULL;

  if (before == NULL)
    return FALSE;
  left = count_lines (before);
  for (guint i = 0; i < now->len; i++) {
    int count = GPOINTER_TO_INT (g_hash_table_lookup (left, now->pdata[i]));

    if (count > 0)
      g_hash_table_insert (left, now->pdata[i], GINT_TO_POINTER (count - 1));
    else
      tell (come, now->pdata[i]);
  }
  for (guint i = 0; i < json_array_get_length (before); i++) {
    JsonNode *node = json_array_get_element (before, i);
    const char *line = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
    int count = line != NULL ? GPOINTER_TO_INT (g_hash_table_lookup (left, line)) : 0;

    if (count <= 0)
      continue;
    g_hash_table_insert (left, (gpointer)line, GINT_TO_POINTER (count - 1));
    tell (gone, line);
  }
  return TRUE;
}
