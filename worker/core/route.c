/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/route.h"
#include "ipc/json.h"

static JsonObject *
build_proxy (const OcsSettings *settings)
{
  JsonObject *proxy = json_object_new ();

  json_object_set_string_member (proxy, "kind", ocs_proxy_kind_name (settings->proxy_kind));
  json_object_set_string_member (proxy, "host", settings->proxy_host != NULL ? settings->proxy_host : "");
  json_object_set_int_member (proxy, "port", settings->proxy_port);
  ocs_json_set_string (proxy, "user", settings->proxy_user);
  ocs_json_set_string (proxy, "password", settings->proxy_password);
  return proxy;
}

JsonObject *
ocs_route_build (const OcsSettings *settings, OcsRoutePurpose purpose, const OcsInfoTrust *info_trust, const char *ca_pem)
{
  JsonObject *route = json_object_new ();
  gboolean is_info = purpose == OCS_ROUTE_INFO;
  gboolean use_bundle = !is_info || info_trust->use_ca_bundle;

  json_object_set_object_member (route, "proxy", build_proxy (settings));
  json_object_set_boolean_member (route, "verify", is_info ? info_trust->verify : settings->verify);
  json_object_set_boolean_member (route, "system_ca", is_info ? info_trust->system_ca : settings->system_ca);
  ocs_json_set_string (route, "ca_pem", use_bundle ? ca_pem : NULL);
  if (purpose == OCS_ROUTE_SERVER) {
    ocs_json_set_string (route, "user", settings->server_user);
    ocs_json_set_string (route, "password", settings->server_password);
  }
  json_object_set_int_member (route, "connect_timeout", settings->connect_timeout);
  json_object_set_int_member (route, "stall_timeout", settings->stall_timeout);
  return route;
}
