/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fragments: asking the cache for one, and fetching one. Each function takes a duty's task (see work.h) and ends it. */
#pragma once
#include "worker/work.h"

/* PROBE. Before the first, and at the end of a look around, the others get a chance to begin. */
void ocs_supply_probe (GTask *task, const OcsPackage *package, const OcsDuty *duty);
/* Where a fragment lies, transfer full; and how it is got, transfer full: direct: without the proxy, where that is still allowed. */
char *ocs_supply_url (const OcsPackage *package, gint64 fragment, GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *ocs_supply_route (const OcsSite *site, const char *url, gboolean direct);
/* Where it lands, of those that are missing. */
OcsLandingPlan ocs_supply_plan (const OcsSite *site, const OcsPackage *package);
/* FETCH, in the way that the task's pass of healing asks for. */
void ocs_supply_fetch (GTask *task, const OcsPackage *package, OcsProgress *progress);
