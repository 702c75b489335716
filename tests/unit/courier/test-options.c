/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/courier/options.h"
#include <string.h>

static char *
check (const char *url, const OcsRoute *route, GError **error)
{
  OcsOptions request = {.route = route, .url = url, .user_agent = "agent"};

  return ocs_options_check (&request, error);
}

static void
test_urls (void)
{
  static const struct {
    const char *url, *server;
  } cases[] = {
      {"http://ocs/ocsinventory", "ocs:80"},
      {"https://ocs.example:8443/ocsinventory", "ocs.example:8443"},
      {"HTTP://[::1]:81/x", "[::1]:81"},
      {NULL, NULL},
      {"", NULL},
      {"ocs/ocsinventory", NULL},
      {"ftp://ocs/", NULL},
      {"file:///etc/passwd", NULL},
      {"http://user:secret@ocs/", NULL},
      {"http://user@ocs/", NULL},
      {"http://ocs/a b", NULL},
      {"http://ocs/a\r\nX: y", NULL},
  };
  OcsRoute route = {.verify = FALSE};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *server = check (cases[i].url, &route, &error);

    g_test_message ("%s", cases[i].url != NULL ? cases[i].url : "(null)");
    g_assert_cmpstr (server, ==, cases[i].server);
    if (cases[i].server != NULL)
      continue;
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
    g_assert_null (strstr (error->message, "secret"));
  }
}

static void
test_headers (void)
{
  const char *headers[] = {"If-Range: \"a\r\nProxy-Authorization: x\"", NULL};
  OcsRoute route = {.verify = FALSE};
  OcsOptions request = {.route = &route, .url = "http://h/", .user_agent = "agent", .headers = headers};
  g_autoptr (GError) error = NULL, agent_error = NULL;

  g_assert_null (ocs_options_check (&request, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  request.headers = NULL;
  request.user_agent = "a\nb";
  g_assert_null (ocs_options_check (&request, &agent_error));
  g_assert_error (agent_error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

static void
test_no_authority (void)
{
  OcsRoute route = {.verify = TRUE};
  g_autoptr (GError) error = NULL, none = NULL;
  g_autofree char *plain = check ("http://ocs/", &route, &none);
  g_autofree char *with_store = NULL;

  g_assert_cmpstr (plain, ==, "ocs:80");
  g_assert_null (check ("https://ocs/", &route, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_TLS);
  route.system_ca = TRUE;
  with_store = check ("https://ocs/", &route, &none);
  g_assert_cmpstr (with_store, ==, "ocs:443");
}

static void
test_ticket (void)
{
  static const struct {
    OcsProxyKind kind;
    OcsProxyAuth auth;
    gboolean wants;
  } cases[] = {
      {OCS_PROXY_HTTP, OCS_PROXY_AUTH_ANY, TRUE},       {OCS_PROXY_HTTP, OCS_PROXY_AUTH_SAFE, TRUE},
      {OCS_PROXY_HTTP, OCS_PROXY_AUTH_NEGOTIATE, TRUE}, {OCS_PROXY_HTTP, OCS_PROXY_AUTH_BASIC, FALSE},
      {OCS_PROXY_HTTP, OCS_PROXY_AUTH_DIGEST, FALSE},   {OCS_PROXY_HTTP, OCS_PROXY_AUTH_NTLM, FALSE},
      {OCS_PROXY_NONE, OCS_PROXY_AUTH_ANY, FALSE},      {OCS_PROXY_SOCKS5, OCS_PROXY_AUTH_ANY, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    OcsRoute route = {.proxy_kind = cases[i].kind, .proxy_auth = cases[i].auth};

    g_assert_false (ocs_options_wants_ticket (&route));
    route.proxy_keytab = (char *)"/k";
    g_assert_cmpint (ocs_options_wants_ticket (&route), ==, cases[i].wants);
  }
}

/* What a handle has learnt of a login serves that login alone. */
static void
test_key (void)
{
  OcsRoute route = {.proxy_kind = OCS_PROXY_HTTP, .proxy_host = (char *)"p", .proxy_port = 1};
  OcsOptions request = {.route = &route, .url = "http://h/", .purpose = OCS_PURPOSE_OBJECT};
  g_autofree char *proxy = NULL, *other = NULL, *server = NULL;

  g_assert_null (ocs_options_dup_key (&request));
  route.user = (char *)"u";
  g_assert_null (ocs_options_dup_key (&request)); /* not sent for a fragment */
  route.proxy_user = (char *)"v";
  proxy = ocs_options_dup_key (&request);
  route.proxy_user = (char *)"w";
  other = ocs_options_dup_key (&request);
  request.purpose = OCS_PURPOSE_EXCHANGE;
  server = ocs_options_dup_key (&request);
  g_assert_cmpstr (proxy, !=, other);
  g_assert_cmpstr (other, !=, server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/options/urls", test_urls);
  g_test_add_func ("/options/headers", test_headers);
  g_test_add_func ("/options/no-authority", test_no_authority);
  g_test_add_func ("/options/key", test_key);
  g_test_add_func ("/options/ticket", test_ticket);
  return g_test_run ();
}
