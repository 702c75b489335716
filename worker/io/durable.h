/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are whole or absent after a crash or a power cut. For the worker and for ocs-run. */
#pragma once
#include <glib.h>

/* Replaces name in the open folder: writes a temporary file, fsync, rename, fsync of the folder; mode 0600.
 * OCS_ERROR_NO_SPACE, OCS_ERROR_DENIED or OCS_ERROR_FAILED; the old file then stands. */
gboolean ocs_durable_write (int folder, const char *name, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for a path. */
gboolean ocs_durable_write_path (const char *path, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole file, transfer full. OCS_ERROR_NOT_FOUND where it is absent, OCS_ERROR_INVALID_DATA over max bytes or with a NUL byte. */
char *ocs_durable_read (int folder, const char *name, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;

gboolean ocs_durable_exists (int folder, const char *name);

/* fsync of a folder: makes a rename or a removal in it durable. */
gboolean ocs_durable_sync_folder (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An OCS_ERROR for an errno: NO_SPACE, DENIED, NOT_FOUND or FAILED, "<what>: <reason>: <what to do>". what: printf-like, "cannot write x".
 */
void ocs_durable_set_error (GError **error, int number, const char *what, ...) G_GNUC_PRINTF (3, 4);
