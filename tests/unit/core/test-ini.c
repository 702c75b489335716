/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/ini.h"

#include <string.h>

static OcsIni *
parse (const char *text, GPtrArray **warnings)
{
  *warnings = g_ptr_array_new_with_free_func (g_free);
  return ocs_ini_parse (text, strlen (text), *warnings);
}

static void
assert_warning (GPtrArray *warnings, guint i, const char *start)
{
  g_assert_cmpuint (warnings->len, >, i);
  if (!g_str_has_prefix (warnings->pdata[i], start))
    g_error ("\"%s\" does not begin with \"%s\"", (char *)warnings->pdata[i], start);
}

static void
assert_where (const OcsIni *ini, const char *section, const char *key, const char *expected)
{
  g_autofree char *where = ocs_ini_where (ini, section, key);

  g_assert_cmpstr (where, ==, expected);
}

static void
test_good (void)
{
  g_autoptr (GPtrArray) warnings = NULL;
  g_autoptr (OcsIni) ini = parse ("\xef\xbb\xbf; made by hand\r\n"
                                  "[HTTP]\r\n"
                                  "Server=http://ocs/ocsinventory\r\n"
                                  "  # a comment\r\n"
                                  "SSL\t= 1 \r\n"
                                  "User=\r\n"
                                  "\r\n"
                                  "[ OCS Inventory Agent ] ; ours\r\n"
                                  "Tag=\"quoted = value\"\r\n"
                                  "Last=a=b",
                                  &warnings);

  g_assert_cmpuint (warnings->len, ==, 0);
  g_assert_cmpstr (ocs_ini_get (ini, "http", "SERVER"), ==, "http://ocs/ocsinventory");
  g_assert_cmpstr (ocs_ini_get (ini, "HTTP", "ssl"), ==, "1");
  g_assert_cmpstr (ocs_ini_get (ini, "HTTP", "User"), ==, "");
  g_assert_cmpstr (ocs_ini_get (ini, "ocs inventory agent", "TAG"), ==, "quoted = value");
  g_assert_cmpstr (ocs_ini_get (ini, "OCS Inventory Agent", "Last"), ==, "a=b");
  g_assert_null (ocs_ini_get (ini, "HTTP", "Tag"));
  g_assert_null (ocs_ini_get (ini, "Nothing", "Tag"));
  assert_where (ini, "HTTP", "Server", "line 3");
  assert_where (ini, "OCS Inventory Agent", "Last", "line 10");
  assert_where (ini, "HTTP", "Tag", NULL);
  g_assert_cmpuint (ocs_ini_entries (ini)->len, ==, 5);
}

static void
test_line_ends (void)
{
  g_autoptr (GPtrArray) warnings = NULL;
  g_autoptr (OcsIni) ini = parse ("[A]\rone=1\rtwo=2\n\nthree=3\r\n\r\nfour=4", &warnings);

  assert_where (ini, "A", "one", "line 2");
  assert_where (ini, "A", "two", "line 3");
  assert_where (ini, "A", "three", "line 5");
  assert_where (ini, "A", "four", "line 7");
}

static void
test_malformed (void)
{
  g_autoptr (GPtrArray) warnings = NULL;
  g_autoptr (OcsIni) ini = parse ("early=1\n"
                                  "[HTTP\n"
                                  "Server=s\n"
                                  "nonsense\n"
                                  "=value\n"
                                  "SSL=1\n"
                                  "ssl=0\n"
                                  "[Other] what\n"
                                  "bad\x01=1\n"
                                  "good=1\n",
                                  &warnings);

  g_assert_cmpuint (warnings->len, ==, 7);
  assert_warning (warnings, 0, "line 1: early= stands before any [section]");
  assert_warning (warnings, 1, "line 2: the section has no ]");
  assert_warning (warnings, 2, "line 4: ");
  assert_warning (warnings, 3, "line 5: ");
  assert_warning (warnings, 4, "line 7: ssl= stands on line 6 already");
  assert_warning (warnings, 5, "line 8: ");
  assert_warning (warnings, 6, "line 9: ");
  g_assert_cmpuint (ocs_ini_warnings (ini)->len, ==, 7);
  g_assert_cmpstr (ocs_ini_get (ini, "HTTP", "Server"), ==, "s");
  g_assert_cmpstr (ocs_ini_get (ini, "HTTP", "SSL"), ==, "1");
  g_assert_cmpstr (ocs_ini_get (ini, "Other", "good"), ==, "1");
}

static void
test_encodings (void)
{
  g_autoptr (OcsIni) latin = ocs_ini_parse ("[A]\nname=caf\xe9\n", 15, NULL);
  g_autoptr (OcsIni) wide = ocs_ini_parse ("\xff\xfe[\0A\0]\0\r\0\n\0k\0=\0\xe9\0", 18, NULL);

  g_assert_cmpstr (ocs_ini_get (latin, "A", "name"), ==, "café");
  g_assert_cmpstr (ocs_ini_get (wide, "A", "k"), ==, "é");
}

static void
test_garbage (void)
{
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (OcsIni) empty = ocs_ini_parse (NULL, 0, warnings);
  g_autoptr (OcsIni) ini = NULL;

  g_assert_cmpuint (warnings->len, ==, 0);
  g_assert_cmpuint (ocs_ini_entries (empty)->len, ==, 0);
  for (guint i = 0; i < 10000; i++)
    g_string_append (text, "rubbish\n");
  ini = ocs_ini_parse (text->str, text->len, warnings);
  g_assert_cmpuint (warnings->len, ==, 51);
  g_assert_cmpuint (ocs_ini_entries (ini)->len, ==, 0);
}

/* A login must not come out in a warning. */
static void
test_no_values_in_warnings (void)
{
  g_autoptr (GPtrArray) warnings = NULL;
  g_autoptr (OcsIni) ini = parse ("Pwd=geheim\n[A]\nPwd=geheim\nPwd=geheim\nP\x02=geheim\ngeheim\n", &warnings);

  g_assert_cmpuint (warnings->len, ==, 4);
  for (guint i = 0; i < warnings->len; i++)
    g_assert_null (strstr (warnings->pdata[i], "geheim"));
  g_assert_nonnull (ini);
}

/* A drop-in counts before the file, and says where it stands. */
static void
test_overlay (void)
{
  g_autoptr (GPtrArray) warnings = NULL;
  g_autoptr (OcsIni) ini = parse ("[HTTP]\nServer=one\nSSL=1\nProxy=p\n", &warnings);
  const char *text = "junk\n[http]\nSERVER=two\nProxy=\n[New]\nkey=value\n";
  g_autofree char *where = NULL;
  g_autofree char *main_where = NULL;
  g_autofree char *nowhere = NULL;

  ocs_ini_overlay (ini, ocs_ini_parse (text, strlen (text), NULL), "ocsinventory.d/50.ini");
  where = ocs_ini_where (ini, "HTTP", "Server");
  main_where = ocs_ini_where (ini, "HTTP", "SSL");
  nowhere = ocs_ini_where (ini, "HTTP", "None");
  g_assert_cmpstr (ocs_ini_get (ini, "HTTP", "Server"), ==, "two");
  g_assert_cmpstr (ocs_ini_get (ini, "HTTP", "Proxy"), ==, "");
  g_assert_cmpstr (ocs_ini_get (ini, "HTTP", "SSL"), ==, "1");
  g_assert_cmpstr (ocs_ini_get (ini, "New", "key"), ==, "value");
  g_assert_cmpstr (where, ==, "ocsinventory.d/50.ini line 3");
  g_assert_cmpstr (main_where, ==, "line 3");
  g_assert_null (nowhere);
  g_assert_cmpstr (ocs_ini_source (ini, "HTTP", "Server"), ==, "ocsinventory.d/50.ini");
  g_assert_null (ocs_ini_source (ini, "HTTP", "SSL"));
  g_assert_cmpuint (ocs_ini_entries (ini)->len, ==, 4);
  assert_warning ((GPtrArray *)ocs_ini_warnings (ini), 0, "ocsinventory.d/50.ini line 1: ");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ini/good", test_good);
  g_test_add_func ("/ini/line-ends", test_line_ends);
  g_test_add_func ("/ini/malformed", test_malformed);
  g_test_add_func ("/ini/encodings", test_encodings);
  g_test_add_func ("/ini/garbage", test_garbage);
  g_test_add_func ("/ini/no-values-in-warnings", test_no_values_in_warnings);
  g_test_add_func ("/ini/overlay", test_overlay);
  return g_test_run ();
}
