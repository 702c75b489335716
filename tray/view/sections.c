/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sections of the inventory, and the search in them. Names of sections and fields stay the server's, so that what is read here is found
 * again in its console. Must not know GTK. */
#define G_LOG_DOMAIN "ocs-sections"
#include "tray/view/sections.h"

#include "ipc/error.h"
#include "ipc/json.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  char *name;  /* owned */
  char *value; /* owned */
} Field;

typedef struct {
  char *label;       /* owned; what tells it from its neighbours */
  GPtrArray *fields; /* owned; element-type Field */
} Entry;

typedef struct {
  char *name;         /* owned */
  GPtrArray *entries; /* owned; element-type Entry */
  GPtrArray *notes;   /* owned; element-type char*; whole sentences */
} Section;

struct _OcsSections {
  GPtrArray *sections; /* owned; element-type Section */
  GPtrArray *changes;  /* owned; element-type Field: the section, and what has come or gone */
  gboolean compared;   /* the worker tells of changes */
  guint fields;
};

/* A worker that tells nonsense must not make the tree useless. */
#define CHANGES_MAX 1000

/* The field that names an entry, the best first. */
static const char *const names[] = {"NAME",   "CAPTION", "VOLUMN", "DESCRIPTION", "LOGIN", "MODEL",
                                    "DEVICE", "TYPE",    "ID",     "IPADDRESS",   "KEY",   "MANUFACTURER"};

static void
field_free (gpointer data)
{
  Field *field = data;
  g_free (field->name);
  g_free (field->value);
  g_free (field);
}

static void
entry_free (gpointer data)
{
  Entry *entry = data;
  g_free (entry->label);
  g_ptr_array_unref (entry->fields);
  g_free (entry);
}

static void
section_free (gpointer data)
{
  Section *section = data;
  g_free (section->name);
  g_ptr_array_unref (section->entries);
  g_ptr_array_unref (section->notes);
  g_free (section);
}

OcsSections *
ocs_sections_new (void)
{
  OcsSections *sections = g_new0 (OcsSections, 1);
  sections->sections = g_ptr_array_new_with_free_func (section_free);
  sections->changes = g_ptr_array_new_with_free_func (field_free);
  return sections;
}

void
ocs_sections_free (OcsSections *sections)
{
  g_ptr_array_unref (sections->sections);
  g_ptr_array_unref (sections->changes);
  g_free (sections);
}

static Section *
section_of (OcsSections *sections, const char *name)
{
  Section *last = sections->sections->len > 0 ? sections->sections->pdata[sections->sections->len - 1] : NULL;
  if (last && strcmp (last->name, name) == 0)
    return last;
  Section *section = g_new0 (Section, 1);
  section->name = g_strdup (name);
  section->entries = g_ptr_array_new_with_free_func (entry_free);
  section->notes = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (sections->sections, section);
  return section;
}

static char *
label_of (JsonObject *object, guint number)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *value = ocs_json_string (object, names[i]);
    if (value && *value)
      return g_strdup (value);
  }
  return g_strdup_printf (_ ("Entry %u"), number);
}

/* An entry that says nothing is left out. */
static void
add_entry (OcsSections *sections, Section *section, JsonObject *object)
{
  g_autoptr (GPtrArray) fields = g_ptr_array_new_with_free_func (field_free);
  JsonObjectIter iter;
  const char *name;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, NULL)) {
    const char *value = ocs_json_string (object, name);
    if (value == NULL || *value == '\0')
      continue;
    Field *field = g_new0 (Field, 1);
    field->name = g_strdup (name);
    field->value = g_strdup (value);
    g_ptr_array_add (fields, field);
  }
  if (fields->len == 0)
    return;
  sections->fields += fields->len;
  Entry *entry = g_new0 (Entry, 1);
  entry->label = label_of (object, section->entries->len + 1);
  entry->fields = g_steal_pointer (&fields);
  g_ptr_array_add (section->entries, entry);
}

static void
add_changes (OcsSections *sections, const char *section, JsonArray *lines, gboolean come)
{
  for (guint i = 0; lines && i < json_array_get_length (lines); i++) {
    JsonNode *node = json_array_get_element (lines, i);
    const char *line =
        JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
    if (line == NULL || sections->changes->len >= CHANGES_MAX)
      continue;
    Field *field = g_new0 (Field, 1);
    field->name = g_strdup (section);
    field->value = g_strdup_printf (come ? C_ ("in the inventory", "new: %s") : C_ ("in the inventory", "gone: %s"), line);
    g_ptr_array_add (sections->changes, field);
  }
}

gboolean
ocs_sections_add (OcsSections *sections, JsonObject *reply, GError **error)
{
  const char *name = ocs_json_string (reply, "section");
  JsonArray *entries = ocs_json_array (reply, "entries");
  JsonArray *notes = ocs_json_array (reply, "notes");
  if (name == NULL)
    return TRUE;
  sections->compared = sections->compared || ocs_json_array (reply, "come") != NULL;
  add_changes (sections, name, ocs_json_array (reply, "come"), TRUE);
  add_changes (sections, name, ocs_json_array (reply, "gone"), FALSE);
  Section *section = section_of (sections, name);
  for (guint i = 0; entries && i < json_array_get_length (entries); i++) {
    JsonNode *node = json_array_get_element (entries, i);
    if (JSON_NODE_HOLDS_OBJECT (node))
      add_entry (sections, section, json_node_get_object (node));
  }
  for (guint i = 0; notes && i < json_array_get_length (notes); i++) {
    JsonNode *node = json_array_get_element (notes, i);
    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      g_ptr_array_add (section->notes, json_node_dup_string (node));
  }
  if (sections->fields + sections->sections->len <= OCS_SECTIONS_FIELDS_MAX)
    return TRUE;
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the worker's inventory has no end: restart the worker");
  return FALSE;
}

/* Words that are found are crossed out; below only the rest is looked for. Transfer full; NULL where all are found. */
static char **
words_left (char **words, const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autoptr (GPtrArray) left = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; words && words[i]; i++)
    if (strstr (folded, words[i]) == NULL)
      g_ptr_array_add (left, g_strdup (words[i]));
  if (left->len == 0)
    return NULL;
  g_ptr_array_add (left, NULL);
  g_ptr_array_set_free_func (left, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&left), FALSE);
}

static void
add_row (GArray *rows, int depth, const char *name, const char *value, guint entries)
{
  OcsSectionRow row = {.depth = depth, .name = name, .value = value, .entries = entries};
  g_array_append_val (rows, row);
}

static void
add_fields (GArray *rows, const Entry *entry, int depth, char **words)
{
  for (guint i = 0; i < entry->fields->len; i++) {
    const Field *field = entry->fields->pdata[i];
    g_auto (GStrv) after_name = words_left (words, field->name);
    g_auto (GStrv) left = words_left (after_name, field->value);
    if (left == NULL)
      add_row (rows, depth, field->name, field->value, 0);
  }
}

/* A section of one entry, as HARDWARE, shows its fields at once. */
static void
add_entries (GArray *rows, const Section *section, char **words)
{
  gboolean single = section->entries->len == 1;
  for (guint i = 0; i < section->entries->len; i++) {
    const Entry *entry = section->entries->pdata[i];
    g_auto (GStrv) left = single ? g_strdupv (words) : words_left (words, entry->label);
    guint before = rows->len;
    if (!single)
      add_row (rows, 1, entry->label, NULL, 0);
    add_fields (rows, entry, single ? 1 : 2, left);
    if (!single && rows->len == before + 1)
      g_array_set_size (rows, before);
  }
}

static void
add_changed (GArray *rows, const OcsSections *sections, char **words)
{
  guint before = rows->len;
  if (sections->changes->len == 0)
    return;
  add_row (rows, 0, _ ("Changed since the last inventory that was sent"), NULL, sections->changes->len);
  for (guint i = 0; i < sections->changes->len; i++) {
    const Field *change = sections->changes->pdata[i];
    g_auto (GStrv) after_name = words_left (words, change->name);
    g_auto (GStrv) left = words_left (after_name, change->value);
    if (left == NULL)
      add_row (rows, 1, change->name, change->value, 0);
  }
  if (rows->len == before + 1)
    g_array_set_size (rows, before);
}

GArray *
ocs_sections_rows (const OcsSections *sections, const char *search)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (OcsSectionRow));
  g_autofree char *folded = g_utf8_casefold (search, -1);
  g_auto (GStrv) split = g_strsplit_set (folded, " \t\n", -1);
  g_auto (GStrv) words = words_left (split, "");
  add_changed (rows, sections, words);
  for (guint i = 0; i < sections->sections->len; i++) {
    const Section *section = sections->sections->pdata[i];
    g_auto (GStrv) left = words_left (words, section->name);
    guint before = rows->len;
    add_row (rows, 0, section->name, NULL, section->entries->len);
    for (guint note = 0; note < section->notes->len; note++) {
      g_auto (GStrv) missing = words_left (left, section->notes->pdata[note]);
      if (missing == NULL)
        add_row (rows, 1, _ ("left out"), section->notes->pdata[note], 0);
    }
    add_entries (rows, section, left);
    if (left && rows->len == before + 1)
      g_array_set_size (rows, before);
  }
  return rows;
}

char *
ocs_sections_words (const OcsSections *sections)
{
  guint count = sections->sections->len;
  g_autofree char *first = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u section", "%u sections", count), count);
  g_autofree char *second = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u value", "%u values", sections->fields), sections->fields);
  return g_strdup_printf (C_ ("sections, values", "%s, %s"), first, second);
}

char *
ocs_sections_changes (const OcsSections *sections)
{
  guint count = sections->changes->len;
  if (!sections->compared)
    return NULL;
  if (count == 0)
    return g_strdup (_ ("nothing has changed since the last one was sent"));
  return g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u change since the last one was sent", "%u changes since the last one was sent", count), count);
}
