/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lays a section out. Field and section names stay the server's, so that what is read here is found again in its console. */
#define G_LOG_DOMAIN "ocs-listing"
#include "tray/ctl/listing.h"
#include "ipc/json.h"
#include "tray/ctl/sheet.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define INDENT "  "
/* A column with fewer characters than this tells nothing any more. */
#define NARROWEST 8

OcsListing *
ocs_listing_new (const char *name)
{
  OcsListing *listing = g_new0 (OcsListing, 1);
  listing->name = g_strdup (name);
  listing->entries = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  listing->notes = g_ptr_array_new_with_free_func (g_free);
  return listing;
}

void
ocs_listing_free (OcsListing *listing)
{
  g_free (listing->name);
  g_ptr_array_unref (listing->entries);
  g_ptr_array_unref (listing->notes);
  g_free (listing);
}

void
ocs_listing_add (OcsListing *listing, JsonArray *entries, JsonArray *notes)
{
  for (guint i = 0; entries && i < json_array_get_length (entries); i++) {
    JsonNode *node = json_array_get_element (entries, i);
    if (JSON_NODE_HOLDS_OBJECT (node))
      g_ptr_array_add (listing->entries, json_node_dup_object (node));
  }
  for (guint i = 0; notes && i < json_array_get_length (notes); i++) {
    JsonNode *node = json_array_get_element (notes, i);
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      g_ptr_array_add (listing->notes, json_node_dup_string (node));
  }
}

/* The names of fields that say something in any entry, in the order of their first appearance. Elements are borrowed from the entries. */
static GPtrArray *
fields_of (const OcsListing *listing)
{
  GPtrArray *fields = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < listing->entries->len; i++) {
    JsonObject *entry = g_ptr_array_index (listing->entries, i);
    JsonObjectIter iter;
    const char *name;
    json_object_iter_init_ordered (&iter, entry);
    while (json_object_iter_next_ordered (&iter, &name, NULL)) {
      const char *value = ocs_json_string (entry, name);
      if (value && *value && g_hash_table_add (seen, (gpointer)name))
        g_ptr_array_add (fields, (gpointer)name);
    }
  }
  return fields;
}

static void
append_indented (GString *text, const OcsSheet *sheet)
{
  g_autofree char *formatted = ocs_sheet_format (sheet);
  g_auto (GStrv) lines = g_strsplit (formatted, "\n", -1);
  for (guint i = 0; lines[i] && lines[i + 1]; i++)
    g_string_append_printf (text, "%s%s\n", *lines[i] ? INDENT : "", lines[i]);
}

static OcsSheet *
table_new (const OcsListing *listing, const GPtrArray *fields)
{
  OcsSheet *sheet = ocs_sheet_new ();
  g_autoptr (GPtrArray) cells = g_ptr_array_new ();
  ocs_sheet_add_row (sheet, fields);
  for (guint i = 0; i < listing->entries->len; i++) {
    g_ptr_array_set_size (cells, 0);
    for (guint column = 0; column < fields->len; column++)
      g_ptr_array_add (cells, (gpointer)ocs_json_string (listing->entries->pdata[i], fields->pdata[column]));
    ocs_sheet_add_row (sheet, cells);
  }
  return sheet;
}

static void
append_entry (GString *text, JsonObject *entry, const GPtrArray *fields)
{
  g_autoptr (OcsSheet) sheet = ocs_sheet_new ();
  for (guint i = 0; i < fields->len; i++)
    ocs_sheet_add (sheet, fields->pdata[i], ocs_json_string (entry, fields->pdata[i]));
  append_indented (text, sheet);
}

static void
append_entries (GString *text, const OcsListing *listing, int width)
{
  g_autoptr (GPtrArray) fields = fields_of (listing);
  if (fields->len == 0)
    return;
  if (listing->entries->len > 1) {
    g_autoptr (OcsSheet) table = table_new (listing, fields);
    if (width == 0 || ocs_sheet_fit (table, width - (int)strlen (INDENT), NARROWEST)) {
      append_indented (text, table);
      return;
    }
  }
  for (guint i = 0; i < listing->entries->len; i++) {
    if (i > 0)
      g_string_append_c (text, '\n');
    append_entry (text, listing->entries->pdata[i], fields);
  }
}

char *
ocs_listing_format (const OcsListing *listing, int width)
{
  g_autoptr (OcsSheet) notes = ocs_sheet_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *name = ocs_sheet_clean (listing->name);
  g_string_append_printf (text, "%s (%u)\n", name, listing->entries->len);
  append_entries (text, listing, width);
  for (guint i = 0; i < listing->notes->len; i++) {
    g_autofree char *note = g_strdup_printf (_ ("left out: %s"), (const char *)listing->notes->pdata[i]);
    ocs_sheet_add_cells (notes, note, NULL);
  }
  append_indented (text, notes);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
