/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/action.h"

static void
test_names (void)
{
  OcsAction action;

  for (guint i = OCS_ACTION_STORE; i <= OCS_ACTION_LAUNCH; i++) {
    g_assert_true (ocs_action_from_name (ocs_action_name (i), &action));
    g_assert_cmpint (action, ==, (int)i);
  }
  g_assert_true (ocs_action_from_name ("launch", &action));
  g_assert_cmpint (action, ==, OCS_ACTION_LAUNCH);
  g_assert_false (ocs_action_from_name ("RUN", &action));
  g_assert_false (ocs_action_from_name ("", &action));
  g_assert_false (ocs_action_from_name (NULL, &action));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/action/names", test_names);
  return g_test_run ();
}
