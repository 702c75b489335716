/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fragments that a cache holds, several by one call, beside the one that is fetched in its turn. */
#pragma once
#include "worker/core/package.h"
#include "worker/site.h"

/* fragments: element-type gint64, transfer full, one at least. package is read at once and in full; site must outlive it. */
void ocs_beside_fetch_async (OcsSite *site, const OcsPackage *package, GArray *fragments, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
/* What the package machine is to be told: FRAGMENT for each that came, and FAILED where a next one did not. element-type OcsEvent, transfer
 * full, never NULL. fragments: borrowed: of result; what was asked for. */
GArray *ocs_beside_fetch_finish (GAsyncResult *result, const GArray **fragments);

/* How many fragments of so many bytes (0: not known) are worth one call. */
guint ocs_beside_count (gint64 size);
