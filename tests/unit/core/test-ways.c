/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/ways.h"
#include <string.h>

#define LOGIN                                                                                                                              \
  "ProxyAuthRequired=1\nProxyUser=AAECAwQFBgcICQoLDA0ODw==|||VS5Z8j36KuuqhxzAI5wscw==\n"                                                   \
  "ProxyPwd=AAECAwQFBgcICQoLDA0ODw==|||3e8qpYOgiOt862xQejkRbg==\n"

static OcsSettings *
read_settings (const char *http, const char *companion)
{
  g_autofree char *text = g_strdup_printf ("[HTTP]\nServer=http://ocs.example\n%s\n[OCS Companion]\n%s\n", http, companion);
  g_autoptr (OcsIni) ini = ocs_ini_parse (text, strlen (text), NULL);

  return ocs_settings_new (ini, "/etc/ocs-companion");
}

/* "http a:1 configured, none last_resort"; with a * behind a way that gets the login, a ! where it is withheld. */
static char *
describe (GPtrArray *ways)
{
  GString *text = g_string_new ("");

  for (guint i = 0; i < ways->len; i++) {
    JsonObject *way = ways->pdata[i];
    g_autofree char *name = ocs_ways_dup_name (way);

    g_string_append_printf (text, "%s%s %s%s%s", i > 0 ? ", " : "", name, ocs_json_string (way, "why"),
                            ocs_json_string (way, "user") != NULL ? "*" : "", ocs_json_bool (way, "withheld", FALSE) ? "!" : "");
  }
  return g_string_free (text, FALSE);
}

static char *
choose (const OcsSettings *settings, const OcsWaysSources *sources, OcsRoutePurpose purpose, const char *url, const char *answer,
        gboolean found)
{
  g_autoptr (JsonObject) plan = ocs_ways_plan (settings, purpose, sources);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ways = ocs_ways_choose (plan, url, answer, found, &error);

  return ways != NULL ? describe (ways) : g_strdup (ocs_error_nick (ocs_error_code (error)));
}

static void
test_settings (void)
{
  static const struct {
    const char *http, *companion;
    OcsRoutePurpose purpose;
    const char *url, *expected;
  } cases[] = {
      {"", "", OCS_ROUTE_SERVER, "http://ocs.example/x", "none none"},
      {"ProxyType=1\nProxy=a\n", "", OCS_ROUTE_SERVER, "http://ocs.example/x", "http a:80 configured"},
      {"ProxyType=1\nProxy=a:1;b:2\n" LOGIN, "ProxyFallback=socks5h://c:3\n", OCS_ROUTE_INFO, "https://ocs.example/x",
       "http a:1 configured*, http b:2 fallback*, socks5 c:3 fallback*"},
      {"ProxyType=1\nProxy=a;b\nProxyPort=3128\n", "DirectFallback=1\n", OCS_ROUTE_FRAGMENT, "http://ocs.example/x",
       "http a:3128 configured, http b:3128 fallback, none last_resort"},
      {"ProxyType=1\nProxy=a\n", "DirectFallback=fragments\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "http a:80 configured"},
      {"ProxyType=1\nProxy=a\n", "DirectFallback=info, Server\n", OCS_ROUTE_SERVER, "http://ocs.example/x",
       "http a:80 configured, none last_resort"},
      {"ProxyType=1\nProxy=a\n", "ProxyFor=fragments\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "none purpose"},
      {"ProxyType=1\nProxy=a\n", "ProxyFor=fragments\n", OCS_ROUTE_FRAGMENT, "http://ocs.example/x", "http a:80 configured"},
      {"ProxyType=1\nProxy=a\n", "ProxyFor=none\n", OCS_ROUTE_FRAGMENT, "http://ocs.example/x", "none purpose"},
      {"ProxyType=1\nProxy=a\n", "ProxyBypass=.example\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "none bypassed"},
      {"ProxyType=1\nProxy=a\n", "ProxyBypass=.example\n", OCS_ROUTE_SERVER, "http://ocs.example.org/x", "http a:80 configured"},
      {"ProxyType=1\nProxy=a\n", "ProxyBypass=10.0.0.0/8,fd00::/8\n", OCS_ROUTE_SERVER, "http://[fd00::7]:8080/x?abc", "none bypassed"},
      {"ProxyType=4\nProxy=[::1]:3129\n", "", OCS_ROUTE_SERVER, "http://ocs.example/x", "https [::1]:3129 configured"},
      {"ProxyType=1\nProxy=a\n", "ProxyFromEnvironment=1\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "http a:80 configured"},
      {"", "ProxyFromEnvironment=1\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "http env:8080 environment*"},
      {"", "ProxyFromEnvironment=1\nDirectFallback=1\n", OCS_ROUTE_SERVER, "https://ocs.example/x",
       "socks5 all:1 environment, none last_resort"},
      {"", "ProxyFromEnvironment=1\n", OCS_ROUTE_SERVER, "https://a.local.example/x", "none bypassed"},
      {LOGIN, "ProxyFromEnvironment=1\n", OCS_ROUTE_SERVER, "https://ocs.example/x", "socks5 all:1 environment"},
      {"", "", OCS_ROUTE_SERVER, "https://ocs.example/x", "none none"},
      /* a PAC file that cannot be had */
      {"", "ProxyPac=http://pac/\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "proxy-unreachable"},
      {"", "ProxyPac=http://pac/\nDirectFallback=1\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "none last_resort"},
      {"ProxyType=1\nProxy=a\n", "ProxyPac=http://pac/\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "http a:80 configured"},
      {"", "ProxyAutoDetect=1\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "none none"},
      {"", "ProxyPac=http://pac/\nProxyBypass=ocs.example\n", OCS_ROUTE_SERVER, "http://ocs.example/x", "none bypassed"},
  };
  const OcsWaysSources sources = {
      .http_proxy = "http://u:p@env:8080", .all_proxy = "socks5h://all:1", .no_proxy = "local.example,other", .pac_text = "x"};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsSettings) settings = read_settings (cases[i].http, cases[i].companion);
    g_autofree char *chosen = choose (settings, &sources, cases[i].purpose, cases[i].url, NULL, FALSE);

    g_test_message ("%u: %s%s", i, cases[i].http, cases[i].companion);
    g_assert_cmpstr (chosen, ==, cases[i].expected);
  }
}

/* The login reaches a proxy that a PAC file names only where nobody on the way could have named it. */
static void
test_pac (void)
{
  static const struct {
    const char *companion, *answer;
    gboolean found;
    const char *expected;
  } cases[] = {
      {"ProxyPac=https://pac/p.pac\n", "PROXY b:1; DIRECT", FALSE, "http b:1 pac*, none pac_direct"},
      {"ProxyPac=proxy.pac\n", "SOCKS5 b:1", FALSE, "socks5 b:1 pac*"},
      {"ProxyPac=file:///etc/proxy.pac\n", "HTTPS [fd00::1]", FALSE, "https [fd00::1]:443 pac*"},
      {"ProxyPac=http://pac/p.pac\n", "PROXY b:1; PROXY a:80", FALSE, "http b:1 pac!, http a:80 pac*"},
      {"ProxyPac=http://pac/p.pac\nProxyTrusted=.example,b\n", "PROXY b:1; PROXY c.example:1; PROXY d:1", FALSE,
       "http b:1 pac*, http c.example:1 pac*, http d:1 pac!"},
      {"ProxyAutoDetect=1\n", "PROXY b:1", TRUE, "http b:1 found!"},
      {"ProxyAutoDetect=1\nProxyTrusted=b\nDirectFallback=1\n", "PROXY b:1", TRUE, "http b:1 found*, none last_resort"},
      {"ProxyPac=http://pac/p.pac\nDirectFallback=1\n", "DIRECT; PROXY a:80", FALSE, "none pac_direct, http a:80 pac*"},
      {"ProxyPac=http://pac/p.pac\n", "undefined", FALSE, "invalid-data"},
      {"ProxyPac=http://pac/p.pac\nProxyBypass=<local>,ocs.example\n", "PROXY b:1", FALSE, "none bypassed"},
  };
  const OcsWaysSources sources = {.pac_text = "x"};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsSettings) settings = read_settings ("ProxyType=1\nProxy=a\n" LOGIN, cases[i].companion);
    g_autofree char *chosen = choose (settings, &sources, OCS_ROUTE_SERVER, "http://ocs.example/x", cases[i].answer, cases[i].found);

    g_test_message ("%u: %s", i, cases[i].companion);
    g_assert_cmpstr (chosen, ==, cases[i].expected);
  }
}

static void
test_need_pac (void)
{
  g_autoptr (OcsSettings) settings = read_settings ("", "ProxyPac=http://pac/p.pac\nProxyBypass=.near\nProxyFor=server\n");
  const OcsWaysSources sources = {0};
  g_autoptr (JsonObject) server = ocs_ways_plan (settings, OCS_ROUTE_SERVER, &sources);
  g_autoptr (JsonObject) fragment = ocs_ways_plan (settings, OCS_ROUTE_FRAGMENT, &sources);
  g_autoptr (JsonObject) direct = ocs_ways_plan_direct (OCS_WHY_LAST_RESORT);
  g_autoptr (GPtrArray) ways = ocs_ways_choose (direct, "http://far/", NULL, FALSE, NULL);
  g_autofree char *text = describe (ways);

  g_assert_true (ocs_ways_need_pac (server, "http://far/"));
  g_assert_false (ocs_ways_need_pac (server, "http://ocs.near/"));
  g_assert_false (ocs_ways_need_pac (fragment, "http://far/"));
  g_assert_cmpstr (text, ==, "none last_resort");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ways/settings", test_settings);
  g_test_add_func ("/ways/pac", test_pac);
  g_test_add_func ("/ways/need-pac", test_need_pac);
  return g_test_run ();
}
