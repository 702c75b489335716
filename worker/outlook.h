/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people see of the proxy: the way that is gone now and why, else the one that is set up. */
#pragma once
#include "worker/site.h"

/* failure: of the last contact, nullable. proxy: zeroed. */
void ocs_outlook_describe (const OcsSite *site, const OcsReason *failure, OcsProxyStatus *proxy);
/* Whether a proxy that could hold fragments may be on the way to them. */
gboolean ocs_outlook_may_cache (const OcsSite *site);
