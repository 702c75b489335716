/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* Replaces path by bytes (mode 0600) so that after a crash the old or the new content is there, never a mixture.
 * OCS_ERROR_NO_SPACE, OCS_ERROR_DENIED or OCS_ERROR_FAILED, naming path. */
gboolean ocs_durable_write (const char *path, const char *bytes, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* fsync of a folder: makes a rename or a removal in it durable. */
gboolean ocs_durable_sync_folder (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Removes a file or a folder with all in it, following no symbolic link. Absent is fine. */
gboolean ocs_durable_remove_tree (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An OCS_ERROR for errno: NO_SPACE, DENIED, NOT_FOUND or FAILED. what: "cannot write /x". */
void ocs_durable_set_error (GError **error, int saved_errno, const char *what, const char *path);
