/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calm, aligned text for a terminal: rows of cells whose columns line up. */
#pragma once
#include <glib.h>

typedef struct _OcsSheet OcsSheet;

OcsSheet *ocs_sheet_new (void);
void ocs_sheet_free (OcsSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsSheet, ocs_sheet_free)

/* A row of a label and a value; left out where value is NULL or empty. */
void ocs_sheet_add (OcsSheet *sheet, const char *label, const char *value);
/* A row of any number of cells, ended by NULL. */
void ocs_sheet_add_cells (OcsSheet *sheet, const char *first, ...) G_GNUC_NULL_TERMINATED;
/* A row of strings; NULL is an empty cell. */
void ocs_sheet_add_row (OcsSheet *sheet, const GPtrArray *cells);
/* Cuts cells, marked with "…", until no row is wider than width characters of a terminal; the widest columns give first.
 * FALSE, and nothing is cut, where a column would become narrower than narrowest (at least 2). */
gboolean ocs_sheet_fit (OcsSheet *sheet, int width, int narrowest);
/* The whole as text, each line ended. Transfer full. */
char *ocs_sheet_format (const OcsSheet *sheet);

/* text without characters that steer a terminal or turn the direction of writing (tab and line feed stay), so that nothing that comes from
 * elsewhere steers a terminal. Transfer full. */
char *ocs_sheet_clean (const char *text);
