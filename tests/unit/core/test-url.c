/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/url.h"

#include <string.h>

static void
test_parse (void)
{
  static const struct {
    const char *text;
    const char *host;
    guint16 port;
    const char *path;
    const char *normal;
  } cases[] = {
      {"http://ocs/ocsinventory", "ocs", 80, "/ocsinventory", "http://ocs/ocsinventory"},
      {"HTTPS://OCS.Example/ocsinventory/", "ocs.example", 443, "/ocsinventory", "https://ocs.example/ocsinventory"},
      {"http://10.0.0.1:8080", "10.0.0.1", 8080, "", "http://10.0.0.1:8080"},
      {"https://[2001:DB8::1]:8443/a/b", "2001:db8::1", 8443, "/a/b", "https://[2001:db8::1]:8443/a/b"},
      {"https://[::1]", "::1", 443, "", "https://[::1]"},
      {"http://h:80/x", "h", 80, "/x", "http://h/x"},
      {"https://h:80/x", "h", 80, "/x", "https://h:80/x"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (OcsUrl) url = ocs_url_parse (cases[i].text, &error);
    g_autofree char *normal = NULL;

    g_assert_no_error (error);
    g_assert_cmpstr (url->host, ==, cases[i].host);
    g_assert_cmpuint (url->port, ==, cases[i].port);
    g_assert_cmpstr (url->path, ==, cases[i].path);
    normal = ocs_url_to_string (url);
    g_assert_cmpstr (normal, ==, cases[i].normal);
  }
}

static void
test_parse_bad (void)
{
  g_autofree char *long_path = g_strnfill (3000, 'a');
  g_autofree char *huge = g_strconcat ("http://h/", long_path, NULL);
  const char *const bad[] = {
      "",
      "ocs",
      "ftp://h/",
      "http://",
      "http:///x",
      "http://user:geheim@h/",
      "http://h h/",
      "http://h\t",
      "http://h/\r\nX: y",
      "http://h:0/",
      "http://h:65536/",
      "http://h:x/",
      "http://h:/",
      "http://h:+80/",
      "http://[::1",
      "http://[h]/",
      "http://[::1]80",
      "http://[]/",
      "http://h/../x",
      "http://h/%2E%2e/x",
      "http://h/./x",
      "http://h?q",
      "http://h/x#y",
      "http://h/x?q",
      "http://h\\x/",
      "http://\xc3\xa9/",
      "http://.h/",
      "http://a..b/",
      "http://-h/",
      "http://[fe80::1%25eth0]/",
      huge,
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (OcsUrl) url = ocs_url_parse (bad[i], &error);

    if (url != NULL)
      g_error ("%s is taken", bad[i]);
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
    g_assert_null (strstr (error->message, "geheim"));
    g_assert_null (strchr (error->message, '\n'));
  }
}

static void
test_host (void)
{
  g_autofree char *host = ocs_url_host ("https://OCS:443/x");
  g_autofree char *none = ocs_url_host ("ocs");
  g_autofree char *nothing = ocs_url_host (NULL);

  g_assert_cmpstr (host, ==, "ocs");
  g_assert_null (none);
  g_assert_null (nothing);
  g_assert_true (ocs_url_is_https ("HTTPS://x"));
  g_assert_false (ocs_url_is_https ("http://x"));
  g_assert_false (ocs_url_is_https (NULL));
}

static void
test_split_host (void)
{
  g_autofree char *host = NULL;
  guint16 port = 9;

  g_assert_false (ocs_url_split_host ("a b", &host, &port, NULL));
  g_assert_false (ocs_url_split_host ("h/x", &host, &port, NULL));
  g_assert_false (ocs_url_split_host ("::1", &host, &port, NULL));
  g_assert_null (host);
  g_assert_cmpuint (port, ==, 9);
  g_assert_true (ocs_url_split_host ("Proxy:3128", &host, &port, NULL));
  g_assert_cmpstr (host, ==, "proxy");
  g_assert_cmpuint (port, ==, 3128);
  g_clear_pointer (&host, g_free);
  g_assert_true (ocs_url_split_host ("[::1]", &host, &port, NULL));
  g_assert_cmpstr (host, ==, "::1");
  g_assert_cmpuint (port, ==, 0);
}

static void
test_id (void)
{
  g_assert_true (ocs_url_id_is_valid ("1700000001"));
  g_assert_true (ocs_url_id_is_valid ("12345678901234567890"));
  g_assert_false (ocs_url_id_is_valid ("123456789012345678901"));
  g_assert_false (ocs_url_id_is_valid (""));
  g_assert_false (ocs_url_id_is_valid (NULL));
  g_assert_false (ocs_url_id_is_valid ("../1"));
  g_assert_false (ocs_url_id_is_valid ("1a"));
  g_assert_false (ocs_url_id_is_valid ("-1"));
}

static void
assert_join (gboolean https, const char *location, const char *id, const char *file, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *url = ocs_url_join (https, location, id, file, &error);

  g_assert_cmpstr (url, ==, expected);
  if (expected == NULL)
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  else
    g_assert_no_error (error);
}

static void
test_join (void)
{
  assert_join (TRUE, "ocs/download", "17", "info", "https://ocs/download/17/info");
  assert_join (FALSE, "ocs:8080/download/", "17", "17-1", "http://ocs:8080/download/17/17-1");
  assert_join (FALSE, "[::1]:81/d", "17", "17-1", "http://[::1]:81/d/17/17-1");
  assert_join (FALSE, "ocs", "17", "17-1", "http://ocs/17/17-1");
  assert_join (TRUE, "https://ocs/download", "17", "info", NULL);
  assert_join (TRUE, "", "17", "info", NULL);
  assert_join (TRUE, "a@b/download", "17", "info", NULL);
  assert_join (TRUE, "ocs/a b", "17", "info", NULL);
  assert_join (TRUE, "ocs/../x", "17", "info", NULL);
  assert_join (TRUE, "ocs/x?y=", "17", "info", NULL);
  assert_join (TRUE, "ocs/download", "1/7", "info", NULL);
  assert_join (TRUE, "ocs/download", "17", "../x", NULL);
  assert_join (TRUE, "ocs/download", "17", "..", NULL);
  assert_join (TRUE, "ocs/download", "17", "", NULL);
}

static void
test_location_host (void)
{
  g_autofree char *host = ocs_url_location_host ("Cache.Site:8080/download", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (host, ==, "cache.site");
  g_assert_null (ocs_url_location_host ("/download", &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/url/parse", test_parse);
  g_test_add_func ("/url/parse-bad", test_parse_bad);
  g_test_add_func ("/url/host", test_host);
  g_test_add_func ("/url/split-host", test_split_host);
  g_test_add_func ("/url/id", test_id);
  g_test_add_func ("/url/join", test_join);
  g_test_add_func ("/url/location-host", test_location_host);
  return g_test_run ();
}
