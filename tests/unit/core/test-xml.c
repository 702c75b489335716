/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/xml.h"
#include <string.h>

static void
assert_clean (const char *text, const char *expected)
{
  g_autofree char *once = ocs_xml_clean (text, -1);
  g_assert_cmpstr (once, ==, expected);
  g_autofree char *twice = ocs_xml_clean (once, -1);
  g_assert_cmpstr (twice, ==, once);
}

static void
test_clean_bytes (void)
{
  assert_clean ("", "");
  assert_clean ("plain text, tab\tand\nline", "plain text, tab\tand\nline");
  assert_clean ("bell\a and \x1b[31mred", "bell and [31mred");
  assert_clean ("Gr\xc3\xbc\xc3\x9f"
                "e \xf0\x9f\x90\xa7",
                "Gr\xc3\xbc\xc3\x9f"
                "e \xf0\x9f\x90\xa7");
  assert_clean ("M\xfcller", "M\xc3\xbcller");               /* Latin-1 */
  assert_clean ("cut \xe2\x82", "cut \xc3\xa2\xc2\x82");     /* a character cut in the middle */
  assert_clean ("\xed\xa0\x80", "\xc3\xad\xc2\xa0\xc2\x80"); /* a surrogate is no UTF-8 */
  assert_clean ("a\xef\xbf\xbe\xef\xbf\xbf"
                "b",
                "ab"); /* not allowed in XML */
  assert_clean ("\xef\xbf\xbd", "\xef\xbf\xbd");
}

static void
test_clean_length (void)
{
  g_autofree char *cut = ocs_xml_clean ("abcdef", 3);
  g_assert_cmpstr (cut, ==, "abc");
  g_autofree char *nul = ocs_xml_clean ("ab\0cd", 5);
  g_assert_cmpstr (nul, ==, "ab");
  g_autofree char *half = ocs_xml_clean ("\xc3\xbc", 1);
  g_assert_cmpstr (half, ==, "\xc3\x83");
}

static void
test_scrubber (void)
{
  assert_clean ("a = (b) c", "a = [b] c");
  assert_clean ("if (x) y (z)", "if [x] y [z]");
  assert_clean ("do; s l e e p (1)", "do; s l e e p [1]"); /* white space goes before the look */
  assert_clean ("BenchMark(1)", "BenchMark[1]");
  assert_clean ("x;sleep(1)", "x;sleep[1]");
  assert_clean ("print if (x)", "print if [x]");
  assert_clean ("motif(3)", "motif(3)");
  assert_clean ("no_if(3)", "no_if(3)");
  assert_clean ("Intel(R) Core(TM)", "Intel(R) Core(TM)");
  assert_clean ("if (never closed", "if (never closed");
  assert_clean (") if (", ") if (");
  assert_clean ("(", "(");
}

static void
test_escape (void)
{
  g_autoptr (GString) out = g_string_new (NULL);
  ocs_xml_append_text (out, "<a href=\"x\" & 'y'>\r\x01\xfc");
  g_assert_cmpstr (out->str, ==, "&lt;a href=&quot;x&quot; &amp; &apos;y&apos;&gt;&#13;\xc3\xbc");
  ocs_xml_append_text (out, NULL);
  g_string_truncate (out, 0);
  ocs_xml_open (out, 0, "A");
  ocs_xml_append_element (out, 1, "B", "1<2");
  ocs_xml_append_element (out, 1, "C", NULL);
  ocs_xml_close (out, 0, "A");
  g_assert_cmpstr (out->str, ==, "<A>\n  <B>1&lt;2</B>\n  <C></C>\n</A>\n");
}

/* Every pair of bytes gives valid UTF-8 without what XML forbids. */
static void
test_all_bytes (void)
{
  for (guint first = 1; first < 256; first++) {
    for (guint second = 1; second < 256; second++) {
      char text[3] = {(char)first, (char)second, 0};
      g_autofree char *clean = ocs_xml_clean (text, -1);
      g_assert_true (g_utf8_validate (clean, -1, NULL));
      for (const char *at = clean; *at != '\0'; at++)
        g_assert_true ((guchar)*at >= 0x20 || strchr ("\t\n\r", *at) != NULL);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/xml/clean-bytes", test_clean_bytes);
  g_test_add_func ("/xml/clean-length", test_clean_length);
  g_test_add_func ("/xml/scrubber", test_scrubber);
  g_test_add_func ("/xml/escape", test_escape);
  g_test_add_func ("/xml/all-bytes", test_all_bytes);
  return g_test_run ();
}
