/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/action.h"

static void
test_names (void)
{
  static const OcsAction actions[] = {OCS_ACTION_STORE, OCS_ACTION_EXECUTE, OCS_ACTION_LAUNCH};

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++) {
    g_autofree char *lower = g_ascii_strdown (ocs_action_name (actions[i]), -1);
    OcsAction read = (OcsAction)99;

    g_assert_true (ocs_action_from_name (ocs_action_name (actions[i]), &read));
    g_assert_cmpint (read, ==, actions[i]);
    read = (OcsAction)99;
    g_assert_true (ocs_action_from_name (lower, &read));
    g_assert_cmpint (read, ==, actions[i]);
  }
  g_assert_cmpstr (ocs_action_name (OCS_ACTION_EXECUTE), ==, "EXECUTE");
}

static void
test_unknown (void)
{
  static const char *const names[] = {NULL, "", "RUN", "STORE ", "EXEC"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    OcsAction read = OCS_ACTION_LAUNCH;

    g_assert_false (ocs_action_from_name (names[i], &read));
    g_assert_cmpint (read, ==, OCS_ACTION_LAUNCH);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/action/names", test_names);
  g_test_add_func ("/action/unknown", test_unknown);
  return g_test_run ();
}
