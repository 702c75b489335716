/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The volume groups of LVM among DRIVES, as the Unix agent has them. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/source.h"

/* Adds an entry for each group that is in use, each of its physical and each of its logical volumes; FILESYSTEM says which. */
void ocs_volumes_collect (const OcsSource *source, OcsInventory *inventory);
