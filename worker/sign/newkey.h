/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A key to sign packages with, and the certificate that machines know it by. */
#pragma once
#include <glib.h>

/* Makes both files (the key for its owner alone); neither may be there yet. name: who signs, at most 64 bytes of UTF-8.
 * OCS_ERROR_DENIED, OCS_ERROR_INVALID_DATA. */
gboolean ocs_newkey_write (const char *key_path, const char *certificate_path, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
