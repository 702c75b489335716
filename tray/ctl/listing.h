/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One section of the inventory as text: a title, its entries, and what was left out. */
#pragma once
#include <json-glib/json-glib.h>

typedef struct {
  char *name;         /* owned; the server's: "SOFTWARES" */
  GPtrArray *entries; /* owned; element-type JsonObject: field name → value */
  GPtrArray *notes;   /* owned; element-type char*: what was left out and why */
} OcsListing;

OcsListing *ocs_listing_new (const char *name);
void ocs_listing_free (OcsListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsListing, ocs_listing_free)

/* Both nullable; elements of another type than the interface says are passed over. */
void ocs_listing_add (OcsListing *listing, JsonArray *entries, JsonArray *notes);
/* width: of the terminal, 0 where nothing is to be cut. Several entries stand in a table, or below each other where the terminal is too
 * narrow for that. transfer full */
char *ocs_listing_format (const OcsListing *listing, int width);
