/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people see of the set-up and of what is remembered. */
#pragma once
#include "worker/site.h"

/* Fills in times, server, names, warnings and proxy. failure: why the last contact failed, nullable. */
void ocs_portrait_setup (const OcsSite *site, const OcsReason *failure, OcsStatus *status);
/* One warning more; warning: transfer full. */
void ocs_portrait_warn (OcsStatus *status, char *warning);
