/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/redact.h"
#include <string.h>

static void
test_table (void)
{
  static const struct {
    const char *text;
    const char *clean;
  } cases[] = {
      {"", ""},
      {"contact with https://ocs.example/ocsinventory: inventory sent", "contact with https://ocs.example/ocsinventory: inventory sent"},
      {"GET http://ann:geheim@proxy:3128/x", "GET http://…@proxy:3128/x"},
      {"curl -u x https://a.b/c?token=abc&x=1", "curl -u x https://a.b/c?token=…&x=1"},
      {"Password: hunter2 and more", "Password: … and more"},
      {"ProxyPwd=abc", "ProxyPwd=…"},
      {"setup.exe --password s3cret /quiet", "setup.exe --password … /quiet"},
      {"{\"password\" : \"a b \",\"id\":\"1\"}", "{\"password\" : \"…\",\"id\":\"1\"}"},
      {"\"command\":\"tool --token=\\\"x y\\\" go\"", "\"command\":\"tool --token=\\\"…\\\" go\""},
      {"Authorization: Basic YTpi", "Authorization: …"},
      {"ask ann.smith@example.org for it", "ask …@… for it"},
      {"cannot write /home/ann/file: no", "cannot write /home/…/file: no"},
      {"C:\\Users\\ann\\x", "C:\\Users\\…\\x"},
      {"-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nrest", "…\nrest"},
      {"{\"section\":\"HTTP\",\"key\":\"Server\",\"value\":\"http://ocs/\"}",
       "{\"section\":\"HTTP\",\"key\":\"Server\",\"value\":\"http://ocs/\"}"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *clean = ocs_redact (cases[i].text);

    g_assert_cmpstr (clean, ==, cases[i].clean);
  }
}

/* A log of many lines, one of them a megabyte: ends, and what cannot be searched does not leave. */
static void
test_long (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *clean = NULL;

  for (int i = 0; i < 1000; i++)
    g_string_append (text, "a line with http://ann:geheim@proxy/ in it\n");
  for (int i = 0; i < 200000; i++)
    g_string_append (text, "x@-.:");
  clean = ocs_redact (text->str);
  g_assert_null (strstr (clean, "geheim"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redact/table", test_table);
  g_test_add_func ("/redact/long", test_long);
  return g_test_run ();
}
