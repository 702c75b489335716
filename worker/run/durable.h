/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small files that are whole or absent after a crash or a power cut. */
#pragma once
#include <glib.h>

/* Replaces name in the open folder: writes a temporary file, fsync, rename, fsync of the folder; mode 0600.
 * OCS_ERROR_NO_SPACE or OCS_ERROR_FAILED; the old file then stands. */
gboolean ocs_durable_write (int folder, const char *name, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole file, transfer full. OCS_ERROR_NOT_FOUND where it is absent, OCS_ERROR_INVALID_DATA over max bytes. */
char *ocs_durable_read (int folder, const char *name, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean ocs_durable_exists (int folder, const char *name);

/* OCS_ERROR with "<what>: <reason>" for an errno; OCS_ERROR_NO_SPACE for ENOSPC and EDQUOT. */
void ocs_durable_set_error (GError **error, int number, const char *what);
