/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pacman has installed: a folder for each package below /var/lib/pacman/local (libalpm, be_local.c). */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/source.h"

/* Adds an entry to SOFTWARES for each package; FALSE where this machine has no database of pacman. */
gboolean ocs_pacman_collect (const OcsSource *source, OcsInventory *inventory);
/* The first line below %KEY% in a file "desc"; NULL where there is none. Pure. text: nullable. transfer full. */
char *ocs_pacman_get (const char *text, const char *key);
