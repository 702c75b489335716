/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people see of the proxy: the way that is gone now and why, else the one that is set up. */
#pragma once
#include "worker/site.h"

/* failure: of the last contact, nullable. proxy: zeroed. */
void ocs_outlook_describe (const OcsSite *site, const OcsReason *failure, OcsProxyStatus *proxy);
/* Whether error, of a contact that has just ended, says that there is no way to the server from here; nullable: FALSE. */
gboolean ocs_outlook_is_away (const OcsSite *site, const GError *error);
/* Whether a proxy that could hold fragments may be on the way to them. */
gboolean ocs_outlook_may_cache (const OcsSite *site);
/* "host:port" of it, as the courier names it; NULL where there is none, or it is not known yet which. transfer full. */
char *ocs_outlook_dup_cache (const OcsSite *site);
/* What is known of its manners. */
OcsManners ocs_outlook_manners (const OcsSite *site);
