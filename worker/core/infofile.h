/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the info file of a package: one element DOWNLOAD with attributes. Not an XML parser on purpose: the console does not escape
 * what the administrator types (OCSInventory-ocsreports require/teledeploy/PackageBuilder.php), so "a && b" is no XML. */
#pragma once
#include <glib.h>

#define OCS_INFOFILE_MAX (1024 * 1024)     /* bytes of the file */
#define OCS_INFOFILE_ATTRIBUTES_MAX 64     /* attributes */
#define OCS_INFOFILE_TEXT_MAX (256 * 1024) /* bytes of all values */

/* Attribute names as sent → values as UTF-8 (Latin-1 is converted), entities decoded where they are well formed; the first of two
 * attributes of one name counts. Before the element only a byte order mark, white space, processing instructions and comments may
 * stand. OCS_ERROR_BAD_REPLY otherwise. */
GHashTable *ocs_infofile_parse (const char *bytes, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
