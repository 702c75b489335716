/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/request.h"

static void
test_prolog (void)
{
  g_autofree char *text = ocs_request_prolog ("vm-2026-11-22-07-40-38");

  g_assert_cmpstr (text, ==,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<REQUEST>\n"
                   "  <DEVICEID>vm-2026-11-22-07-40-38</DEVICEID>\n"
                   "  <QUERY>PROLOG</QUERY>\n"
                   "</REQUEST>\n");
}

static void
test_result (void)
{
  g_autofree char *text = ocs_request_result ("vm-2026-11-22-07-40-38", "1700000001", "EXIT_CODE_3");

  g_assert_cmpstr (text, ==,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<REQUEST DEVICEID=\"vm-2026-11-22-07-40-38\" ERR=\"EXIT_CODE_3\" ID=\"1700000001\" QUERY=\"DOWNLOAD\" />\n");
}

static void
test_escape (void)
{
  g_autofree char *prolog = ocs_request_prolog ("a<b&c-2026-11-22-07-40-38");
  g_autofree char *result = ocs_request_result ("a\"<b>", "1", "SUCCESS");

  g_assert_nonnull (g_strstr_len (prolog, -1, "<DEVICEID>a&lt;b&amp;c-2026-11-22-07-40-38</DEVICEID>"));
  g_assert_nonnull (g_strstr_len (result, -1, "DEVICEID=\"a&quot;&lt;b&gt;\""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/prolog", test_prolog);
  g_test_add_func ("/request/result", test_result);
  g_test_add_func ("/request/escape", test_escape);
  return g_test_run ();
}
