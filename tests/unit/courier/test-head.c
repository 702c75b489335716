/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/head.h"
#include <string.h>

static OcsHead *
read_head (const char *text)
{
  OcsHead *head = ocs_head_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_assert_true (ocs_head_add_line (head, lines[i], strlen (lines[i])));
  return head;
}

static void
test_newest_answer (void)
{
  g_autoptr (OcsHead) head =
      read_head ("HTTP/1.1 407 Proxy Authentication Required\r\nX-Squid-Error: ERR_CACHE_ACCESS_DENIED 0\r\n\r\n"
                 "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\nX-CACHE:HIT from a\r\nx-cache:  MISS from b \r\n\r\n");

  g_assert_cmpint (head->status, ==, 200);
  g_assert_null (ocs_head_get (head, "x-squid-error"));
  g_assert_cmpstr (ocs_head_get (head, "x-cache"), ==, "HIT from a, MISS from b");
}

/* A field that looks like a status line is a field: the Windows agent takes "Via: HTTP/1.1 proxy" for one. */
static void
test_via_is_no_status (void)
{
  g_autoptr (OcsHead) head = read_head ("HTTP/1.1 200 OK\r\nVia: HTTP/1.1 404 proxy\r\n");

  g_assert_cmpint (head->status, ==, 200);
  g_assert_cmpstr (ocs_head_get (head, "via"), ==, "HTTP/1.1 404 proxy");
}

static void
test_odd_lines (void)
{
  g_autoptr (OcsHead) head = read_head ("HTTP/1.1\r\n: nothing\r\nno colon\r\nX:\r\nY: a\xff");

  g_assert_cmpint (head->status, ==, 0);
  g_assert_cmpuint (g_hash_table_size (head->fields), ==, 2);
  g_assert_true (g_utf8_validate (ocs_head_get (head, "y"), -1, NULL));
}

static void
test_cap (void)
{
  g_autoptr (OcsHead) head = read_head ("HTTP/1.1 200 OK");
  g_autofree char *line = g_strnfill (OCS_HEAD_MAX / 4, 'a');
  gboolean more = TRUE;

  for (guint i = 0; i < 8 && more; i++)
    more = ocs_head_add_line (head, line, strlen (line));
  g_assert_false (more);
}

static void
test_range (void)
{
  static const struct {
    const char *text;
    gboolean good;
    gint64 start, total;
  } cases[] = {
      {"bytes 5-9/10", TRUE, 5, 10},  {"Bytes 0-0/*", TRUE, 0, -1},   {"bytes 5-9/9", FALSE, 0, 0},
      {"bytes 9-5/20", FALSE, 0, 0},  {"bytes */10", FALSE, 0, 0},    {"bytes 5-9", FALSE, 0, 0},
      {"bytes -5-9/10", FALSE, 0, 0}, {"bytes 5-9/10x", FALSE, 0, 0}, {"bytes 99999999999999999999-1/2", FALSE, 0, 0},
      {"items 5-9/10", FALSE, 0, 0},
  };
  g_autoptr (OcsHead) none = ocs_head_new ();
  gint64 start, total;

  g_assert_false (ocs_head_get_range (none, &start, &total));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strconcat ("HTTP/1.1 206 x\nContent-Range: ", cases[i].text, NULL);
    g_autoptr (OcsHead) head = read_head (text);

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (ocs_head_get_range (head, &start, &total), ==, cases[i].good);
    if (!cases[i].good)
      continue;
    g_assert_cmpint (start, ==, cases[i].start);
    g_assert_cmpint (total, ==, cases[i].total);
  }
}

static void
test_size (void)
{
  g_autoptr (OcsHead) head = read_head ("HTTP/1.1 200 x\nContent-Length: 42\nA: 4 2\nB: -1\nC:");

  g_assert_cmpint (ocs_head_get_size (head, "content-length"), ==, 42);
  g_assert_cmpint (ocs_head_get_size (head, "a"), ==, -1);
  g_assert_cmpint (ocs_head_get_size (head, "b"), ==, -1);
  g_assert_cmpint (ocs_head_get_size (head, "c"), ==, -1);
  g_assert_cmpint (ocs_head_get_size (head, "d"), ==, -1);
}

static void
test_validator (void)
{
  g_autoptr (OcsHead) strong = read_head ("HTTP/1.1 200 x\nETag: \"a-1\"\nLast-Modified: Sun");
  g_autoptr (OcsHead) weak = read_head ("HTTP/1.1 200 x\nETag: W/\"a-1\"\nLast-Modified: Sun");
  g_autoptr (OcsHead) none = read_head ("HTTP/1.1 200 x\nETag: W/\"a-1\"");
  g_autofree char *from_strong = ocs_head_dup_validator (strong);
  g_autofree char *from_weak = ocs_head_dup_validator (weak);

  g_assert_cmpstr (from_strong, ==, "\"a-1\"");
  g_assert_cmpstr (from_weak, ==, "Sun");
  g_assert_null (ocs_head_dup_validator (none));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/head/newest-answer", test_newest_answer);
  g_test_add_func ("/head/via-is-no-status", test_via_is_no_status);
  g_test_add_func ("/head/odd-lines", test_odd_lines);
  g_test_add_func ("/head/cap", test_cap);
  g_test_add_func ("/head/range", test_range);
  g_test_add_func ("/head/size", test_size);
  g_test_add_func ("/head/validator", test_validator);
  return g_test_run ();
}
