/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the known word that a misspelt one is most like. Pure. */
#pragma once
#include <glib.h>

/* Letters to insert, delete or change, case ignored, until a is b. Bytes, not characters; words over 64 bytes are never alike. */
guint ocs_nearest_distance (const char *a, const char *b);
/* Of the elements (char*), the one nearest to word; NULL where none is near enough to be meant. borrowed. */
const char *ocs_nearest_find (const char *word, const GPtrArray *candidates);
