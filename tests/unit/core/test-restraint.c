/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/restraint.h"

#define NOW 1700000000
#define DAY 86400

static void
test_order (void)
{
  const OcsRestrained fetches = {TRUE, 5, FALSE, NOW, 7 * DAY};
  const OcsRestrained runs = {FALSE, 5, FALSE, NOW, 7 * DAY};
  OcsConditions conditions = {0, FALSE, FALSE};
  gint64 until = 1;

  g_assert_cmpint (ocs_restraint_find (&conditions, &fetches, NOW, &until), ==, OCS_RESTRAINT_NONE);
  g_assert_cmpint (until, ==, 0);
  conditions.window_opens = NOW + 50;
  g_assert_cmpint (ocs_restraint_find (&conditions, &fetches, NOW, &until), ==, OCS_RESTRAINT_WINDOW);
  g_assert_cmpint (until, ==, NOW + 50);
  g_assert_cmpint (ocs_restraint_find (&conditions, &runs, NOW, &until), ==, OCS_RESTRAINT_NONE);
  conditions.metered = TRUE;
  g_assert_cmpint (ocs_restraint_find (&conditions, &fetches, NOW, &until), ==, OCS_RESTRAINT_METERED);
  g_assert_cmpint (until, ==, NOW + 7 * DAY);
  g_assert_cmpint (ocs_restraint_find (&conditions, &runs, NOW, &until), ==, OCS_RESTRAINT_NONE);
  conditions.low_battery = TRUE;
  g_assert_cmpint (ocs_restraint_find (&conditions, &fetches, NOW, &until), ==, OCS_RESTRAINT_BATTERY);
  g_assert_cmpint (ocs_restraint_find (&conditions, &runs, NOW, &until), ==, OCS_RESTRAINT_BATTERY);
}

static void
test_exempt (void)
{
  const OcsConditions conditions = {NOW + 100 * DAY, TRUE, TRUE};
  OcsRestrained package = {TRUE, 0, FALSE, NOW, 7 * DAY};
  gint64 until;

  g_assert_cmpint (ocs_restraint_find (&conditions, &package, NOW, &until), ==, OCS_RESTRAINT_NONE);
  package.pri = 1;
  g_assert_cmpint (ocs_restraint_find (&conditions, &package, NOW, &until), ==, OCS_RESTRAINT_BATTERY);
  package.hurried = TRUE;
  g_assert_cmpint (ocs_restraint_find (&conditions, &package, NOW, &until), ==, OCS_RESTRAINT_NONE);
  package.hurried = FALSE;
  g_assert_cmpint (ocs_restraint_find (&conditions, &package, NOW + 7 * DAY - 1, &until), ==, OCS_RESTRAINT_BATTERY);
  g_assert_cmpint (ocs_restraint_find (&conditions, &package, NOW + 7 * DAY, &until), ==, OCS_RESTRAINT_NONE);
  package.deadline = 0;
  g_assert_cmpint (ocs_restraint_find (&conditions, &package, NOW + 70 * DAY, &until), ==, OCS_RESTRAINT_BATTERY);
  g_assert_cmpint (until, ==, 0);
}

/* A window that opens after the deadline is not waited for. */
static void
test_deadline_cuts (void)
{
  const OcsConditions conditions = {NOW + 9 * DAY, FALSE, FALSE};
  const OcsRestrained package = {TRUE, 5, FALSE, NOW, 7 * DAY};
  gint64 until;

  g_assert_cmpint (ocs_restraint_find (&conditions, &package, NOW, &until), ==, OCS_RESTRAINT_WINDOW);
  g_assert_cmpint (until, ==, NOW + 7 * DAY);
}

static void
test_names (void)
{
  g_assert_null (ocs_restraint_name (OCS_RESTRAINT_NONE));
  g_assert_cmpstr (ocs_restraint_name (OCS_RESTRAINT_BATTERY), ==, "battery");
  g_assert_null (ocs_restraint_name ((OcsRestraint)99));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/restraint/order", test_order);
  g_test_add_func ("/restraint/exempt", test_exempt);
  g_test_add_func ("/restraint/deadline-cuts", test_deadline_cuts);
  g_test_add_func ("/restraint/names", test_names);
  return g_test_run ();
}
