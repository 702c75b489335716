/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/bypass.h"
#include <string.h>

static void
test_matches (void)
{
  static const struct {
    const char *list, *host;
    guint16 port;
    gboolean matches;
  } cases[] = {
      {NULL, "ocs", 80, FALSE},
      {"", "ocs", 80, FALSE},
      {" , ;", "ocs", 80, FALSE},
      {"ocs", "ocs", 80, TRUE},
      {"OCS", "ocs", 80, TRUE},
      {"ocs", "ocs.example", 80, FALSE},
      {"ocs", "my.ocs", 80, FALSE},
      {"a, b;c d", "c", 80, TRUE},
      {"a, b;c d", "d", 80, TRUE},
      {".example.com", "ocs.example.com", 80, TRUE},
      {".example.com", "example.com", 80, TRUE},
      {".example.com", "notexample.com", 80, FALSE},
      {"*.example.com", "a.b.example.com", 80, TRUE},
      {"*.example.com", "example.org", 80, FALSE},
      {"example.com", "a.example.com", 80, FALSE},
      {"*", "anything.example", 1, TRUE},
      {"10.0.0.0/8", "10.200.3.4", 80, TRUE},
      {"10.0.0.0/8", "11.0.0.1", 80, FALSE},
      {"10.0.0.0/8", "ten.example", 80, FALSE},
      {"192.168.4.0/22", "192.168.7.255", 80, TRUE},
      {"192.168.4.0/22", "192.168.8.0", 80, FALSE},
      {"192.168.1.7", "192.168.1.7", 80, TRUE},
      {"0.0.0.0/0", "8.8.8.8", 80, TRUE},
      {"0.0.0.0/0", "::1", 80, FALSE},
      {"192.168.1.7/32", "192.168.1.8", 80, FALSE},
      {"fd00::/8", "fd12:3456::1", 80, TRUE},
      {"fd00::/8", "fe80::1", 80, FALSE},
      {"2001:db8::/33", "2001:db8:7fff::", 80, TRUE},
      {"2001:db8::/33", "2001:db8:8000::", 80, FALSE},
      {"[fd00::1]", "fd00::1", 80, TRUE},
      {"fd00:0:0:0:0:0:0:1", "fd00::1", 80, TRUE},
      {"[fd00::]/16", "fd00:1::2", 80, TRUE},
      {"10.0.0.0/8", "::ffff:10.1.2.3", 80, TRUE},
      {"[::1]:8080", "::1", 8080, TRUE},
      {"[::1]:8080", "::1", 80, FALSE},
      {"10.1.1.1:81", "10.1.1.1", 81, TRUE},
      {"10.1.1.1:81", "10.1.1.1", 80, FALSE},
      {"ocs:8080", "ocs", 8080, TRUE},
      {"ocs:8080", "ocs", 80, FALSE},
      {"<local>", "ocs", 80, TRUE},
      {"<LOCAL>", "localhost", 80, TRUE},
      {"<local>", "ocs.example", 80, FALSE},
      {"<local>", "127.0.0.1", 80, TRUE},
      {"<local>", "127.9.9.9", 80, TRUE},
      {"<local>", "::1", 80, TRUE},
      {"<local>", "10.0.0.1", 80, FALSE},
      {"<local>", "fd00::1", 80, FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsBypass) bypass = ocs_bypass_parse (cases[i].list, FALSE, NULL);

    g_test_message ("%s %s:%d", cases[i].list, cases[i].host, cases[i].port);
    g_assert_cmpint (ocs_bypass_matches (bypass, cases[i].host, cases[i].port), ==, cases[i].matches);
  }
}

static void
test_environment (void)
{
  g_autoptr (OcsBypass) bypass = ocs_bypass_parse ("example.com,localhost", TRUE, NULL);

  g_assert_true (ocs_bypass_matches (bypass, "a.example.com", 80));
  g_assert_true (ocs_bypass_matches (bypass, "example.com", 80));
  g_assert_false (ocs_bypass_matches (bypass, "badexample.com", 80));
}

static void
test_bad (void)
{
  static const char *const bad[] = {"10.0.0.0/33",  "fd00::/129", "10.0.0.0/x", "10.0.0.0/-1", "1:2:3::4::5/64", "a b@c/d",
                                    "http://host/", "host:99999", "[::1",       "..",          "user:secret@h",  "fd00::/"};

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *list = g_strdelimit (g_strdup (bad[i]), " ", '_');
    g_autoptr (OcsBypass) bypass = ocs_bypass_parse (list, FALSE, problems);

    g_test_message ("%s", list);
    g_assert_cmpuint (problems->len, ==, 1);
    g_assert_null (strstr (problems->pdata[0], "secret"));
    g_assert_false (ocs_bypass_matches (bypass, "10.0.0.1", 80));
  }
}

static void
test_addresses (void)
{
  static const struct {
    const char *text;
    guint size;
  } cases[] = {
      {"1.2.3.4", 4},
      {"1.2.3", 0},
      {"1.2.3.4.5", 0},
      {"1.2.3.256", 0},
      {"::", 16},
      {"::1", 16},
      {"1::", 16},
      {"1::2::3", 0},
      {"1:2:3:4:5:6:7:8", 16},
      {"1:2:3:4:5:6:7", 0},
      {"1:2:3:4:5:6:7:8:9", 0},
      {"::ffff:1.2.3.4", 4},
      {"::1.2.3.4", 16},
      {"12345::", 0},
      {"g::", 0},
      {"", 0},
      {":", 0},
      {":::", 0},
      {"1:2:3:4:5:6:7::8", 0},
      {"1:2:3:4:5:6:1.2.3.4", 16},
      {"1:2:3:4:5:6:7:1.2.3.4", 0},
      {"1.2.3.4::", 0},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 bytes[16];

    g_test_message ("%s", cases[i].text);
    g_assert_cmpuint (ocs_bypass_read_address (cases[i].text, bytes), ==, cases[i].size);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bypass/matches", test_matches);
  g_test_add_func ("/bypass/environment", test_environment);
  g_test_add_func ("/bypass/bad", test_bad);
  g_test_add_func ("/bypass/addresses", test_addresses);
  return g_test_run ();
}
