/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "tray/view/connection.h"
#include <string.h>

static void
test_proxy (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (OcsConnection) none = ocs_connection_build (status);
  g_assert_cmpstr (none->proxy, ==, "No proxy");
  g_assert_null (none->login);
  g_assert_null (none->cache);
  g_assert_null (none->encryption);
  status->proxy.kind = OCS_PROXY_HTTPS;
  status->proxy.host = g_strdup ("cache.lan");
  status->proxy.port = 3129;
  status->proxy.reason = ocs_reason_new ("proxy-auth", "407");
  g_autoptr (OcsConnection) some = ocs_connection_build (status);
  g_assert_cmpstr (some->proxy, ==, "HTTP over TLS, cache.lan:3129");
  g_assert_cmpstr (some->login, ==, "Without a login");
  status->proxy.authenticated = TRUE;
  status->proxy.auth = g_strdup ("negotiate");
  g_autoptr (OcsConnection) logged = ocs_connection_build (status);
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
    g_autoptr (OcsConnection) connection = ocs_connection_build (status);
    g_assert_cmpstr (connection->encryption, ==, cases[i].words);
  }
}

static const struct {
  const char *text;
  const char *name;
  const char *words;
  gboolean bad;
} steps[] = {
    {"{\"step\":{\"name\":\"connect\",\"result\":\"ok\",\"milliseconds\":12}}", "Open a connection", "All right (12 ms)", FALSE},
    {"{\"step\":{\"name\":\"login\",\"result\":\"skipped\"}}", "Log in to the proxy", "Not needed", FALSE},
    {"{\"step\":{\"name\":\"cache\",\"result\":\"warning\",\"detail\":\"too large for this proxy\"}}", "The proxy keeps packages",
     "Could be better\nToo large for this proxy", TRUE},
    {"{\"step\":{\"name\":\"clock\",\"result\":\"failed\",\"reason\":{\"code\":\"failed\",\"message\":\"it is wrong by 3 days\"}}}",
     "The clock of this machine", "Failed\nIt is wrong by 3 days", TRUE},
    {"{\"step\":{\"name\":\"server\",\"result\":\"failed\"}}", "The server answers", "Failed", TRUE},
    {"{\"step\":{\"name\":\"warp\",\"result\":\"odd\",\"milliseconds\":\"x\",\"reason\":7}}", "warp", "odd", FALSE},
};

static void
test_steps (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (JsonObject) reply = ocs_json_parse (steps[i].text, strlen (steps[i].text), NULL);
    g_autoptr (OcsTestStep) step = ocs_test_step_from_json (reply);
    g_assert_cmpstr (step->name, ==, steps[i].name);
    g_assert_cmpstr (step->words, ==, steps[i].words);
    g_assert_cmpint (step->bad, ==, steps[i].bad);
    g_assert_nonnull (step->icon);
    /* For the head of the list: all but the result, behind the name. */
    if (step->bad) {
      const char *rest = strchr (step->words, '\n');
      g_autofree char *why = g_strdup_printf ("%s%s%s", step->name, rest != NULL ? ": " : "", rest != NULL ? rest + 1 : "");
      g_assert_cmpstr (step->why, ==, why);
    } else {
      g_assert_null (step->why);
    }
  }
}

static void
test_no_step (void)
{
  static const char *const texts[] = {"{}", "{\"step\":null}", "{\"step\":{\"name\":\"connect\"}}", "{\"step\":{\"result\":\"ok\"}}",
                                      "{\"step\":[]}"};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (JsonObject) reply = ocs_json_parse (texts[i], strlen (texts[i]), NULL);
    g_assert_null (ocs_test_step_from_json (reply));
  }
  g_autofree char *none = ocs_test_step_summary (0, 0);
  g_autofree char *good = ocs_test_step_summary (5, 0);
  g_autofree char *bad = ocs_test_step_summary (5, 1);
  g_assert_cmpstr (none, ==, "Nothing was tried");
  g_assert_cmpstr (good, ==, "The way to the server and its cache work");
  g_assert_cmpstr (bad, ==, "1 step was not all right");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection/proxy", test_proxy);
  g_test_add_func ("/connection/encryption", test_encryption);
  g_test_add_func ("/connection/steps", test_steps);
  g_test_add_func ("/connection/no-step", test_no_step);
  return g_test_run ();
}
