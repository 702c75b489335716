/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By which ways an address is tried, and in which order: the proxies of the ini, of the environment or of a PAC file, or none. What the
 * settings say of it stands in the route as "plan", which is read where the address is known and never leaves the worker. Pure. */
#pragma once
#include "ipc/way.h"
#include "worker/core/route.h"

/* What the worker has read for it elsewhere. All nullable and borrowed. */
typedef struct {
  const char *http_proxy; /* of the environment, where ProxyFromEnvironment=1 */
  const char *https_proxy;
  const char *all_proxy;
  const char *no_proxy;
  const char *pac_text; /* content of the file that ProxyPac= names */
  const char *proxy_ca; /* PEM, content of ProxyCa= */
} OcsWaysSources;

const char *ocs_ways_purpose_name (OcsRoutePurpose purpose);
/* "server, info", "all", "none", "1", "0" as bits (1 << purpose). FALSE where a word is not known; it is left out then. text: nullable:
 * none.
 */
gboolean ocs_ways_read_purposes (const char *text, guint *purposes);

/* Builds the plan; transfer full. */
JsonObject *ocs_ways_plan (const OcsSettings *settings, OcsRoutePurpose purpose, const OcsWaysSources *sources);
/* One way only: direct; why says so. transfer full. */
JsonObject *ocs_ways_plan_direct (OcsWhy why);

/* Whether a PAC file decides about url. */
gboolean ocs_ways_need_pac (JsonObject *plan, const char *url);
/* The ways to url, the best first, never empty: element-type JsonObject, a Proxy of org.ocscompanion.Courier each, with "why".
 * pac_answer: what FindProxyForURL() returned; nullable: there was none, or no PAC file could be had. found: it was found by DNS.
 * OCS_ERROR_INVALID_DATA where pac_answer is nonsense, or OCS_ERROR_PROXY_UNREACHABLE where it is needed and is not there. */
GPtrArray *ocs_ways_choose (JsonObject *plan, const char *url, const char *pac_answer, gboolean found,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Names a way: "http cache.example:3128", or "none". transfer full. */
char *ocs_ways_dup_name (JsonObject *way);
