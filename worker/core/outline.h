/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An inventory in short, to say later what of it has changed: a line for each entry, and for each field of what is there once. Pure. */
#pragma once
#include "worker/core/inventory.h"

/* Lines kept of all sections together; a larger inventory is not compared. */
#define OCS_OUTLINE_LINES_MAX 20000
/* Lines told of each section; people read no more. */
#define OCS_OUTLINE_TOLD_MAX 100

/* Section → its lines, as an object of arrays. An empty one where there would be too many. Transfer full. */
JsonObject *ocs_outline_of (const OcsInventory *inventory);

/* What of section has come and what has gone since outline; element-type char*, for people. FALSE where the two cannot be compared, and
 * come and gone are then empty. */
gboolean ocs_outline_compare (JsonObject *outline, const OcsInventory *inventory, const char *section, GPtrArray *come, GPtrArray *gone);
