/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks the digest of a package over its fragments, in a thread; nothing is assembled. */
#pragma once
#include "worker/core/info.h"
#include <gio/gio.h>

/* stem: path of the fragments without "-N". OCS_ERROR_DIGEST where the bytes are wrong. */
void ocs_verify_async (const char *stem, const OcsInfo *info, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean ocs_verify_finish (GAsyncResult *result, gint64 *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
