/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One inventory as a value: sections of entries of fields, as the OCS server names them (OCSInventory-Server Apache/Ocsinventory/Map.pm),
 * their digests, and the request that carries them. Pure: who collects is worker/inventory. */
#pragma once
#include "worker/core/pair.h"
#include <json-glib/json-glib.h>

typedef struct _OcsInventory OcsInventory;
typedef struct _OcsEntry OcsEntry;

/* All sections changed. */
#define OCS_CHECKSUM_EVERYTHING 0x3FFFFFu

/* What was left out of a section, and why. */
typedef struct {
  const char *section; /* borrowed: static */
  char *why;           /* owned */
} OcsNote;

OcsInventory *ocs_inventory_new (void);
void ocs_inventory_free (OcsInventory *inventory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsInventory, ocs_inventory_free)

/* A new entry at the end of section. One that is not in the table is of a plugin of the server and comes last. HARDWARE, BIOS and JAVAINFO
 * exist once: there the same entry is returned each time (two of them make the server fail and lock the machine out). borrowed: lives as
 * long as inventory. */
OcsEntry *ocs_inventory_add (OcsInventory *inventory, const char *section);

/* Sets or replaces a field; value is cleaned (xml.h) and trimmed. NULL or nothing but space: no effect.
 * field: borrowed, a static string. */
void ocs_entry_set (OcsEntry *entry, const char *field, const char *value);
void ocs_entry_set_n (OcsEntry *entry, const char *field, const char *value, gsize length);
void ocs_entry_set_int (OcsEntry *entry, const char *field, gint64 value);
void ocs_entry_setf (OcsEntry *entry, const char *field, const char *format, ...) G_GNUC_PRINTF (3, 4);

void ocs_inventory_note (OcsInventory *inventory, const char *section, const char *why);
/* Of OcsNote. borrowed. */
const GPtrArray *ocs_inventory_notes (const OcsInventory *inventory);

gsize ocs_inventory_count (const OcsInventory *inventory, const char *section);
/* The field of the index'th entry; NULL where there is none. borrowed. */
const char *ocs_inventory_get (const OcsInventory *inventory, const char *section, gsize index, const char *field);
/* Orders the entries of section by their fields, first field first: for sources whose order is not stable. */
void ocs_inventory_sort (OcsInventory *inventory, const char *section);

/* Moves the entries and notes of other to the end of inventory's; of HARDWARE, BIOS and JAVAINFO only where inventory has none. other:
 * transfer full.
 */
void ocs_inventory_absorb (OcsInventory *inventory, OcsInventory *other);
/* A new one with the entries of these sections. names: NULL at the end. transfer full. */
OcsInventory *ocs_inventory_copy (const OcsInventory *inventory, const char *const *names);
/* Removes all entries of section. */
void ocs_inventory_drop (OcsInventory *inventory, const char *section);

/* The name of the index'th section that there can be, or is besides; NULL after the last. borrowed: lives as long as the program. */
const char *ocs_inventory_section (const OcsInventory *inventory, guint index);
/* Entries first … first + count - 1 of section as objects of their fields, but those for which hides (nullable) is TRUE. transfer full. */
JsonArray *ocs_inventory_to_json (const OcsInventory *inventory, const char *section, gsize first, gsize count,
                                  gboolean (*hides) (const char *section, const char *field));

/* Section → hex digest of its entries, for the sections that have a bit in the checksum and at least one entry. transfer full. */
GHashTable *ocs_inventory_digests (const OcsInventory *inventory);
/* HARDWARE/CHECKSUM: the bits of the sections whose digest differs from accepted, the digests of the last inventory that the server
 * took; NULL: everything. The bit of HARDWARE is always set, as the server always sets it. */
guint32 ocs_inventory_checksum (const OcsInventory *inventory, GHashTable *accepted);

/* What the request needs beside the inventory. All borrowed. */
typedef struct {
  const char *deviceid;
  const char *old_deviceid; /* nullable; merges the row of that name into this one (OCSInventory-Server Duplicate.pm) */
  GPtrArray *account;       /* nullable; of OcsPair; all that the server sent must be sent back */
  GPtrArray *history;       /* nullable; of char *, the packages run here */
  const char *more;         /* nullable; further elements of CONTENT, as XML */
  guint32 checksum;
} OcsEnvelope;

/* A whole INVENTORY request, UTF-8. DOWNLOAD/HISTORY is always there: it replaces what the server knows (OCSInventory-Server
 * Server/Capacities/Download/Inventory.pm). length: nullable. transfer full. */
char *ocs_inventory_to_xml (const OcsInventory *inventory, const OcsEnvelope *envelope, gsize *length);
