/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Programs that are one file (AppImage), at the places where they are put for everybody. Homes are left alone: they may be on a server
 * that does not answer, and what people keep there is theirs. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/source.h"

/* Adds an entry to SOFTWARES for each. */
void ocs_appimage_collect (const OcsSource *source, OcsInventory *inventory);
