/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/hop.h"
#include <string.h>

static void
test_parse (void)
{
  static const struct {
    const char *text;
    OcsProxyKind kind;
    const char *host;
    int port;
  } cases[] = {
      {"cache", OCS_PROXY_HTTP, "cache", 80},
      {"Cache.Example:3128", OCS_PROXY_HTTP, "cache.example", 3128},
      {"http://cache:8080/", OCS_PROXY_HTTP, "cache", 8080},
      {"https://cache:443", OCS_PROXY_HTTPS, "cache", 443},
      {"socks5://cache", OCS_PROXY_SOCKS5_LOCAL, "cache", 80},
      {"socks5h://cache:1", OCS_PROXY_SOCKS5, "cache", 1},
      {"SOCKS4A://cache", OCS_PROXY_SOCKS4A, "cache", 80},
      {"[fd00::1]:3128", OCS_PROXY_HTTP, "fd00::1", 3128},
      {"http://[::1]", OCS_PROXY_HTTP, "::1", 80},
      {"carrier://cache", OCS_PROXY_HTTP, "cache", 80},
      {"", OCS_PROXY_NONE, NULL, 0},
      {"http://", OCS_PROXY_NONE, NULL, 0},
      {"a b", OCS_PROXY_NONE, NULL, 0},
      {"cache:0", OCS_PROXY_NONE, NULL, 0},
      {"cache:65536", OCS_PROXY_NONE, NULL, 0},
      {"::1", OCS_PROXY_NONE, NULL, 0},
      {"cache\r\n", OCS_PROXY_NONE, NULL, 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (OcsHop) hop = ocs_hop_parse (cases[i].text, OCS_PROXY_HTTP, 80, &error);

    g_test_message ("%s", cases[i].text);
    if (cases[i].host == NULL) {
      g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
      continue;
    }
    g_assert_no_error (error);
    g_assert_cmpint (hop->kind, ==, cases[i].kind);
    g_assert_cmpstr (hop->host, ==, cases[i].host);
    g_assert_cmpint (hop->port, ==, cases[i].port);
  }
}

static void
test_login (void)
{
  g_autoptr (OcsHop) hop = ocs_hop_parse ("http://us%20er:pa%3Ass@cache:1", OCS_PROXY_HTTP, 80, NULL);
  g_autoptr (OcsHop) bad = ocs_hop_parse ("http://us%00er:x@cache:1", OCS_PROXY_HTTP, 80, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsHop) odd = ocs_hop_parse ("http://u:secret@ca che", OCS_PROXY_HTTP, 80, &error);

  g_assert_cmpstr (hop->user, ==, "us er");
  g_assert_cmpstr (hop->password, ==, "pa:ss");
  g_assert_true (hop->has_login && hop->has_port && hop->has_scheme);
  g_assert_true (bad->has_login);
  g_assert_null (bad->user);
  g_assert_null (odd);
  g_assert_null (strstr (error->message, "secret"));
}

static void
test_list (void)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) hops = ocs_hops_parse (";a:1; b ,,socks5h://[::1]:3;x:y;", OCS_PROXY_HTTP, 3128, problems);
  g_autofree char *many = g_strnfill (400, ';');
  g_autoptr (GPtrArray) none = ocs_hops_parse (NULL, OCS_PROXY_HTTP, 80, NULL);
  g_autoptr (GPtrArray) capped = NULL;

  g_assert_cmpuint (hops->len, ==, 3);
  g_assert_cmpint (((OcsHop *)hops->pdata[1])->port, ==, 3128);
  g_assert_cmpint (((OcsHop *)hops->pdata[2])->kind, ==, OCS_PROXY_SOCKS5);
  g_assert_cmpuint (problems->len, ==, 1);
  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < 400; i += 2)
    many[i] = 'a';
  capped = ocs_hops_parse (many, OCS_PROXY_HTTP, 80, NULL);
  g_assert_cmpuint (capped->len, ==, OCS_HOPS_MAX);
}

static char *
read_pac (const char *answer)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) hops = ocs_hops_parse_pac (answer, &error);
  GString *text = g_string_new ("");

  if (hops == NULL)
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  for (guint i = 0; hops != NULL && i < hops->len; i++) {
    const OcsHop *hop = hops->pdata[i];

    g_string_append_printf (text, "%s%s %s %d", i > 0 ? "; " : "", ocs_proxy_kind_name (hop->kind), hop->host != NULL ? hop->host : "-",
                            hop->port);
  }
  return g_string_free (text, FALSE);
}

static void
test_pac (void)
{
  static const struct {
    const char *answer, *read;
  } cases[] = {
      {"DIRECT", "none - 0"},
      {" direct ; ", "none - 0"},
      {"PROXY a:8080; SOCKS5 b:1080; DIRECT", "http a 8080; socks5 b 1080; none - 0"},
      {"PROXY a", "http a 80"},
      {"HTTPS a;SOCKS b;SOCKS4 c:2;HTTP [fd00::1]:3128", "https a 443; socks4 b 1080; socks4 c 2; http fd00::1 3128"},
      {"PROXY  a:1 ;PROXY", "http a 1"},
      {"PROXY http://a:1; PROXY b:1", "http b 1"},
      {"PROXY u:p@a:1; PROXY b:1", "http b 1"},
      {"PROXY a:1 b:2; PROXY c:1", "http c 1"},
      {"DIRECT now; PROXY c:1", "http c 1"},
      {"", ""},
      {"undefined", ""},
      {"PROXY", ""},
      {"null; ;;; ", ""},
      {"PROXY a\nb:80", ""},
      {"[object Object]", ""},
      {"PROXY a:99999", ""},
      {"QUIC a:443", ""},
  };
  g_autofree char *endless = g_strnfill (100000, ';');
  g_autofree char *nothing = read_pac (endless);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *read = read_pac (cases[i].answer);

    g_test_message ("%s", cases[i].answer);
    g_assert_cmpstr (read, ==, cases[i].read);
  }
  g_assert_cmpstr (nothing, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hop/parse", test_parse);
  g_test_add_func ("/hop/login", test_login);
  g_test_add_func ("/hop/list", test_list);
  g_test_add_func ("/hop/pac", test_pac);
  return g_test_run ();
}
