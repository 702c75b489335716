/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rpm has installed, from its database alone: no process is started and no library of rpm is needed. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/source.h"

/* Adds an entry to SOFTWARES for each package; FALSE where this machine has no database of rpm. */
gboolean ocs_rpm_collect (const OcsSource *source, OcsInventory *inventory);
