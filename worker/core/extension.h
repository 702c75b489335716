/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an administrator's own program says for the inventory: XML of CONTENT (sections of fields), or lines publisher#name#version#comment
 * for SOFTWARES, as the Unix agent reads them from its folder softwares/. Pure. */
#pragma once
#include "worker/core/inventory.h"

/* Where it is said what went wrong with such programs. */
#define OCS_EXTENSION_SECTION "EXTENSIONS"
#define OCS_EXTENSION_ENTRIES_MAX 16384 /* of one program */

/* Adds what text says to inventory; sections that are ours alone (HARDWARE, BIOS, ACCOUNTINFO …) or have no proper name are left out and
 * noted, with who in front. OCS_ERROR_INVALID_DATA where it is neither: nothing is added then. */
gboolean ocs_extension_read (OcsInventory *inventory, const char *who, const char *text, gsize length,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
