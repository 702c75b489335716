/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/snap.h"

static void
assert_value (const char *text, const char *key, const char *expected)
{
  g_autofree char *value = ocs_snap_get (text, key);
  g_assert_cmpstr (value, ==, expected);
}

static void
test_get (void)
{
  static const char yaml[] = "name: core22\nversion: '20240111'\nsummary: \"Runtime: the base\"\n"
                             "description: |\n  First line: of many\n  version: 9\narchitectures:\n  - amd64\n  - i386\n"
                             "assumes: [snapd2.55, other]\nempty:\ntype: base\ntitle: >-\n  Folded";
  assert_value (yaml, "name", "core22");
  assert_value (yaml, "version", "20240111");
  assert_value (yaml, "summary", "Runtime: the base");
  assert_value (yaml, "description", "First line: of many");
  assert_value (yaml, "architectures", "amd64");
  assert_value (yaml, "assumes", "snapd2.55");
  assert_value (yaml, "empty", NULL);
  assert_value (yaml, "title", "Folded");
  assert_value (yaml, "typ", NULL);
  assert_value ("architectures:\n- arm64\n", "architectures", "arm64");
}

static void
test_garbage (void)
{
  assert_value (NULL, "version", NULL);
  assert_value ("", "version", NULL);
  assert_value ("version", "version", NULL);
  assert_value ("version:", "version", NULL);
  assert_value ("version: |", "version", NULL);
  assert_value ("version: [", "version", NULL);
  assert_value ("version: '", "version", "'");
  assert_value ("version:\n-\n", "version", "-");
  assert_value ("version:\n- \n", "version", NULL);
  assert_value ("\n\n:\n \nversion: ''\n", "version", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snap/get", test_get);
  g_test_add_func ("/snap/garbage", test_garbage);
  return g_test_run ();
}
