/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Collects the inventory of this site's machine in a thread. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/site.h"

/* networks_only: NETWORKS alone, for a few milliseconds. What site says is read at once. */
void ocs_gather_async (const OcsSite *site, gboolean networks_only, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data);
/* NULL with G_IO_ERROR_CANCELLED, or OCS_ERROR_FAILED where some source hangs (its thread is left behind). transfer full. */
OcsInventory *ocs_gather_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
