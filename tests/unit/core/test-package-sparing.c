/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core/package-made.h"

static gboolean
step (OcsPackage *package, OcsEvent event)
{
  event.now = event.now > 0 ? event.now : NOW;
  return ocs_package_step (package, &event);
}

static void
restrain (OcsPackage *package, OcsRestraint restraint)
{
  package->restraint = restraint;
  package->restrained_until = restraint != OCS_RESTRAINT_NONE ? NOW + 7200 : 0;
}

/* Nothing crosses the WAN; what the cache is found to hold comes one after the other. */
static void
test_window (void)
{
  g_autoptr (OcsPackage) package = make_fetching ("3");
  OcsDuty duty;

  restrain (package, OCS_RESTRAINT_WINDOW);
  duty = ocs_package_next (package, NOW);
  g_assert_cmpint (duty.kind, ==, OCS_DUTY_PROBE);
  step (package, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = duty.fragment, .found = FALSE});
  duty = ocs_package_next (package, NOW);
  g_assert_cmpint (duty.kind, ==, OCS_DUTY_NONE);
  g_assert_cmpint (duty.not_before, ==, NOW + 60);
  g_assert_false (ocs_package_is_busy (package, NOW));
  duty = ocs_package_next (package, NOW + 60);
  g_assert_cmpint (duty.kind, ==, OCS_DUTY_PROBE);
  step (package, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = duty.fragment, .found = TRUE, .now = NOW + 60});
  g_assert_cmpint (ocs_package_next (package, NOW + 60).kind, ==, OCS_DUTY_FETCH);
  g_assert_cmpint (ocs_package_next (package, NOW + 60).fragment, ==, duty.fragment);
  step (package,
        (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .fragment = duty.fragment, .bytes = 5, .verdict = OCS_VERDICT_HIT, .now = NOW + 60});
  g_assert_cmpint (ocs_package_next (package, NOW + 60).kind, ==, OCS_DUTY_PROBE);
  /* It was gone again, and crossed the line after all. */
  duty = ocs_package_next (package, NOW + 60);
  step (package, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = duty.fragment, .found = TRUE, .now = NOW + 60});
  step (package,
        (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .fragment = duty.fragment, .bytes = 5, .verdict = OCS_VERDICT_MISS, .now = NOW + 60});
  g_assert_cmpint (ocs_package_next (package, NOW + 60).kind, ==, OCS_DUTY_NONE);
  restrain (package, OCS_RESTRAINT_NONE);
  g_assert_cmpint (ocs_package_next (package, NOW + 60).kind, !=, OCS_DUTY_NONE);
}

static void
test_nobody_to_ask (void)
{
  g_autoptr (OcsPackage) package = make_fetching ("3");

  package->may_probe = FALSE;
  restrain (package, OCS_RESTRAINT_WINDOW);
  g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_NONE);
  g_assert_cmpint (ocs_package_next (package, NOW).not_before, ==, NOW + 7200);
}

static void
test_nothing_moves (void)
{
  for (guint i = OCS_RESTRAINT_METERED; i <= OCS_RESTRAINT_BATTERY; i++) {
    g_autoptr (OcsPackage) package = make_fetching ("3");

    restrain (package, (OcsRestraint)i);
    package->in_cache = ocs_package_next (package, NOW).fragment;
    g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_NONE);
    step (package, (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .fragment = 1, .bytes = 5, .verdict = OCS_VERDICT_MISS, .pause = 10});
    g_assert_false (ocs_package_is_busy (package, NOW));
  }
}

static void
test_hurry (void)
{
  g_autoptr (OcsPackage) package = make_fetching ("3");
  g_autoptr (OcsPackage) read = NULL;
  g_autoptr (JsonObject) object = NULL;

  g_assert_true (step (package, (OcsEvent) {.kind = OCS_EVENT_HURRY}));
  g_assert_false (step (package, (OcsEvent) {.kind = OCS_EVENT_HURRY}));
  object = ocs_package_to_json (package);
  read = ocs_package_from_json (object, NULL);
  g_assert_true (read->hurried);
}

/* Who says now has agreed, too, where people were asked before the line was spared; also while the digest is taken again after a start. */
static void
test_hurry_settles (gconstpointer user_data)
{
  g_autoptr (OcsPackage) package = make_fetching ("3");
  OcsStep at = (OcsStep)GPOINTER_TO_INT (user_data);
  OcsConsent given = {.step = OCS_CONSENT_GIVEN, .serial = 7};

  package->info->notify_user = TRUE;
  package->step = at;
  package->consent = (OcsConsent) {.step = OCS_CONSENT_STANDS, .serial = 7};
  g_assert_true (step (package, (OcsEvent) {.kind = OCS_EVENT_HURRY}));
  g_assert_cmpint (package->consent.step, ==, OCS_CONSENT_STANDS);
  g_assert_true (step (package, (OcsEvent) {.kind = OCS_EVENT_HURRY, .consent = &given}));
  g_assert_cmpint (package->consent.step, ==, OCS_CONSENT_GIVEN);
  package->step = OCS_STEP_VERIFIED;
  g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_RUN);
}

/* A result is told, and what has ended is swept, while somebody else's fragment is under way; two installations wait for each other. */
static void
test_lanes (void)
{
  g_assert_cmpint (ocs_package_lane (OCS_DUTY_PROBE), ==, ocs_package_lane (OCS_DUTY_FETCH));
  g_assert_cmpint (ocs_package_lane (OCS_DUTY_RUN), ==, ocs_package_lane (OCS_DUTY_POST));
  for (guint kind = OCS_DUTY_DESCRIBE; kind <= OCS_DUTY_CLEAN; kind++)
    if (kind != OCS_DUTY_FETCH && kind != OCS_DUTY_PROBE)
      g_assert_cmpint (ocs_package_lane ((OcsDutyKind)kind), !=, ocs_package_lane (OCS_DUTY_FETCH));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package-sparing/window", test_window);
  g_test_add_func ("/package-sparing/nobody-to-ask", test_nobody_to_ask);
  g_test_add_func ("/package-sparing/nothing-moves", test_nothing_moves);
  g_test_add_func ("/package-sparing/hurry", test_hurry);
  g_test_add_data_func ("/package-sparing/hurry-settles/verified", GINT_TO_POINTER (OCS_STEP_VERIFIED), test_hurry_settles);
  g_test_add_data_func ("/package-sparing/hurry-settles/again", GINT_TO_POINTER (OCS_STEP_FETCHING), test_hurry_settles);
  g_test_add_func ("/package-sparing/lanes", test_lanes);
  return g_test_run ();
}
