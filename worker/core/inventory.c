/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See inventory.h. The order of the table is the order in the request: two runs on an idle machine give the same bytes. */
#include "worker/core/inventory.h"
#include "worker/core/xml.h"
#include <string.h>

typedef struct {
  const char *name;
  guint32 bit; /* in HARDWARE/CHECKSUM (Ocsinventory::Agent::XML::Inventory, OCSInventory-Server Map.pm); 0: always taken */
  gboolean single;
} Section;

static const Section sections[] = {
    {"BATTERIES", 1048576, FALSE},  {"BIOS", 2, TRUE},         {"CONTROLLERS", 32, FALSE},
    {"CPUS", 262144, FALSE},        {"DRIVES", 512, FALSE},    {"HARDWARE", 1, TRUE},
    {"INPUTS", 1024, FALSE},        {"JAVAINFO", 0, TRUE},     {"LOCAL_GROUPS", 0, FALSE},
    {"LOCAL_USERS", 0, FALSE},      {"MEMORIES", 4, FALSE},    {"MODEMS", 2048, FALSE},
    {"MONITORS", 64, FALSE},        {"NETWORKS", 4096, FALSE}, {"PORTS", 128, FALSE},
    {"PRINTERS", 8192, FALSE},      {"REPOSITORY", 0, FALSE},  {"SLOTS", 8, FALSE},
    {"SOFTWARES", 65536, FALSE},    {"SOUNDS", 16384, FALSE},  {"STORAGES", 256, FALSE},
    {"USBDEVICES", 2097152, FALSE}, {"VIDEOS", 32768, FALSE},  {"VIRTUALMACHINES", 131072, FALSE},
};
#define SECTIONS_N G_N_ELEMENTS (sections)

typedef struct {
  const char *name;  /* borrowed: static */
  const char *value; /* borrowed: in the inventory's chunk; cleaned */
} Field;

struct _OcsEntry {
  OcsInventory *inventory; /* borrowed: owns us */
  GArray *fields;          /* owned; of Field */
};

/* A section that is not in the table: of a plugin of the server's, or for notes alone. */
typedef struct {
  const char *name;   /* borrowed: interned */
  GPtrArray *entries; /* owned; of OcsEntry */
} Extra;

struct _OcsInventory {
  GPtrArray *entries[SECTIONS_N]; /* owned; NULL until the first entry; of OcsEntry */
  GPtrArray *notes;               /* owned; of OcsNote */
  GPtrArray *extras;              /* owned; of Extra */
  GStringChunk *values;           /* owned */
  GPtrArray *absorbed;            /* owned; of GStringChunk: the values of those that were taken in */
};

static void
entry_free (gpointer data)
{
  OcsEntry *entry = data;
  g_array_unref (entry->fields);
  g_free (entry);
}

static void
note_free (gpointer data)
{
  OcsNote *note = data;
  g_free (note->why);
  g_free (note);
}

static void
extra_free (gpointer data)
{
  Extra *extra = data;
  g_ptr_array_unref (extra->entries);
  g_free (extra);
}

OcsInventory *
ocs_inventory_new (void)
{
  OcsInventory *inventory = g_new0 (OcsInventory, 1);
  inventory->notes = g_ptr_array_new_with_free_func (note_free);
  inventory->extras = g_ptr_array_new_with_free_func (extra_free);
  inventory->values = g_string_chunk_new (4 * 1024);
  inventory->absorbed = g_ptr_array_new_with_free_func ((GDestroyNotify)g_string_chunk_free);
  return inventory;
}

void
ocs_inventory_free (OcsInventory *inventory)
{
  if (inventory == NULL)
    return;
  for (gsize i = 0; i < SECTIONS_N; i++)
    g_clear_pointer (&inventory->entries[i], g_ptr_array_unref);
  g_ptr_array_unref (inventory->notes);
  g_ptr_array_unref (inventory->extras);
  g_string_chunk_free (inventory->values);
  g_ptr_array_unref (inventory->absorbed);
  g_free (inventory);
}

/* SECTIONS_N for a name that is not in the table. */
static gsize
section_index (const char *name)
{
  gsize i = 0;
  while (i < SECTIONS_N && strcmp (sections[i].name, name) != 0)
    i++;
  return i;
}

static GPtrArray *
section_entries (const OcsInventory *inventory, const char *name)
{
  gsize i = section_index (name);
  if (i < SECTIONS_N)
    return inventory->entries[i];
  for (guint k = 0; k < inventory->extras->len; k++) {
    const Extra *extra = inventory->extras->pdata[k];
    if (strcmp (extra->name, name) == 0)
      return extra->entries;
  }
  return NULL;
}

/* borrowed. */
static GPtrArray *
extra_entries (OcsInventory *inventory, const char *name)
{
  GPtrArray *entries = section_entries (inventory, name);
  if (entries != NULL)
    return entries;
  Extra *extra = g_new0 (Extra, 1);
  extra->name = g_intern_string (name);
  extra->entries = g_ptr_array_new_with_free_func (entry_free);
  g_ptr_array_add (inventory->extras, extra);
  return extra->entries;
}

OcsEntry *
ocs_inventory_add (OcsInventory *inventory, const char *section)
{
  gsize i = section_index (section);
  if (i < SECTIONS_N && inventory->entries[i] == NULL)
    inventory->entries[i] = g_ptr_array_new_with_free_func (entry_free);
  else if (i < SECTIONS_N && sections[i].single)
    return g_ptr_array_index (inventory->entries[i], 0);
  GPtrArray *entries = i < SECTIONS_N ? inventory->entries[i] : extra_entries (inventory, section);
  OcsEntry *entry = g_new0 (OcsEntry, 1);
  entry->inventory = inventory;
  entry->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  g_ptr_array_add (entries, entry);
  return entry;
}

static Field *
entry_find (const OcsEntry *entry, const char *field)
{
  for (guint i = 0; i < entry->fields->len; i++) {
    Field *at = &g_array_index (entry->fields, Field, i);
    if (strcmp (at->name, field) == 0)
      return at;
  }
  return NULL;
}

void
ocs_entry_set_n (OcsEntry *entry, const char *field, const char *value, gsize length)
{
  g_return_if_fail (entry != NULL);
  if (value == NULL || length == 0)
    return;
  g_autofree char *clean = g_strstrip (ocs_xml_clean (value, (gssize)length));
  if (*clean == '\0')
    return;
  const char *kept = g_string_chunk_insert (entry->inventory->values, clean);
  Field *old = entry_find (entry, field);
  if (old != NULL) {
    old->value = kept;
  } else {
    Field fresh = {field, kept};
    g_array_append_val (entry->fields, fresh);
  }
}

void
ocs_entry_set (OcsEntry *entry, const char *field, const char *value)
{
  if (value != NULL)
    ocs_entry_set_n (entry, field, value, strlen (value));
}

void
ocs_entry_set_int (OcsEntry *entry, const char *field, gint64 value)
{
  ocs_entry_setf (entry, field, "%" G_GINT64_FORMAT, value);
}

void
ocs_entry_setf (OcsEntry *entry, const char *field, const char *format, ...)
{
  va_list arguments;
  va_start (arguments, format);
  g_autofree char *value = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  ocs_entry_set (entry, field, value);
}

void
ocs_inventory_note (OcsInventory *inventory, const char *section, const char *why)
{
  gsize i = section_index (section);
  OcsNote *note = g_new0 (OcsNote, 1);
  if (i == SECTIONS_N)
    extra_entries (inventory, section);
  note->section = i < SECTIONS_N ? sections[i].name : g_intern_string (section);
  note->why = g_strdup (why);
  g_ptr_array_add (inventory->notes, note);
}

const GPtrArray *
ocs_inventory_notes (const OcsInventory *inventory)
{
  return inventory->notes;
}

gsize
ocs_inventory_count (const OcsInventory *inventory, const char *section)
{
  const GPtrArray *entries = section_entries (inventory, section);
  return entries == NULL ? 0 : entries->len;
}

const char *
ocs_inventory_get (const OcsInventory *inventory, const char *section, gsize index, const char *field)
{
  const GPtrArray *entries = section_entries (inventory, section);
  if (entries == NULL || index >= entries->len)
    return NULL;
  const Field *found = entry_find (g_ptr_array_index (entries, index), field);
  return found == NULL ? NULL : found->value;
}

/* The entries of one section; they keep their values, whose chunk the caller takes over. */
static void
take_entries (OcsInventory *inventory, OcsInventory *other, gsize section)
{
  GPtrArray *theirs = g_steal_pointer (&other->entries[section]);

  for (guint i = 0; i < theirs->len; i++)
    ((OcsEntry *)theirs->pdata[i])->inventory = inventory;
  if (inventory->entries[section] == NULL)
    inventory->entries[section] = theirs;
  else
    g_ptr_array_extend_and_steal (inventory->entries[section], theirs);
}

void
ocs_inventory_absorb (OcsInventory *inventory, OcsInventory *other)
{
  for (gsize i = 0; i < SECTIONS_N; i++)
    if (other->entries[i] != NULL && (!sections[i].single || inventory->entries[i] == NULL))
      take_entries (inventory, other, i);
  for (guint i = 0; i < other->extras->len; i++) {
    Extra *extra = other->extras->pdata[i];

    for (guint k = 0; k < extra->entries->len; k++)
      ((OcsEntry *)extra->entries->pdata[k])->inventory = inventory;
    g_ptr_array_extend_and_steal (extra_entries (inventory, extra->name), g_steal_pointer (&extra->entries));
    extra->entries = g_ptr_array_new ();
  }
  g_ptr_array_extend_and_steal (inventory->notes, g_steal_pointer (&other->notes));
  g_ptr_array_extend_and_steal (inventory->absorbed, g_steal_pointer (&other->absorbed));
  g_ptr_array_add (inventory->absorbed, g_steal_pointer (&other->values));
  /* What is left is an empty one. */
  other->notes = g_ptr_array_new_with_free_func (note_free);
  other->values = g_string_chunk_new (64);
  other->absorbed = g_ptr_array_new_with_free_func ((GDestroyNotify)g_string_chunk_free);
  ocs_inventory_free (other);
}

OcsInventory *
ocs_inventory_copy (const OcsInventory *inventory, const char *const *names)
{
  OcsInventory *copy = ocs_inventory_new ();

  for (guint n = 0; names[n] != NULL; n++) {
    const GPtrArray *entries = section_entries (inventory, names[n]);

    for (guint i = 0; entries != NULL && i < entries->len; i++) {
      const OcsEntry *entry = entries->pdata[i];
      OcsEntry *fresh = ocs_inventory_add (copy, names[n]);

      for (guint k = 0; k < entry->fields->len; k++)
        ocs_entry_set (fresh, g_array_index (entry->fields, Field, k).name, g_array_index (entry->fields, Field, k).value);
    }
  }
  return copy;
}

void
ocs_inventory_drop (OcsInventory *inventory, const char *section)
{
  gsize i = section_index (section);

  if (i < SECTIONS_N)
    g_clear_pointer (&inventory->entries[i], g_ptr_array_unref);
}

static int
compare_entries (gconstpointer left, gconstpointer right)
{
  const GArray *a = (*(OcsEntry *const *)left)->fields;
  const GArray *b = (*(OcsEntry *const *)right)->fields;
  for (guint i = 0; i < a->len && i < b->len; i++) {
    int order = strcmp (g_array_index (a, Field, i).value, g_array_index (b, Field, i).value);
    if (order != 0)
      return order;
  }
  return (a->len > b->len) - (a->len < b->len);
}

void
ocs_inventory_sort (OcsInventory *inventory, const char *section)
{
  GPtrArray *entries = section_entries (inventory, section);
  if (entries != NULL)
    g_ptr_array_sort (entries, compare_entries);
}

static void
append_field (GString *out, const char *name, const char *value)
{
  g_string_append (out, "      <");
  g_string_append (out, name);
  g_string_append_c (out, '>');
  ocs_xml_append_cleaned (out, value);
  g_string_append (out, "</");
  g_string_append (out, name);
  g_string_append (out, ">\n");
}

/* checksum: NULL where there is none, or the text is for a digest, which must not depend on it. */
static void
append_entries (GString *out, const char *name, const GPtrArray *entries, const guint32 *checksum)
{
  for (guint i = 0; entries != NULL && i < entries->len; i++) {
    const OcsEntry *entry = g_ptr_array_index (entries, i);
    ocs_xml_open (out, 2, name);
    for (guint j = 0; j < entry->fields->len; j++) {
      const Field *field = &g_array_index (entry->fields, Field, j);
      append_field (out, field->name, field->value);
    }
    if (checksum != NULL)
      g_string_append_printf (out, "      <CHECKSUM>%u</CHECKSUM>\n", *checksum);
    ocs_xml_close (out, 2, name);
  }
}

static void
append_section (GString *out, const OcsInventory *inventory, gsize section, const guint32 *checksum)
{
  append_entries (out, sections[section].name, inventory->entries[section], sections[section].bit == 1 ? checksum : NULL);
}

const char *
ocs_inventory_section (const OcsInventory *inventory, guint index)
{
  if (index < SECTIONS_N)
    return sections[index].name;
  return index - SECTIONS_N < inventory->extras->len ? ((Extra *)inventory->extras->pdata[index - SECTIONS_N])->name : NULL;
}

JsonArray *
ocs_inventory_to_json (const OcsInventory *inventory, const char *section, gsize first, gsize count,
                       gboolean (*hides) (const char *section, const char *field))
{
  JsonArray *array = json_array_new ();
  const GPtrArray *entries = section_entries (inventory, section);

  for (gsize i = first; entries != NULL && i < entries->len && i - first < count; i++) {
    const OcsEntry *entry = entries->pdata[i];
    JsonObject *object = json_object_new ();

    for (guint k = 0; k < entry->fields->len; k++) {
      const Field *field = &g_array_index (entry->fields, Field, k);

      if (hides == NULL || !hides (section, field->name))
        json_object_set_string_member (object, field->name, field->value);
    }
    json_array_add_object_element (array, object);
  }
  return array;
}

GHashTable *
ocs_inventory_digests (const OcsInventory *inventory)
{
  GHashTable *digests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < SECTIONS_N; i++) {
    if (sections[i].bit == 0 || inventory->entries[i] == NULL)
      continue;
    g_string_truncate (text, 0);
    append_section (text, inventory, i, NULL);
    g_hash_table_insert (digests, g_strdup (sections[i].name),
                         g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text->str, text->len));
  }
  return digests;
}

guint32
ocs_inventory_checksum (const OcsInventory *inventory, GHashTable *accepted)
{
  if (accepted == NULL)
    return OCS_CHECKSUM_EVERYTHING;
  guint32 checksum = 1;
  g_autoptr (GHashTable) digests = ocs_inventory_digests (inventory);
  for (gsize i = 0; i < SECTIONS_N; i++) {
    const char *now = g_hash_table_lookup (digests, sections[i].name);
    if (g_strcmp0 (now, g_hash_table_lookup (accepted, sections[i].name)) != 0)
      checksum |= sections[i].bit;
  }
  return checksum;
}

static void
append_account (GString *out, const GPtrArray *account)
{
  for (guint i = 0; account != NULL && i < account->len; i++) {
    const OcsPair *pair = g_ptr_array_index (account, i);
    ocs_xml_open (out, 2, "ACCOUNTINFO");
    ocs_xml_append_element (out, 3, "KEYNAME", pair->name);
    ocs_xml_append_element (out, 3, "KEYVALUE", pair->value);
    ocs_xml_close (out, 2, "ACCOUNTINFO");
  }
}

static void
append_history (GString *out, const GPtrArray *history)
{
  ocs_xml_open (out, 2, "DOWNLOAD");
  ocs_xml_open (out, 3, "HISTORY");
  for (guint i = 0; history != NULL && i < history->len; i++) {
    g_string_append (out, "        <PACKAGE ID=\"");
    ocs_xml_append_text (out, g_ptr_array_index (history, i));
    g_string_append (out, "\"/>\n");
  }
  ocs_xml_close (out, 3, "HISTORY");
  ocs_xml_close (out, 2, "DOWNLOAD");
}

char *
ocs_inventory_to_xml (const OcsInventory *inventory, const OcsEnvelope *envelope, gsize *length)
{
  GString *out = g_string_sized_new (64 * 1024);
  g_string_append (out, OCS_XML_DECLARATION);
  ocs_xml_open (out, 0, "REQUEST");
  ocs_xml_append_element (out, 1, "DEVICEID", envelope->deviceid);
  ocs_xml_append_element (out, 1, "QUERY", "INVENTORY");
  ocs_xml_open (out, 1, "CONTENT");
  if (envelope->old_deviceid != NULL)
    ocs_xml_append_element (out, 2, "OLD_DEVICEID", envelope->old_deviceid);
  append_account (out, envelope->account);
  append_history (out, envelope->history);
  if (envelope->more != NULL)
    g_string_append (out, envelope->more);
  for (gsize i = 0; i < SECTIONS_N; i++)
    append_section (out, inventory, i, &envelope->checksum);
  for (guint i = 0; i < inventory->extras->len; i++) {
    const Extra *extra = inventory->extras->pdata[i];
    append_entries (out, extra->name, extra->entries, NULL);
  }
  ocs_xml_close (out, 1, "CONTENT");
  ocs_xml_close (out, 0, "REQUEST");
  if (length != NULL)
    *length = out->len;
  return g_string_free (out, FALSE);
}
