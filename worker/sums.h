/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a fragment held, as hashes per MiB in PATH.sums, while it is fetched again: the bad bytes themselves are not kept, a package is on
 * disk once. PATH and PATH.sums together say that the pass of healing has fetched it. Each runs in a thread. */
#pragma once
#include <gio/gio.h>

/* Hashes path, keeps that, and removes path. Where path is gone already, what was kept stays. */
void ocs_sums_set_aside_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean ocs_sums_set_aside_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether path holds other bytes than what was set aside; TRUE too where nothing was kept. */
void ocs_sums_compare_async (const char *path, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
gboolean ocs_sums_compare_finish (GAsyncResult *result, gboolean *changed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
