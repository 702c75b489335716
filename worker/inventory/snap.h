/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What snapd has installed, from its files. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/source.h"

/* Adds an entry to SOFTWARES for the current revision of each snap. */
void ocs_snap_collect (const OcsSource *source, OcsInventory *inventory);

/* The value of a key at the left margin of snap.yaml, or of a header of an assertion: a scalar, the first line of a block, or the first
 * item of a list; NULL where there is none. Pure. text: nullable. transfer full. */
char *ocs_snap_get (const char *text, const char *key);
