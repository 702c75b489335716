/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the server new addresses of this machine between two inventories, so that the console finds a laptop where it is. */
#pragma once
#include "worker/site.h"

/* Looks whether the addresses differ from those that the server has, and tells it. */
void ocs_notify_async (OcsSite *site, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* *digest: transfer full, nullable; of the addresses that the server has been told just now, NULL where there was nothing to tell. */
gboolean ocs_notify_finish (GAsyncResult *result, char **digest, GError **error) G_GNUC_WARN_UNUSED_RESULT;
