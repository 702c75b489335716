/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-outlook"
#include "worker/outlook.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/health.h"
#include "worker/core/hop.h"
#include "worker/core/url.h"
#include "worker/io/clock.h"

static JsonObject *
get_way (const OcsSite *site, OcsRoutePurpose purpose)
{
  return ocs_scout_way (ocs_dispatch_scout (site->dispatch), ocs_ways_purpose_name (purpose));
}

static gboolean
is_proxied (JsonObject *way)
{
  return way != NULL && ocs_proxy_kind_from_name (ocs_json_string (way, "kind")) != OCS_PROXY_NONE;
}

/* The one that people mean: a proxy wherever there is one, first that of the server. */
static JsonObject *
get_main_way (const OcsSite *site)
{
  JsonObject *server = get_way (site, OCS_ROUTE_SERVER), *fragment = get_way (site, OCS_ROUTE_FRAGMENT);

  return is_proxied (server) || !is_proxied (fragment) ? server : fragment;
}

static GPtrArray *
build_ways (const OcsSite *site)
{
  GPtrArray *ways = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_way_free);

  for (guint purpose = OCS_ROUTE_SERVER; purpose <= OCS_ROUTE_FRAGMENT; purpose++) {
    JsonObject *way = get_way (site, purpose);

    if (way != NULL)
      g_ptr_array_add (ways, ocs_way_new (ocs_ways_purpose_name (purpose), ocs_json_string (way, "kind"), ocs_json_string (way, "host"),
                                          ocs_json_int (way, "port", 0), ocs_why_from_name (ocs_json_string (way, "why"))));
  }
  return ways;
}

static char *
dup_auth (const OcsSite *site, const OcsProxyStatus *proxy)
{
  g_autofree char *name = proxy->host != NULL ? ocs_hop_join (proxy->host, (int)proxy->port) : NULL;

  return name != NULL ? g_strdup (ocs_scout_auth (ocs_dispatch_scout (site->dispatch), name)) : NULL;
}

void
ocs_outlook_describe (const OcsSite *site, const OcsReason *failure, OcsProxyStatus *proxy)
{
  const OcsSettings *settings = site->setup->settings;
  const OcsLedger *ledger = site->ledger;
  const char *problem = ocs_scout_pac_problem (ocs_dispatch_scout (site->dispatch));
  OcsError code = failure != NULL ? ocs_error_from_nick (failure->code) : OCS_ERROR_FAILED;
  JsonObject *way = get_main_way (site);

  proxy->kind = way != NULL ? ocs_proxy_kind_from_name (ocs_json_string (way, "kind")) : settings->proxy_kind;
  proxy->host = g_strdup (way != NULL ? ocs_json_string (way, "host") : settings->proxy_host);
  if (proxy->kind == OCS_PROXY_NONE)
    g_clear_pointer (&proxy->host, g_free);
  proxy->port = way != NULL ? ocs_json_int (way, "port", 0) : settings->proxy_port;
  proxy->authenticated = way != NULL ? ocs_json_bool (way, "login", FALSE) : settings->proxy_user != NULL;
  proxy->why = way != NULL                              ? ocs_why_from_name (ocs_json_string (way, "why"))
               : settings->proxy_kind != OCS_PROXY_NONE ? OCS_WHY_CONFIGURED
                                                        : OCS_WHY_NONE;
  proxy->ways = build_ways (site);
  proxy->intercepted = g_strdup (ocs_scout_via (ocs_dispatch_scout (site->dispatch)));
  proxy->auth = proxy->authenticated ? dup_auth (site, proxy) : NULL;
  proxy->verdict = ledger->verdict;
  proxy->from_cache = ledger->from_cache;
  proxy->from_wan = ledger->from_wan;
  if (code == OCS_ERROR_PROXY_AUTH || code == OCS_ERROR_PROXY_UNREACHABLE || code == OCS_ERROR_PROXY_REFUSED)
    proxy->reason = ocs_reason_copy (failure);
  else if (problem != NULL)
    proxy->reason = ocs_reason_new (ocs_error_nick (OCS_ERROR_INVALID_DATA), problem);
}

gboolean
ocs_outlook_may_cache (const OcsSite *site)
{
  const OcsSettings *settings = site->setup->settings;
  JsonObject *way = get_way (site, OCS_ROUTE_FRAGMENT);
  OcsProxyKind kind = way != NULL ? ocs_proxy_kind_from_name (ocs_json_string (way, "kind")) : settings->proxy_kind;

  if (kind == OCS_PROXY_HTTP || kind == OCS_PROXY_HTTPS)
    return TRUE;
  return way == NULL && (settings->proxy_pac != NULL || settings->proxy_auto_detect || settings->proxy_from_environment);
}

char *
ocs_outlook_dup_cache (const OcsSite *site)
{
  const OcsSettings *settings = site->setup->settings;
  JsonObject *way = get_way (site, OCS_ROUTE_FRAGMENT);
  OcsProxyKind kind = way != NULL ? ocs_proxy_kind_from_name (ocs_json_string (way, "kind")) : settings->proxy_kind;
  const char *host = way != NULL ? ocs_json_string (way, "host") : settings->proxy_host;
  gint64 port = way != NULL ? ocs_json_int (way, "port", 0) : settings->proxy_port;

  return (kind == OCS_PROXY_HTTP || kind == OCS_PROXY_HTTPS) && host != NULL ? ocs_hop_join (host, (int)port) : NULL;
}

OcsManners
ocs_outlook_manners (const OcsSite *site)
{
  g_autofree char *name = ocs_outlook_dup_cache (site);

  return ocs_proxybook_manners (name != NULL ? ocs_proxybook_find (site->ledger->proxies, name) : NULL, ocs_clock_now ());
}

gboolean
ocs_outlook_is_away (const OcsSite *site, const GError *error)
{
  const OcsSettings *settings = site->setup->settings;
  JsonObject *way = get_way (site, OCS_ROUTE_SERVER);
  gboolean proxied = way != NULL ? is_proxied (way) : settings->proxy_kind != OCS_PROXY_NONE;

  if (error == NULL)
    return FALSE;
  return ocs_error_is_away (error)
         || (settings->server != NULL
             && ocs_health_is_portal (error, ocs_url_is_https (settings->server), proxied, site->ledger->schedule.last_success));
}
