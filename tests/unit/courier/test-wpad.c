/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/wpad.h"

static void
test_domains (void)
{
  static const struct {
    const char *text, *urls;
  } cases[] = {
      {"", ""},
      {"nameserver 1.2.3.4\n", ""},
      {"search site.example.com\n", "http://wpad.site.example.com/wpad.dat"},
      {"search a.example b.example.\n", "http://wpad.a.example/wpad.dat http://wpad.b.example/wpad.dat"},
      {"domain a.example\nsearch b.example\n", "http://wpad.b.example/wpad.dat"},
      {"search\tLAN\nnameserver 1.1.1.1", "http://wpad.lan/wpad.dat"},
      {"search a b c d e f g\n", "http://wpad.a/wpad.dat http://wpad.b/wpad.dat http://wpad.c/wpad.dat http://wpad.d/wpad.dat"},
      {"search .\n", ""},
      {"search ..\nsearchx y\n", ""},
      {"search a/b x@y z:1 a%20b ok\n", "http://wpad.ok/wpad.dat"},
      {"#search a\n;search b\n search c\n", ""},
      {"search", ""},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) urls = ocs_wpad_urls (cases[i].text);
    g_autofree char *joined = g_strjoinv (" ", urls);

    g_test_message ("%s", cases[i].text);
    g_assert_cmpstr (joined, ==, cases[i].urls);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wpad/domains", test_domains);
  return g_test_run ();
}
