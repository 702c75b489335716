/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inventory as people search it: sections, entries, fields; and the rows of a tree that a search leaves. Pure. */
#pragma once
#include <json-glib/json-glib.h>

/* A worker that never ends its answer must not fill the memory. */
#define OCS_SECTIONS_FIELDS_MAX 500000

typedef struct _OcsSections OcsSections;

OcsSections *ocs_sections_new (void);
void ocs_sections_free (OcsSections *sections);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsSections, ocs_sections_free)

/* One reply of ShowInventory; parts of one section may follow each other. What is of another type than the interface says is passed over.
 * OCS_ERROR_BAD_REPLY where it is too much. */
gboolean ocs_sections_add (OcsSections *sections, JsonObject *reply, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  int depth;         /* 0 section, 1 and 2 below */
  const char *name;  /* borrowed from the sections */
  const char *value; /* borrowed from the sections, nullable */
  guint entries;     /* of a section, else 0 */
} OcsSectionRow;

/* In the order of a tree, what has changed before all sections; each row of depth n+1 belongs to the last one of depth n. search: words
 * that must all be found in a row or what it stands in, whatever their case; "" for everything. Of what is found all that stands in it is
 * shown. Element-type OcsSectionRow; lives no longer than sections. Transfer full. */
GArray *ocs_sections_rows (const OcsSections *sections, const char *search);

/* What is known of changes since the inventory that the server took last: "nothing has changed since …", "3 changes since …"; NULL where
 * the worker has not told. Transfer full. */
char *ocs_sections_changes (const OcsSections *sections);

/* "12 sections, 3,456 values". Transfer full. */
char *ocs_sections_words (const OcsSections *sections);
