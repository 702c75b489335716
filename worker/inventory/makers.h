/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who made a disk, where the disk itself does not say so. Pure. */
#pragma once
#include <glib.h>

/* By how the maker's model names begin ("WDC WD10…", "ST1000…"); NULL where no known one does. model: nullable. */
const char *ocs_maker_of_model (const char *model);
/* By the manufacturer number of a memory card (manfid of sysfs); NULL where it is not known. */
const char *ocs_maker_of_card (gint64 number, gboolean is_sd);
