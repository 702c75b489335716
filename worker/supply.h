/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fragments: asking the cache for one, and fetching one. Each function takes a duty's task (see work.h) and ends it. */
#pragma once
#include "worker/work.h"

/* PROBE. Before the first, and at the end of a look around, the others get a chance to begin. */
void ocs_supply_probe (GTask *task, const OcsPackage *package, const OcsDuty *duty);
/* FETCH, in the way that the task's pass of healing asks for. */
void ocs_supply_fetch (GTask *task, const OcsPackage *package, OcsProgress *progress);
