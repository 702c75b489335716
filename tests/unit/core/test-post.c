/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/post.h"

static void
test_kinds (void)
{
  g_assert_cmpint (ocs_post_kind (NULL), ==, OCS_POST_NONE);
  g_assert_cmpint (ocs_post_kind (""), ==, OCS_POST_NONE);
  g_assert_cmpint (ocs_post_kind ("REBOOT"), ==, OCS_POST_RESTART);
  g_assert_cmpint (ocs_post_kind ("SHUTDOWN"), ==, OCS_POST_SHUTDOWN);
  g_assert_cmpint (ocs_post_kind ("rm -f /tmp/x"), ==, OCS_POST_COMMAND);
}

static void
test_decisions (void)
{
  const struct {
    OcsPostKind kind;
    OcsPostFacts facts;
    OcsPostDecision decision;
  } rows[] = {
      {OCS_POST_NONE, {"a", "a", TRUE}, OCS_POST_SETTLED},     {OCS_POST_COMMAND, {"a", "b", FALSE}, OCS_POST_DO},
      {OCS_POST_RESTART, {"a", "a", TRUE}, OCS_POST_DO},       {OCS_POST_RESTART, {"a", "a", FALSE}, OCS_POST_WAIT},
      {OCS_POST_RESTART, {"a", "b", FALSE}, OCS_POST_SETTLED}, {OCS_POST_SHUTDOWN, {"a", "b", TRUE}, OCS_POST_SETTLED},
      {OCS_POST_RESTART, {NULL, "b", TRUE}, OCS_POST_DO},      {OCS_POST_RESTART, {"a", NULL, FALSE}, OCS_POST_WAIT},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (ocs_post_decide (rows[i].kind, &rows[i].facts), ==, rows[i].decision);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/post/kinds", test_kinds);
  g_test_add_func ("/post/decisions", test_decisions);
  return g_test_run ();
}
