/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fetches what a package is: its info file and, where the administrator asks for one, its signature, which is checked at once. */
#pragma once
#include "worker/core/package.h"
#include "worker/site.h"

/* package is read at once and in full; site must outlive the call. */
void ocs_describe_async (OcsSite *site, const OcsPackage *package, GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data);
/* transfer full. OCS_ERROR_UNTRUSTED where the rules of trust forbid what the info says. */
OcsInfo *ocs_describe_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
