/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/aptsources.h"

static void
assert_source (const GPtrArray *sources, guint index, const char *uri, const char *suite, const char *components, const char *options)
{
  g_assert_cmpuint (index, <, sources->len);
  const OcsAptSource *source = g_ptr_array_index (sources, index);
  g_assert_cmpstr (source->uri, ==, uri);
  g_assert_cmpstr (source->suite, ==, suite);
  g_assert_cmpstr (source->components, ==, components);
  g_assert_cmpstr (source->options, ==, options);
}

static void
test_list (void)
{
  g_autoptr (GPtrArray) sources =
      ocs_apt_parse_list ("# deb http://off.example/debian bookworm main\n"
                          "deb http://deb.example/debian bookworm main contrib # and more\n"
                          "\tdeb  [ arch=amd64,arm64  signed-by=/usr/share/keyrings/a.gpg lang=de ]   https://b.example/x  ./\n"
                          "deb [trusted=yes] \"https://c.example/a b\" stable main\n"
                          "deb cdrom:[Debian GNU/Linux 12 _Bookworm_ #1]/ bookworm main\n"
                          "deb-src http://deb.example/debian bookworm main\n"
                          "deb http://half.example\ndeb\ndeb [\ndeb [arch=amd64]\ndebug http://x.example y\n\n");
  g_assert_cmpuint (sources->len, ==, 4);
  assert_source (sources, 0, "http://deb.example/debian", "bookworm", "main contrib", "");
  assert_source (sources, 1, "https://b.example/x", "./", "", "arch=amd64,arm64 signed-by=/usr/share/keyrings/a.gpg");
  assert_source (sources, 2, "https://c.example/a b", "stable", "main", "trusted=yes");
  assert_source (sources, 3, "cdrom:[Debian GNU/Linux 12 _Bookworm_ #1]/", "bookworm", "main", "");
}

static void
test_deb822 (void)
{
  g_autoptr (GPtrArray) sources =
      ocs_apt_parse_deb822 ("# Debian\nTypes: deb deb-src\nURIs: http://a.example/debian\n# a comment between\n http://b.example/debian\n"
                            "Suites: trixie trixie-updates\nComponents: main\n contrib\nSigned-By: /usr/share/keyrings/d.gpg\n \t\n"
                            "types: deb\nEnabled: No\nURIs: http://off.example/\nSuites: x\n\n"
                            "Types: deb-src\nURIs: http://src.example/\nSuites: x\n\n"
                            "Types: deb\nURIs: https://c.example/\nSuites: ./\nArchitectures: amd64 i386\nTrusted: yes\nSigned-By:\n"
                            " -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n -----END PGP PUBLIC KEY BLOCK-----");
  g_assert_cmpuint (sources->len, ==, 5);
  assert_source (sources, 0, "http://a.example/debian", "trixie", "main contrib", "signed-by=/usr/share/keyrings/d.gpg");
  assert_source (sources, 1, "http://a.example/debian", "trixie-updates", "main contrib", "signed-by=/usr/share/keyrings/d.gpg");
  assert_source (sources, 2, "http://b.example/debian", "trixie", "main contrib", "signed-by=/usr/share/keyrings/d.gpg");
  assert_source (sources, 4, "https://c.example/", "./", "", "arch=amd64,i386 signed-by=(inline) trusted=yes");
}

static void
test_deb822_garbage (void)
{
  static const char *const texts[] = {"",
                                      "\n\n",
                                      ":",
                                      " continued",
                                      ": x\n y",
                                      "Types",
                                      "Types:\nURIs:\nSuites:",
                                      "Types: deb\n\nURIs: a\n",
                                      "Types: deb\nURIs: a\n",
                                      "\xff\xfe: \x80\n",
                                      "Types: deb\nTypes: deb\n x\nTypes: deb-src\nURIs: a\nSuites: b"};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GPtrArray) sources = ocs_apt_parse_deb822 (texts[i]);
    g_assert_cmpuint (sources->len, ==, 0);
  }
}

static void
test_cap (void)
{
  g_autoptr (GString) text = g_string_new ("Types: deb\nURIs:");
  for (guint i = 0; i < 3000; i++)
    g_string_append (text, " u");
  g_string_append (text, "\nSuites:");
  for (guint i = 0; i < 3000; i++)
    g_string_append (text, " s");
  g_autoptr (GPtrArray) sources = ocs_apt_parse_deb822 (text->str);
  g_assert_cmpuint (sources->len, ==, OCS_APT_SOURCES_MAX);
}

static void
assert_shown (const char *uri, const char *expected)
{
  g_autofree char *shown = ocs_apt_show_uri (uri);
  g_assert_cmpstr (shown, ==, expected);
}

static void
test_no_login (void)
{
  assert_shown ("https://user:secret@shop.example/deb", "https://shop.example/deb");
  assert_shown ("https://token@shop.example/deb", "https://shop.example/deb");
  assert_shown ("https://user:se/cr?e#t@shop.example/deb", "https://shop.example/deb");
  assert_shown ("https://user:a@b@shop.example/", "https://shop.example/");
  assert_shown ("https://shop.example/deb?token=secret#x", "https://shop.example/deb");
  assert_shown ("mirror+file:/etc/apt/mirrors.txt", "mirror+file:/etc/apt/mirrors.txt");
  assert_shown ("cdrom:[a@b #1?]/", "cdrom:[a@b #1?]/");
  assert_shown ("", "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/aptsources/list", test_list);
  g_test_add_func ("/aptsources/deb822", test_deb822);
  g_test_add_func ("/aptsources/deb822-garbage", test_deb822_garbage);
  g_test_add_func ("/aptsources/cap", test_cap);
  g_test_add_func ("/aptsources/no-login", test_no_login);
  return g_test_run ();
}
