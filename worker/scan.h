/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks who else is on the network that the server has elected this machine for, by the bulk courier. */
#pragma once
#include "worker/core/scanning.h"
#include "worker/site.h"

/* inventory: read at once. subnet, latency: of the server's answer. Takes up to ten minutes. */
void ocs_scan_async (const OcsSite *site, const OcsInventory *inventory, const char *subnet, gint64 latency, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data);
/* Of OcsNeighbour; OCS_ERROR_REFUSED says why that network is not looked at. transfer full. */
GPtrArray *ocs_scan_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
