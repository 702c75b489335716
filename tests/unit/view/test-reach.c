/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/reach.h"

static void
test_proxy (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (OcsReach) none = ocs_reach_build (status);
  g_assert_cmpstr (none->proxy, ==, "No proxy");
  g_assert_null (none->login);
  g_assert_null (none->cache);
  g_assert_null (none->encryption);
  status->proxy.kind = OCS_PROXY_HTTPS;
  status->proxy.host = g_strdup ("cache.lan");
  status->proxy.port = 3129;
  status->proxy.reason = ocs_reason_new ("proxy-auth", "407");
  g_autoptr (OcsReach) some = ocs_reach_build (status);
  g_assert_cmpstr (some->proxy, ==, "HTTP over TLS, cache.lan:3129");
  g_assert_cmpstr (some->login, ==, "Without a login");
  status->proxy.authenticated = TRUE;
  status->proxy.auth = g_strdup ("negotiate");
  g_autoptr (OcsReach) logged = ocs_reach_build (status);
  g_assert_cmpstr (logged->login, ==, "With a login, by Kerberos");
  g_assert_cmpstr (some->trouble, ==, "The proxy wants another login");
  g_assert_nonnull (some->cache);
}

static void
test_encryption (void)
{
  static const struct {
    const char *server;
    gboolean insecure;
    const char *words;
  } cases[] = {
      {"http://ocs.lan/ocsinventory", FALSE, "None: what is sent can be read on the way"},
      {"https://ocs.lan/ocsinventory", FALSE, "TLS, and the server's certificate is checked"},
      {"HTTPS://ocs.lan/ocsinventory", TRUE, "TLS, but the server's certificate is not checked"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsStatus) status = ocs_status_new ();
    status->server = g_strdup (cases[i].server);
    status->insecure = cases[i].insecure;
    g_autoptr (OcsReach) reach = ocs_reach_build (status);
    g_assert_cmpstr (reach->encryption, ==, cases[i].words);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reach/proxy", test_proxy);
  g_test_add_func ("/reach/encryption", test_encryption);
  return g_test_run ();
}
