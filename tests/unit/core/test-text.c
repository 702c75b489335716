/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/text.h"

static void
assert_bytes (const char *bytes, gsize length, const char *expected)
{
  g_autofree char *text = ocs_text_from_bytes (bytes, length);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_bytes (void)
{
  assert_bytes ("", 0, "");
  assert_bytes (NULL, 0, "");
  assert_bytes ("plain", 5, "plain");
  assert_bytes ("caf\xc3\xa9", 5, "café");
  assert_bytes ("caf\xe9", 4, "café");
  assert_bytes ("\x80 10 \x96 20", 9, "€ 10 – 20");
  assert_bytes ("a\0b", 3,
                "a\xef\xbf\xbd"
                "b");
  assert_bytes ("\xc3\xa9\0", 3, "é\xef\xbf\xbd");
  assert_bytes ("\xe9\0", 2, "é\xef\xbf\xbd");
}

static void
test_all_bytes (void)
{
  char bytes[256];
  g_autofree char *text = NULL;

  for (guint i = 0; i < 256; i++)
    bytes[i] = (char)i;
  text = ocs_text_from_bytes (bytes, sizeof bytes);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (text, -1), ==, 256);
}

static void
assert_file (const char *bytes, gsize length, const char *expected)
{
  g_autofree char *text = ocs_text_from_file (bytes, length);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_file (void)
{
  assert_file ("\xef\xbb\xbf[A]", 6, "[A]");
  assert_file ("\xff\xfe[\0A\0\xe9\0", 8, "[Aé");
  assert_file ("\xfe\xff\0[\0A", 6, "[A");
  assert_file ("\xff\xfe\x3d\xd8\x00\xde", 6, "😀");
  assert_file ("\xff\xfe\x3d\xd8"
               "A\0",
               6,
               "\xef\xbf\xbd"
               "A");
  assert_file ("\xff\xfe\x00\xde", 4, "\xef\xbf\xbd");
  assert_file ("\xff\xfe\x3d\xd8", 4, "\xef\xbf\xbd");
  assert_file ("\xff\xfe"
               "A",
               3, "\xef\xbf\xbd");
  assert_file ("\xef\xbb", 2, "ï»");
  assert_file ("", 0, "");
}

static void
test_control (void)
{
  g_assert_false (ocs_text_has_control (NULL));
  g_assert_false (ocs_text_has_control ("É ü"));
  g_assert_true (ocs_text_has_control ("a\nb"));
  g_assert_true (ocs_text_has_control ("a\tb"));
  g_assert_true (ocs_text_has_control ("a\x7f"));
}

static void
test_int (void)
{
  gint64 value = 0;

  g_assert_true (ocs_text_to_int (" 42 ", 0, 100, &value));
  g_assert_cmpint (value, ==, 42);
  g_assert_false (ocs_text_to_int ("101", 0, 100, &value));
  g_assert_false (ocs_text_to_int ("-1", 0, 100, &value));
  g_assert_false (ocs_text_to_int ("", 0, 100, &value));
  g_assert_false (ocs_text_to_int (NULL, 0, 100, &value));
  g_assert_false (ocs_text_to_int ("4x", 0, 100, &value));
  g_assert_false (ocs_text_to_int ("99999999999999999999999", 0, 100, &value));
  g_assert_cmpint (value, ==, 42);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/text/bytes", test_bytes);
  g_test_add_func ("/text/all-bytes", test_all_bytes);
  g_test_add_func ("/text/file", test_file);
  g_test_add_func ("/text/control", test_control);
  g_test_add_func ("/text/int", test_int);
  return g_test_run ();
}
