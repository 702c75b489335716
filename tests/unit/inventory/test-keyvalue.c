/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/keyvalue.h"

static void
assert_value (const char *text, const char *key, const char *expected)
{
  g_autofree char *value = ocs_keyvalue_get (text, key);
  g_assert_cmpstr (value, ==, expected);
}

static void
test_get (void)
{
  static const char text[] = "NAME=\"Debian GNU/Linux\"\nID=debian\r\nEMPTY=\nQUOTED_EMPTY=\"\"\nSINGLE='it "
                             "is'\nBROKEN=\"open\nENCODED=a\\x20b\nID=second\nLAST=end";
  assert_value (text, "NAME", "Debian GNU/Linux");
  assert_value (text, "ID", "debian");
  assert_value (text, "EMPTY", NULL);
  assert_value (text, "QUOTED_EMPTY", NULL);
  assert_value (text, "SINGLE", "it is");
  assert_value (text, "BROKEN", "\"open");
  assert_value (text, "ENCODED", "a\\x20b");
  assert_value (text, "LAST", "end");
  assert_value (text, "D", NULL);
  assert_value (text, "AME", NULL);
  assert_value ("", "ID", NULL);
  assert_value (NULL, "ID", NULL);
  assert_value ("=\n=x\nID", "ID", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keyvalue/get", test_get);
  return g_test_run ();
}
