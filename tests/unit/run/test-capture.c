/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/run/capture.h"

#include <string.h>

static void
assert_text (OcsCapture *capture, const char *expected, gboolean truncated)
{
  g_autofree char *text = ocs_capture_text (capture);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (ocs_capture_is_truncated (capture), ==, truncated);
}

static void
test_small (void)
{
  g_autoptr (OcsCapture) capture = ocs_capture_new (8);

  assert_text (capture, "", FALSE);
  ocs_capture_push (capture, "abc", 3);
  assert_text (capture, "abc", FALSE);
  ocs_capture_push (capture, "defgh", 5);
  assert_text (capture, "abcdefgh", FALSE);
}

static void
test_cut (void)
{
  g_autoptr (OcsCapture) capture = ocs_capture_new (8);

  ocs_capture_push (capture, "abcdefghi", 9);
  assert_text (capture, "abcd\n[… 1 bytes left out …]\nfghi", TRUE);
  ocs_capture_push (capture, "jk", 2);
  assert_text (capture, "abcd\n[… 3 bytes left out …]\nhijk", TRUE);
  ocs_capture_push (capture, "0123456789", 10);
  assert_text (capture, "abcd\n[… 13 bytes left out …]\n6789", TRUE);
}

/* Every way to cut the same bytes must give the same text. */
static void
test_pieces (void)
{
  static const char bytes[] = "The quick brown fox jumps over the lazy dog";
  g_autoptr (OcsCapture) whole = ocs_capture_new (11);
  g_autofree char *expected = NULL;

  ocs_capture_push (whole, bytes, strlen (bytes));
  expected = ocs_capture_text (whole);
  for (gsize step = 1; step < strlen (bytes); step++) {
    g_autoptr (OcsCapture) capture = ocs_capture_new (11);

    for (gsize at = 0; at < strlen (bytes); at += step)
      ocs_capture_push (capture, bytes + at, MIN (step, strlen (bytes) - at));
    assert_text (capture, expected, TRUE);
  }
}

static void
test_binary (void)
{
  g_autoptr (OcsCapture) capture = ocs_capture_new (64);
  g_autofree char *text = NULL;

  ocs_capture_push (capture, "a\0b\xff\xc3\xa4", 6);
  text = ocs_capture_text (capture);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_str_has_prefix (text, "a?b"));
  g_assert_true (g_str_has_suffix (text, "ä"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/small", test_small);
  g_test_add_func ("/capture/cut", test_cut);
  g_test_add_func ("/capture/pieces", test_pieces);
  g_test_add_func ("/capture/binary", test_binary);
  return g_test_run ();
}
