/* SPDX-License-Identifier: GPL-3.0-or-later */
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
                            "ProxyPwd=AAECAwQFBgcICQoLDA0ODw==|||3e8qpYOgiOt862xQejkRbg==\n";

static void
test_logins_only_where_needed (void)
{
  g_autoptr (OcsSettings) settings = read_settings (basic);
  OcsInfoTrust info = {.verify = TRUE, .use_ca_bundle = TRUE};

  for (guint purpose = OCS_ROUTE_SERVER; purpose <= OCS_ROUTE_FRAGMENT; purpose++) {
    g_autoptr (JsonObject) route = ocs_route_build (settings, purpose, &info, "PEM");
    JsonObject *proxy = ocs_json_object (route, "proxy");

    g_assert_cmpstr (ocs_json_string (proxy, "kind"), ==, "http");
    g_assert_cmpstr (ocs_json_string (proxy, "host"), ==, "cache.example");
    g_assert_cmpint (ocs_json_int (proxy, "port", 0), ==, 3128);
    g_assert_cmpstr (ocs_json_string (proxy, "user"), ==, "proxyuser");
    g_assert_cmpstr (ocs_json_string (proxy, "password"), ==, "S3cret!pw");
    g_assert_cmpstr (ocs_json_string (route, "user"), ==, purpose == OCS_ROUTE_SERVER ? "proxyuser" : NULL);
    g_assert_cmpstr (ocs_json_string (route, "ca_pem"), ==, "PEM");
    g_assert_true (ocs_json_bool (route, "verify", FALSE));
    g_assert_false (ocs_json_bool (route, "system_ca", TRUE));
  }
}

static void
test_info_follows_trust (void)
{
  g_autoptr (OcsSettings) settings = read_settings ("[HTTP]\nServer=https://server.example/ocsinventory\nSSL=0\n");
  OcsInfoTrust info = {.verify = TRUE, .use_ca_bundle = FALSE, .system_ca = TRUE};
  g_autoptr (JsonObject) route = ocs_route_build (settings, OCS_ROUTE_INFO, &info, "PEM");
  g_autoptr (JsonObject) server = ocs_route_build (settings, OCS_ROUTE_SERVER, &info, "PEM");

  g_assert_true (ocs_json_bool (route, "verify", FALSE));
  g_assert_true (ocs_json_bool (route, "system_ca", FALSE));
  g_assert_null (ocs_json_string (route, "ca_pem"));
  g_assert_false (ocs_json_bool (server, "verify", TRUE));
  g_assert_cmpstr (ocs_json_string (ocs_json_object (server, "proxy"), "kind"), ==, "none");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/route/logins-only-where-needed", test_logins_only_where_needed);
  g_test_add_func ("/route/info-follows-trust", test_info_follows_trust);
  return g_test_run ();
}
