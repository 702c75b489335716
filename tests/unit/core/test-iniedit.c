/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/ini.h"
#include "worker/core/iniedit.h"

#include <string.h>

static void
assert_set (const char *text, const char *section, const char *key, const char *value, const char *expected)
{
  g_autofree char *changed = ocs_iniedit_set (text, section, key, value);
  g_autoptr (OcsIni) ini = ocs_ini_parse (changed, strlen (changed), NULL);

  g_assert_cmpstr (changed, ==, expected);
  g_assert_cmpstr (ocs_ini_get (ini, section, key), ==, value);
}

static void
test_in_place (void)
{
  assert_set ("; top\r\n[HTTP]\r\n  Server = old ; x\r\n\r\n# end\r\n", "HTTP", "Server", "new",
              "; top\r\n[HTTP]\r\n  Server = new\r\n\r\n# end\r\n");
  assert_set ("[http]\nSERVER=old\nserver=older", "HTTP", "Server", "new", "[http]\nSERVER=new\nserver=older");
  assert_set ("[HTTP]\nServer=", "HTTP", "Server", "new", "[HTTP]\nServer=new");
  /* Of two the first counts, in whichever section of that name. */
  assert_set ("[HTTP]\na=1\n[X]\nServer=x\n[HTTP]\nServer=y\n", "HTTP", "Server", "new",
              "[HTTP]\na=1\n[X]\nServer=x\n[HTTP]\nServer=new\n");
}

static void
test_new_key (void)
{
  assert_set ("", "HTTP", "Server", "s", "[HTTP]\nServer=s\n");
  assert_set ("[HTTP]\n", "HTTP", "Server", "s", "[HTTP]\nServer=s\n");
  assert_set ("[HTTP]", "HTTP", "Server", "s", "[HTTP]\nServer=s\n");
  assert_set ("[HTTP]\r\na=1\r\n; comment\r\n\r\n[X]\r\nb=2\r\n", "HTTP", "Server", "s",
              "[HTTP]\r\na=1\r\nServer=s\r\n; comment\r\n\r\n[X]\r\nb=2\r\n");
  assert_set ("[HTTP]\na=1", "HTTP", "Server", "s", "[HTTP]\na=1\nServer=s\n");
  assert_set ("[X]\nb=2", "HTTP", "Server", "s", "[X]\nb=2\n\n[HTTP]\nServer=s\n");
  assert_set ("# only a comment\n", "OCS Companion", "TAG", "t", "# only a comment\n\n[OCS Companion]\nTAG=t\n");
  assert_set (";Server=off\n[HTTP]\n;Server=off\n#Server=off\n", "HTTP", "Server", "s",
              ";Server=off\n[HTTP]\nServer=s\n;Server=off\n#Server=off\n");
}

static void
test_remove (void)
{
  assert_set ("[HTTP]\nServer=a\nb=1\nSERVER = c\n[X]\nServer=x\n", "HTTP", "Server", NULL, "[HTTP]\nb=1\n[X]\nServer=x\n");
  assert_set ("[HTTP]\nb=1\n", "HTTP", "Server", NULL, "[HTTP]\nb=1\n");
  assert_set ("", "HTTP", "Server", NULL, "");
}

/* What the reader would take off. */
static void
test_quotes (void)
{
  const char *const values[] = {" blank ", "\"quoted\"", "'quoted'", "\"", "a\"b", "=", ";x", "[x]", "#", "\"\"", "' '", "ü€"};

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *changed = ocs_iniedit_set ("[A]\nb=1\n", "A", "key", values[i]);
    g_autofree char *again = ocs_iniedit_set (changed, "A", "key", values[i]);
    g_autoptr (OcsIni) ini = ocs_ini_parse (changed, strlen (changed), NULL);

    g_assert_cmpstr (ocs_ini_get (ini, "A", "key"), ==, values[i]);
    g_assert_cmpstr (again, ==, changed);
    g_assert_cmpuint (ocs_ini_warnings (ini)->len, ==, 0);
  }
}

static void
test_odd (void)
{
  assert_set ("[HTTP\nServer=old\n", "HTTP", "Server", "new", "[HTTP\nServer=new\n");
  assert_set ("[ http ] ; ours\nServer=old\n", "HTTP", "Server", "new", "[ http ] ; ours\nServer=new\n");
  assert_set ("Server=nowhere\n[HTTP]\rServer=old\r", "HTTP", "Server", "new", "Server=nowhere\n[HTTP]\rServer=new\r");
  assert_set ("garbage\n=\n[HTTP]\ngarbage\n", "HTTP", "Server", "new", "garbage\n=\n[HTTP]\ngarbage\nServer=new\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/iniedit/in-place", test_in_place);
  g_test_add_func ("/iniedit/new-key", test_new_key);
  g_test_add_func ("/iniedit/remove", test_remove);
  g_test_add_func ("/iniedit/quotes", test_quotes);
  g_test_add_func ("/iniedit/odd", test_odd);
  return g_test_run ();
}
