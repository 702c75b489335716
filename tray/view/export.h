/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of the inventory as text for a mail and as a table for a spreadsheet. Pure. */
#pragma once
#include "tray/view/sections.h"

/* A line each, indented by depth; lines without a value are what the next stand in. rows: of ocs_sections_rows(). Transfer full. */
char *ocs_export_text (const GArray *rows);
/* CSV after RFC 4180 with a head: section, entry, name, value. A value that a spreadsheet would take for a formula gets an apostrophe in
 * front, since programs choose their own names. Transfer full. */
char *ocs_export_table (const GArray *rows);
