/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/route.h"
#include <string.h>

static OcsSettings *
read_settings (const char *text)
{
  g_autoptr (OcsIni) ini = ocs_ini_parse (text, strlen (text), NULL);

  return ocs_settings_new (ini, "/etc/ocs-companion");
}

static const char basic[] = "[HTTP]\nServer=https://server.example/ocsinventory\nSSL=1\nAuthRequired=1\n"
                            "User=AAECAwQFBgcICQoLDA0ODw==|||VS5Z8j36KuuqhxzAI5wscw==\n"
                            "Pwd=AAECAwQFBgcICQoLDA0ODw==|||3e8qpYOgiOt862xQejkRbg==\n"
                            "ProxyType=1\nProxy=cache.example\nProxyPort=3128\nProxyAuthRequired=1\n"
                            "ProxyUser=AAECAwQFBgcICQoLDA0ODw==|||VS5Z8j36KuuqhxzAI5wscw==\n"
                            "ProxyPwd=AAECAwQFBgcICQoLDA0ODw==|||3e8qpYOgiOt862xQejkRbg==\n"
                            "[OCS Companion]\nProxyAuth=Digest\nProxyKeytab=proxy.keytab\n";

static const OcsRoutePem pem = {"PEM", "CERT", "KEY"};

static void
test_logins_only_where_needed (void)
{
  g_autoptr (OcsSettings) settings = read_settings (basic);
  OcsInfoTrust info = {.verify = TRUE, .use_ca_bundle = TRUE};

  for (guint purpose = OCS_ROUTE_SERVER; purpose <= OCS_ROUTE_FRAGMENT; purpose++) {
    g_autoptr (JsonObject) route = ocs_route_build (settings, purpose, &info, &pem);
    JsonObject *proxy = ocs_json_object (route, "proxy");

    g_assert_cmpstr (ocs_json_string (proxy, "kind"), ==, "none");
    g_assert_null (ocs_json_string (proxy, "user"));
    g_assert_cmpstr (ocs_json_string (route, "user"), ==, purpose == OCS_ROUTE_SERVER ? "proxyuser" : NULL);
    g_assert_cmpstr (ocs_json_string (route, "ca_pem"), ==, "PEM");
    g_assert_cmpstr (ocs_json_string (route, "client_cert"), ==, purpose == OCS_ROUTE_FRAGMENT ? NULL : "CERT");
    g_assert_cmpstr (ocs_json_string (route, "client_key"), ==, purpose == OCS_ROUTE_FRAGMENT ? NULL : "KEY");
    g_assert_true (ocs_json_bool (route, "verify", FALSE));
    g_assert_false (ocs_json_bool (route, "system_ca", TRUE));
  }
}

/* Two limits, each in its hours; for packages only. */
static void
test_bandwidth (void)
{
  static const struct {
    const char *text;
    gint64 limit, other;
    const char *hours;
  } rows[] = {
      {"", 0, 0, NULL},
      {"BandwidthLimit=2\n", 2048, 0, NULL},
      {"BandwidthLimit=2\nBandwidthHours=Mon\nBandwidthOther=3\n", 2048, 3072, "Mon"},
      {"BandwidthHours=Mon\nBandwidthOther=3\n", 0, 3072, "Mon"},
  };
  OcsInfoTrust info = {.verify = TRUE};

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = g_strconcat ("[HTTP]\nServer=ocs\n[OCS Companion]\n", rows[i].text, NULL);
    g_autoptr (OcsSettings) settings = read_settings (text);
    g_autoptr (JsonObject) fragment = ocs_route_build (settings, OCS_ROUTE_FRAGMENT, &info, &pem);
    g_autoptr (JsonObject) server = ocs_route_build (settings, OCS_ROUTE_SERVER, &info, &pem);
    g_autoptr (OcsRoute) read = ocs_route_from_json (fragment, NULL);

    g_assert_nonnull (read);
    g_assert_cmpint (read->bandwidth, ==, rows[i].limit);
    g_assert_cmpint (read->bandwidth_other, ==, rows[i].other);
    g_assert_cmpstr (read->bandwidth_hours, ==, rows[i].hours);
    g_assert_false (json_object_has_member (server, "bandwidth"));
  }
}

static void
test_info_follows_trust (void)
{
  g_autoptr (OcsSettings) settings = read_settings ("[HTTP]\nServer=https://server.example/ocsinventory\nSSL=0\n");
  OcsInfoTrust info = {.verify = TRUE, .use_ca_bundle = FALSE, .system_ca = TRUE};
  g_autoptr (JsonObject) route = ocs_route_build (settings, OCS_ROUTE_INFO, &info, &pem);
  g_autoptr (JsonObject) server = ocs_route_build (settings, OCS_ROUTE_SERVER, &info, &pem);

  g_assert_true (ocs_json_bool (route, "verify", FALSE));
  g_assert_true (ocs_json_bool (route, "system_ca", FALSE));
  g_assert_null (ocs_json_string (route, "ca_pem"));
  g_assert_false (ocs_json_bool (server, "verify", TRUE));
  g_assert_cmpstr (ocs_json_string (ocs_json_object (server, "proxy"), "kind"), ==, "none");
}

static OcsRoute *
parse (const char *text, GError **error)
{
  g_autoptr (JsonObject) object = ocs_json_parse (text, strlen (text), NULL);

  return ocs_route_from_json (object, error);
}

static void
test_direct (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsRoute) route = parse ("{\"proxy\":{\"kind\":\"none\",\"host\":\"\",\"port\":0}}", &error);

  g_assert_no_error (error);
  g_assert_cmpint (route->proxy_kind, ==, OCS_PROXY_NONE);
  g_assert_true (route->verify); /* never off by omission */
  g_assert_false (route->system_ca);
  g_assert_null (ocs_route_dup_proxy_name (route));
  g_assert_cmpint (route->connect_timeout, >, 0);
  g_assert_cmpint (route->stall_timeout, >=, 60);
}

static void
test_whole (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsRoute) route = parse ("{\"proxy\":{\"kind\":\"http\",\"host\":\"::1\",\"port\":3128,\"user\":\"vip\",\"password\":"
                                      "\"roxor\",\"auth\":\"any\",\"keytab\":\"/k\",\"ca_pem\":\"y\",\"withheld\":true},"
                                      "\"client_cert\":\"c\",\"client_key\":\"k\","
                                      "\"verify\":false,\"system_ca\":true,\"ca_pem\":\"x\",\"user\":\"u\",\"password\":null,"
                                      "\"connect_timeout\":5,\"stall_timeout\":999999}",
                                      &error);
  g_autofree char *name = NULL;

  g_assert_no_error (error);
  name = ocs_route_dup_proxy_name (route);
  g_assert_cmpstr (name, ==, "[::1]:3128");
  g_assert_cmpstr (route->proxy_user, ==, "vip");
  g_assert_cmpstr (route->proxy_password, ==, "roxor");
  g_assert_cmpint (route->proxy_auth, ==, OCS_PROXY_AUTH_ANY);
  g_assert_cmpstr (route->proxy_keytab, ==, "/k");
  g_assert_cmpstr (route->proxy_ca_pem, ==, "y");
  g_assert_true (route->proxy_withheld);
  g_assert_cmpstr (route->client_cert, ==, "c");
  g_assert_cmpstr (route->client_key, ==, "k");
  g_assert_cmpstr (route->user, ==, "u");
  g_assert_null (route->password);
  g_assert_false (route->verify);
  g_assert_cmpint (route->connect_timeout, ==, 5);
  g_assert_cmpint (route->stall_timeout, ==, 3600);
}

static void
test_blank_login (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsRoute) route =
      parse ("{\"proxy\":{\"kind\":\"http\",\"host\":\"p\",\"port\":1,\"user\":\"\",\"password\":\"x\"},\"user\":\"\",\"password\":\"y\"}",
             &error);

  g_assert_no_error (error);
  g_assert_null (route->proxy_user);
  g_assert_null (route->proxy_password);
  g_assert_cmpint (route->proxy_auth, ==, OCS_PROXY_AUTH_SAFE); /* never Basic by omission */
  g_assert_null (route->user);
  g_assert_null (route->password);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
      "{}",
      "{\"proxy\":{}}",
      "{\"proxy\":{\"kind\":\"carrier-pigeon\",\"host\":\"p\",\"port\":1}}",
      "{\"proxy\":{\"kind\":\"http\",\"port\":1}}",
      "{\"proxy\":{\"kind\":\"http\",\"host\":\"\",\"port\":1}}",
      "{\"proxy\":{\"kind\":\"http\",\"host\":\"http://p\",\"port\":1}}",
      "{\"proxy\":{\"kind\":\"http\",\"host\":\"u:p@h\",\"port\":1}}",
      "{\"proxy\":{\"kind\":\"http\",\"host\":\"a\\r\\nb\",\"port\":1}}",
      "{\"proxy\":{\"kind\":\"http\",\"host\":\"p\",\"port\":0}}",
      "{\"proxy\":{\"kind\":\"http\",\"host\":\"p\",\"port\":65536}}",
      "{\"proxy\":{\"kind\":\"http\",\"host\":\"p\",\"port\":1,\"auth\":\"bearer\"}}",
      "{\"proxy\":{\"kind\":\"http\",\"host\":\"p\",\"port\":1,\"keytab\":\"k\"}}",
      "{\"proxy\":{\"kind\":\"none\"},\"client_cert\":\"c\"}",
      "{\"proxy\":{\"kind\":\"none\"},\"client_key\":\"k\"}",
      "{\"proxy\":{\"kind\":\"socks5\",\"host\":\"p\",\"port\":\"x\"}}",
  };
  g_autoptr (GError) missing = NULL;

  g_assert_null (ocs_route_from_json (NULL, &missing));
  g_assert_error (missing, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", texts[i]);
    g_assert_null (parse (texts[i], &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/route/logins-only-where-needed", test_logins_only_where_needed);
  g_test_add_func ("/route/bandwidth", test_bandwidth);
  g_test_add_func ("/route/info-follows-trust", test_info_follows_trust);
  g_test_add_func ("/route/direct", test_direct);
  g_test_add_func ("/route/whole", test_whole);
  g_test_add_func ("/route/blank-login", test_blank_login);
  g_test_add_func ("/route/refused", test_refused);
  return g_test_run ();
}
