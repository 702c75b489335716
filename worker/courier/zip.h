/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packs what goes to the server and unpacks what it answers: zlib streams (RFC 1950) without a Content-Encoding
 * (OCSInventory-Server Apache/Ocsinventory.pm). Everything is capped: a bomb costs no more than its cap. */
#pragma once
#include <glib.h>

typedef struct _OcsZip OcsZip;

/* Packs at most max bytes of input. */
OcsZip *ocs_zip_new (gsize max);
void ocs_zip_free (OcsZip *zip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsZip, ocs_zip_free)
/* OCS_ERROR_INVALID_DATA where max is passed. */
gboolean ocs_zip_add (OcsZip *zip, const guint8 *bytes, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Ends the stream; transfer full. zip must only be freed afterwards. */
GByteArray *ocs_zip_finish (OcsZip *zip, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether bytes begin like a zlib or gzip stream. */
gboolean ocs_zip_is_packed (const guint8 *bytes, gsize length);
/* Unpacks zlib or gzip to at most max bytes; transfer full. A stream that ends early gives what there is, as the Windows agent and the
 * server leave out the end. OCS_ERROR_BAD_REPLY where the bytes are damaged or more than max. */
GBytes *ocs_zip_unpack (const guint8 *bytes, gsize length, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
