/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-ways"
#include "worker/core/ways.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/bypass.h"
#include "worker/core/hop.h"
#include "worker/core/url.h"
#include <string.h>

#define ENVIRONMENT_PORT 80

static const char *const purpose_names[] = {
    [OCS_ROUTE_SERVER] = "server",
    [OCS_ROUTE_INFO] = "info",
    [OCS_ROUTE_FRAGMENT] = "fragments",
};

const char *
ocs_ways_purpose_name (OcsRoutePurpose purpose)
{
  return purpose_names[purpose];
}

gboolean
ocs_ways_read_purposes (const char *text, guint *purposes)
{
  g_auto (GStrv) parts = g_strsplit_set (text != NULL ? text : "", ",; \t", -1);
  gboolean known = TRUE;

  *purposes = 0;
  for (guint i = 0; parts[i] != NULL; i++) {
    guint bits = 0;

    for (guint purpose = 0; purpose < G_N_ELEMENTS (purpose_names); purpose++)
      if (g_ascii_strcasecmp (parts[i], purpose_names[purpose]) == 0 || g_ascii_strcasecmp (parts[i], "all") == 0
          || g_str_equal (parts[i], "1"))
        bits |= 1u << purpose;
    known &= bits != 0 || *parts[i] == '\0' || g_str_equal (parts[i], "0") || g_ascii_strcasecmp (parts[i], "none") == 0;
    *purposes |= bits;
  }
  return known;
}

static JsonObject *
build_direct (OcsWhy why)
{
  JsonObject *way = json_object_new ();

  json_object_set_string_member (way, "kind", ocs_proxy_kind_name (OCS_PROXY_NONE));
  json_object_set_string_member (way, "host", "");
  json_object_set_int_member (way, "port", 0);
  json_object_set_string_member (way, "why", ocs_why_name (why));
  return way;
}

static JsonObject *
build_way (OcsProxyKind kind, const char *host, int port, OcsWhy why)
{
  JsonObject *way = json_object_new ();

  json_object_set_string_member (way, "kind", ocs_proxy_kind_name (kind));
  json_object_set_string_member (way, "host", host);
  json_object_set_int_member (way, "port", port);
  json_object_set_string_member (way, "why", ocs_why_name (why));
  return way;
}

/* Members of from that way has not: login, auth, keytab and CA. */
static void
add_login (JsonObject *way, JsonObject *from)
{
  static const char *const members[] = {"user", "password", "auth", "keytab", "ca_pem"};

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    if (!json_object_has_member (way, members[i]))
      ocs_json_set_string (way, members[i], ocs_json_string (from, members[i]));
}

/* The login that the settings name, for ways that it is for. */
static JsonObject *
build_login (const OcsSettings *settings, const OcsWaysSources *sources)
{
  JsonObject *login = json_object_new ();

  ocs_json_set_string (login, "user", settings->proxy_user);
  ocs_json_set_string (login, "password", settings->proxy_password);
  json_object_set_string_member (login, "auth", ocs_proxy_auth_names[settings->proxy_auth]);
  ocs_json_set_string (login, "keytab", settings->proxy_keytab);
  ocs_json_set_string (login, "ca_pem", sources->proxy_ca);
  return login;
}

static void
add_configured (JsonArray *ways, const OcsSettings *settings, JsonObject *login)
{
  g_autoptr (GPtrArray) hops = ocs_hops_parse (settings->proxy_fallback, settings->proxy_kind, settings->proxy_port, NULL);
  JsonObject *way = build_way (settings->proxy_kind, settings->proxy_host, settings->proxy_port, OCS_WHY_CONFIGURED);

  add_login (way, login);
  json_array_add_object_element (ways, way);
  for (guint i = 0; i < hops->len; i++) {
    const OcsHop *hop = hops->pdata[i];

    way = build_way (hop->kind, hop->host, hop->port, OCS_WHY_FALLBACK);
    add_login (way, login);
    json_array_add_object_element (ways, way);
  }
}

/* text: an address of the environment; its own login is the only one that it gets. */
static JsonArray *
build_environment (const char *text, JsonObject *login)
{
  JsonArray *ways = json_array_new ();
  g_autoptr (OcsHop) hop = text != NULL && *text != '\0' ? ocs_hop_parse (text, OCS_PROXY_HTTP, ENVIRONMENT_PORT, NULL) : NULL;
  JsonObject *way;

  if (hop == NULL || hop->odd_scheme)
    return ways;
  way = build_way (hop->kind, hop->host, hop->port, OCS_WHY_ENVIRONMENT);
  ocs_json_set_string (way, "user", hop->user);
  ocs_json_set_string (way, "password", hop->password);
  ocs_json_set_string (way, "auth", ocs_json_string (login, "auth"));
  ocs_json_set_string (way, "ca_pem", ocs_json_string (login, "ca_pem"));
  json_array_add_object_element (ways, way);
  return ways;
}

static JsonObject *
build_pac (const OcsSettings *settings, const OcsWaysSources *sources)
{
  JsonObject *pac;

  if (settings->proxy_pac == NULL && !settings->proxy_auto_detect)
    return NULL;
  pac = json_object_new ();
  if (settings->proxy_pac == NULL) {
    json_object_set_boolean_member (pac, "detect", TRUE);
    return pac;
  }
  if (strstr (settings->proxy_pac, "://") != NULL)
    json_object_set_string_member (pac, "url", settings->proxy_pac);
  else
    json_object_set_string_member (pac, "text", sources->pac_text != NULL ? sources->pac_text : "");
  /* Over plain http anybody on the way could name a proxy of his own. */
  json_object_set_boolean_member (pac, "trusted", g_ascii_strncasecmp (settings->proxy_pac, "http:", 5) != 0);
  return pac;
}

JsonObject *
ocs_ways_plan_direct (OcsWhy why)
{
  JsonObject *plan = json_object_new ();

  json_object_set_string_member (plan, "only", ocs_why_name (why));
  return plan;
}

JsonObject *
ocs_ways_plan (const OcsSettings *settings, OcsRoutePurpose purpose, const OcsWaysSources *sources)
{
  g_autoptr (JsonObject) login = build_login (settings, sources);
  JsonArray *ways = json_array_new ();
  JsonObject *plan;

  if ((settings->proxied & (1u << purpose)) == 0) {
    json_array_unref (ways);
    return ocs_ways_plan_direct (OCS_WHY_PURPOSE);
  }
  plan = json_object_new ();
  if (settings->proxy_kind != OCS_PROXY_NONE)
    add_configured (ways, settings, login);
  json_object_set_array_member (plan, "ways", ways);
  ocs_json_set_object (plan, "pac", build_pac (settings, sources));
  ocs_json_set_string (plan, "bypass", settings->proxy_bypass);
  ocs_json_set_string (plan, "trusted", settings->proxy_trusted);
  json_object_set_boolean_member (plan, "direct", (settings->direct & (1u << purpose)) != 0);
  if (settings->proxy_from_environment && settings->proxy_kind == OCS_PROXY_NONE) {
    json_object_set_array_member (plan, "http",
                                  build_environment (sources->http_proxy != NULL ? sources->http_proxy : sources->all_proxy, login));
    json_object_set_array_member (plan, "https",
                                  build_environment (sources->https_proxy != NULL ? sources->https_proxy : sources->all_proxy, login));
    ocs_json_set_string (plan, "no_proxy", sources->no_proxy);
  }
  json_object_set_object_member (plan, "login", g_steal_pointer (&login));
  return plan;
}

static gboolean
bypasses (JsonObject *plan, const char *member, gboolean like_environment, const OcsUrl *url)
{
  g_autoptr (OcsBypass) bypass = ocs_bypass_parse (ocs_json_string (plan, member), like_environment, NULL);

  return ocs_bypass_matches (bypass, url->host, url->port);
}

/* url may have a query, which is of no interest here. */
static OcsUrl *
read_url (const char *text)
{
  g_autofree char *plain = g_strndup (text, strcspn (text, "?#"));

  return ocs_url_parse (plain, NULL);
}

gboolean
ocs_ways_need_pac (JsonObject *plan, const char *url)
{
  g_autoptr (OcsUrl) target = read_url (url);

  return plan != NULL && ocs_json_object (plan, "pac") != NULL && target != NULL && !bypasses (plan, "bypass", FALSE, target);
}

static JsonObject *
find_configured (JsonArray *ways, const OcsHop *hop)
{
  for (guint i = 0; ways != NULL && i < json_array_get_length (ways); i++) {
    JsonObject *way = json_array_get_object_element (ways, i);

    if (g_strcmp0 (ocs_json_string (way, "host"), hop->host) == 0 && ocs_json_int (way, "port", 0) == hop->port)
      return way;
  }
  return NULL;
}

/* Whether the login may go to a proxy that only a PAC file names. */
static gboolean
is_trusted (JsonObject *plan, const OcsHop *hop, gboolean found)
{
  g_autoptr (OcsBypass) trusted = ocs_bypass_parse (ocs_json_string (plan, "trusted"), FALSE, NULL);

  return (!found && ocs_json_bool (ocs_json_object (plan, "pac"), "trusted", FALSE))
         || find_configured (ocs_json_array (plan, "ways"), hop) != NULL || ocs_bypass_matches (trusted, hop->host, (guint16)hop->port);
}

static gboolean
add_pac (GPtrArray *chosen, JsonObject *plan, const char *answer, gboolean found, GError **error)
{
  g_autoptr (GPtrArray) hops = ocs_hops_parse_pac (answer, error);
  JsonObject *login = ocs_json_object (plan, "login");

  if (hops == NULL)
    return FALSE;
  for (guint i = 0; i < hops->len; i++) {
    const OcsHop *hop = hops->pdata[i];
    JsonObject *way;

    if (hop->kind == OCS_PROXY_NONE) {
      g_ptr_array_add (chosen, build_direct (OCS_WHY_PAC_DIRECT));
      continue;
    }
    way = build_way (hop->kind, hop->host, hop->port, found ? OCS_WHY_FOUND : OCS_WHY_PAC);
    if (is_trusted (plan, hop, found))
      add_login (way, login);
    else {
      ocs_json_set_string (way, "ca_pem", ocs_json_string (login, "ca_pem"));
      json_object_set_boolean_member (way, "withheld",
                                      ocs_json_string (login, "user") != NULL || ocs_json_string (login, "keytab") != NULL);
    }
    g_ptr_array_add (chosen, way);
  }
  return TRUE;
}

static void
add_all (GPtrArray *chosen, JsonArray *ways)
{
  for (guint i = 0; ways != NULL && i < json_array_get_length (ways); i++)
    g_ptr_array_add (chosen, json_object_ref (json_array_get_object_element (ways, i)));
}

static gboolean
has_direct (GPtrArray *chosen)
{
  for (guint i = 0; i < chosen->len; i++)
    if (g_strcmp0 (ocs_json_string (chosen->pdata[i], "kind"), "none") == 0)
      return TRUE;
  return FALSE;
}

GPtrArray *
ocs_ways_choose (JsonObject *plan, const char *url, const char *pac_answer, gboolean found, GError **error)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  g_autoptr (OcsUrl) target = read_url (url);
  JsonObject *pac = ocs_json_object (plan, "pac");
  gboolean direct = ocs_json_bool (plan, "direct", FALSE);
  OcsWhy otherwise = OCS_WHY_NONE;

  if (ocs_json_string (plan, "only") != NULL)
    otherwise = ocs_why_from_name (ocs_json_string (plan, "only"));
  else if (target != NULL && bypasses (plan, "bypass", FALSE, target))
    otherwise = OCS_WHY_BYPASSED;
  else if (pac_answer != NULL && !add_pac (chosen, plan, pac_answer, found, error))
    return NULL;
  else if (pac_answer == NULL) {
    JsonArray *environment = ocs_json_array (plan, target != NULL && target->https ? "https" : "http");

    add_all (chosen, ocs_json_array (plan, "ways"));
    if (environment != NULL && target != NULL && bypasses (plan, "no_proxy", TRUE, target))
      otherwise = OCS_WHY_BYPASSED;
    else
      add_all (chosen, environment);
    /* Where nothing is found by DNS, nothing is meant; a PAC file that is named and missing is not that. */
    if (pac != NULL && chosen->len == 0 && !direct && !ocs_json_bool (pac, "detect", FALSE)) {
      g_set_error_literal (error, OCS_ERROR, OCS_ERROR_PROXY_UNREACHABLE, "there is no PAC file");
      return NULL;
    }
  }
  if (chosen->len == 0)
    g_ptr_array_add (chosen, build_direct (pac != NULL && otherwise == OCS_WHY_NONE && direct ? OCS_WHY_LAST_RESORT : otherwise));
  else if (direct && !has_direct (chosen))
    g_ptr_array_add (chosen, build_direct (OCS_WHY_LAST_RESORT));
  return g_steal_pointer (&chosen);
}

char *
ocs_ways_dup_name (JsonObject *way)
{
  const char *kind = ocs_json_string (way, "kind"), *host = ocs_json_string (way, "host");
  g_autofree char *address = NULL;

  if (kind == NULL || g_str_equal (kind, "none") || host == NULL)
    return g_strdup ("none");
  address = ocs_hop_join (host, (int)ocs_json_int (way, "port", 0));
  return g_strdup_printf ("%s %s", kind, address);
}
