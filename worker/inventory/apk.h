/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What apk has installed (Alpine Linux): the paragraphs of its file "installed" (apk-tools, doc/apk-v2). */
#pragma once
#include "worker/core/inventory.h"
#include "worker/inventory/source.h"

/* Adds an entry to SOFTWARES for each package; FALSE where this machine has no database of apk. */
gboolean ocs_apk_collect (const OcsSource *source, OcsInventory *inventory);
/* Adds what length bytes of such a file say. Pure. */
void ocs_apk_parse (const char *text, gsize length, OcsInventory *inventory);
