/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-route"
#include "worker/core/route.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/hop.h"
#include <string.h>

static JsonObject *
build_no_proxy (void)
{
  JsonObject *proxy = json_object_new ();

  json_object_set_string_member (proxy, "kind", ocs_proxy_kind_name (OCS_PROXY_NONE));
  json_object_set_string_member (proxy, "host", "");
  json_object_set_int_member (proxy, "port", 0);
  return proxy;
}

JsonObject *
ocs_route_build (const OcsSettings *settings, OcsRoutePurpose purpose, const OcsInfoTrust *info_trust, const OcsRoutePem *pem)
{
  JsonObject *route = json_object_new ();
  gboolean is_info = purpose == OCS_ROUTE_INFO;
  gboolean use_bundle = !is_info || info_trust->use_ca_bundle;

  json_object_set_object_member (route, "proxy", build_no_proxy ());
  json_object_set_boolean_member (route, "verify", is_info ? info_trust->verify : settings->verify);
  json_object_set_boolean_member (route, "system_ca", is_info ? info_trust->system_ca : settings->system_ca);
  ocs_json_set_string (route, "ca_pem", use_bundle ? pem->ca : NULL);
  if (purpose != OCS_ROUTE_FRAGMENT && pem->client_cert != NULL && pem->client_key != NULL) {
    json_object_set_string_member (route, "client_cert", pem->client_cert);
    json_object_set_string_member (route, "client_key", pem->client_key);
  }
  if (purpose == OCS_ROUTE_SERVER) {
    ocs_json_set_string (route, "user", settings->server_user);
    ocs_json_set_string (route, "password", settings->server_password);
  }
  json_object_set_int_member (route, "connect_timeout", settings->connect_timeout);
  json_object_set_int_member (route, "stall_timeout", settings->stall_timeout);
  if (purpose == OCS_ROUTE_FRAGMENT && (settings->bandwidth_limit > 0 || settings->bandwidth_other > 0)) {
    json_object_set_int_member (route, "bandwidth", (gint64)settings->bandwidth_limit * 1024);
    json_object_set_int_member (route, "bandwidth_other", (gint64)settings->bandwidth_other * 1024);
    ocs_json_set_string (route, "bandwidth_hours", settings->bandwidth_hours);
  }
  return route;
}

#define CONNECT_TIMEOUT 30
#define STALL_TIMEOUT 120
#define TIMEOUT_MAX 3600

static void
wipe (char *secret)
{
  if (secret == NULL)
    return;
  explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

void
ocs_route_free (OcsRoute *route)
{
  if (route == NULL)
    return;
  g_free (route->proxy_host);
  g_free (route->bandwidth_hours);
  wipe (route->proxy_user);
  wipe (route->proxy_password);
  g_free (route->proxy_keytab);
  g_free (route->proxy_ca_pem);
  g_free (route->ca_pem);
  g_free (route->client_cert);
  wipe (route->client_key);
  wipe (route->user);
  wipe (route->password);
  g_free (route);
}

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, message);
  return FALSE;
}

static char *
dup_unless_empty (JsonObject *object, const char *member)
{
  const char *text = ocs_json_string (object, member);

  return text != NULL && *text != '\0' ? g_strdup (text) : NULL;
}

static int
read_timeout (JsonObject *object, const char *member, int fallback)
{
  gint64 seconds = ocs_json_int (object, member, 0);

  return seconds > 0 ? (int)MIN (seconds, TIMEOUT_MAX) : fallback;
}

/* A host name or an address; libcurl would understand a scheme or a login here, the route says those itself. */
static gboolean
is_host (const char *host)
{
  if (host == NULL || *host == '\0' || strlen (host) > 253)
    return FALSE;
  for (const char *at = host; *at != '\0'; at++)
    if ((guchar)*at <= ' ' || *at == 0x7f || strchr ("/@?#\\\"<>", *at) != NULL)
      return FALSE;
  return TRUE;
}

static gboolean
read_proxy_login (OcsRoute *route, JsonObject *proxy, GError **error)
{
  const char *auth = ocs_json_string (proxy, "auth");

  /* Not said: then nothing that anybody on the way could read. */
  route->proxy_auth = OCS_PROXY_AUTH_SAFE;
  if (auth != NULL && !ocs_proxy_auth_from_name (auth, &route->proxy_auth))
    return fail (error, "the route names an unknown way to log in to the proxy");
  route->proxy_user = dup_unless_empty (proxy, "user");
  route->proxy_password = route->proxy_user != NULL ? g_strdup (ocs_json_string (proxy, "password")) : NULL;
  route->proxy_keytab = dup_unless_empty (proxy, "keytab");
  route->proxy_ca_pem = dup_unless_empty (proxy, "ca_pem");
  route->proxy_withheld = ocs_json_bool (proxy, "withheld", FALSE);
  if (route->proxy_keytab != NULL && !g_path_is_absolute (route->proxy_keytab))
    return fail (error, "the path of the keytab is odd: set ProxyKeytab= in ocsinventory.ini to an absolute path");
  return TRUE;
}

static gboolean
read_proxy (OcsRoute *route, JsonObject *proxy, GError **error)
{
  const char *kind = proxy != NULL ? ocs_json_string (proxy, "kind") : NULL;
  const char *host;
  gint64 port;

  if (kind == NULL)
    return fail (error, "the route names no kind of proxy");
  route->proxy_kind = ocs_proxy_kind_from_name (kind);
  if (route->proxy_kind == OCS_PROXY_NONE)
    /* An unknown kind must not become a direct connection. */
    return strcmp (kind, "none") == 0 ? TRUE : fail (error, "the route names an unknown kind of proxy");
  host = ocs_json_string (proxy, "host");
  port = ocs_json_int (proxy, "port", 0);
  if (!is_host (host))
    return fail (error, "the name of the proxy is odd: set Proxy= in ocsinventory.ini to a host name alone");
  if (port < 1 || port > 65535)
    return fail (error, "the port of the proxy is odd: set ProxyPort= in ocsinventory.ini to a number from 1 to 65535");
  route->proxy_host = g_strdup (host);
  route->proxy_port = (int)port;
  return read_proxy_login (route, proxy, error);
}

OcsRoute *
ocs_route_from_json (JsonObject *object, GError **error)
{
  g_autoptr (OcsRoute) route = g_new0 (OcsRoute, 1);

  if (object == NULL) {
    fail (error, "the route is missing");
    return NULL;
  }
  if (!read_proxy (route, ocs_json_object (object, "proxy"), error))
    return NULL;
  route->verify = ocs_json_bool (object, "verify", TRUE);
  route->system_ca = ocs_json_bool (object, "system_ca", FALSE);
  route->ca_pem = dup_unless_empty (object, "ca_pem");
  route->client_cert = dup_unless_empty (object, "client_cert");
  route->client_key = dup_unless_empty (object, "client_key");
  if ((route->client_cert == NULL) != (route->client_key == NULL)) {
    fail (error, "the route has a client certificate without its key, or a key without its certificate");
    return NULL;
  }
  route->user = dup_unless_empty (object, "user");
  route->password = route->user != NULL ? g_strdup (ocs_json_string (object, "password")) : NULL;
  route->connect_timeout = read_timeout (object, "connect_timeout", CONNECT_TIMEOUT);
  route->stall_timeout = read_timeout (object, "stall_timeout", STALL_TIMEOUT);
  route->bandwidth = CLAMP (ocs_json_int (object, "bandwidth", 0), 0, G_MAXINT32);
  route->bandwidth_other = CLAMP (ocs_json_int (object, "bandwidth_other", 0), 0, G_MAXINT32);
  route->bandwidth_hours = dup_unless_empty (object, "bandwidth_hours");
  return g_steal_pointer (&route);
}

char *
ocs_route_dup_proxy_name (const OcsRoute *route)
{
  if (route->proxy_kind == OCS_PROXY_NONE)
    return NULL;
  return ocs_hop_join (route->proxy_host, route->proxy_port);
}
