/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a small text file that somebody chose, without ever waiting for it: it may lie on a share that does not answer. */
#pragma once
#include <gio/gio.h>

/* most: bytes. cancellable: nullable. */
void ocs_textfile_read_async (GFile *file, gsize most, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* UTF-8, transfer full; what is not is taken for WINDOWS-1252. OCS_ERROR_INVALID_DATA where it holds more than
 * most, OCS_ERROR_UNSUPPORTED where it is no plain file, OCS_ERROR_FAILED with the system's own words, in the person's language, else. */
char *ocs_textfile_read_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
