/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Objects that a cache holds, fetched one after the other by one call of the courier: what is small costs less than a call. */
#pragma once
#include "worker/io/dispatch.h"

typedef struct _OcsHaul OcsHaul;

/* route: transfer full. plan: of the first; each further one has one missing less. */
OcsHaul *ocs_haul_new (OcsDispatch *dispatch, JsonObject *route, const OcsLandingPlan *plan);
void ocs_haul_free (OcsHaul *haul);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsHaul, ocs_haul_free)

/* url goes into path, see landing.h. */
void ocs_haul_add (OcsHaul *haul, const char *url, const char *path);

/* Fetches what was added, one at least, up to the first that does not come: out of the cache or not at all (OCS_ERROR_NOT_FOUND). haul:
 * transfer full. */
void ocs_haul_fetch_async (OcsHaul *haul, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* Those that came, in the order in which they were added, also where it was cancelled: element-type OcsFetched, never NULL. why: transfer
 * full; why the next did not come, NULL where all did. */
GArray *ocs_haul_fetch_finish (GAsyncResult *result, GError **why) G_GNUC_WARN_UNUSED_RESULT;
