/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "tests/unit/core/package-made.h"

#define YEAR (365 * 24 * 3600)

static void
step_at (OcsPackage *package, gint64 now, OcsEvent event)
{
  event.now = now;
  ocs_package_step (package, &event);
}

static void
tick_at (OcsPackage *package, gint64 now)
{
  step_at (package, now, (OcsEvent) {.kind = OCS_EVENT_TICK, .timeout = 30 * 24 * 3600});
}

/* The line is spared for ten seconds when the clock is mended: ten seconds it stays, and not the time that was wrong. */
static void
test_back_while_paced (gconstpointer data)
{
  gint64 back = GPOINTER_TO_INT (data);
  g_autoptr (OcsPackage) package = make_fetching ("3");

  step_at (package, NOW, (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .fragment = 1, .bytes = 5, .verdict = OCS_VERDICT_MISS, .pause = 10});
  tick_at (package, NOW - back);
  g_assert_cmpint (ocs_package_next (package, NOW - back).kind, ==, OCS_DUTY_NONE);
  g_assert_cmpint (ocs_package_next (package, NOW - back + 9).kind, ==, OCS_DUTY_NONE);
  g_assert_cmpint (ocs_package_next (package, NOW - back + 12).kind, !=, OCS_DUTY_NONE);
}

static void
test_back_after_failure (void)
{
  g_autoptr (OcsPackage) package = make_fetching ("3");
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_UNREACHABLE, "away");

  step_at (package, NOW, (OcsEvent) {.kind = OCS_EVENT_FAILED, .fragment = 1, .error = error, .random = 1.0});
  tick_at (package, NOW - 7200);
  g_assert_cmpint (ocs_package_next (package, NOW - 7200 + 10).kind, ==, OCS_DUTY_NONE);
  g_assert_cmpint (ocs_package_next (package, NOW - 7200 + 61).kind, !=, OCS_DUTY_NONE);
}

/* Its time begins when the clock is right. */
static void
test_back_counts_from_now (void)
{
  g_autoptr (OcsPackage) package = make_fetching ("3");

  tick_at (package, NOW - YEAR);
  g_assert_cmpint (package->step, ==, OCS_STEP_FETCHING);
  g_assert_cmpint (package->since, ==, NOW - YEAR);
  tick_at (package, NOW - YEAR + 31 * 24 * 3600);
  g_assert_cmpstr (package->result, ==, "ERR_TIMEOUT");
}

/* Nothing that was not waited for is waited for, and nothing is written that has not changed. */
static void
test_forward (void)
{
  g_autoptr (OcsPackage) package = make_fetching ("3");
  OcsEvent tick = {.kind = OCS_EVENT_TICK, .now = NOW + 60};

  g_assert_false (ocs_package_step (package, &tick));
  g_assert_cmpint (package->retry_at, ==, 0);
  tick.now = NOW - 60;
  g_assert_true (ocs_package_step (package, &tick));
  g_assert_cmpint (package->retry_at, ==, 0);
  g_assert_false (ocs_package_step (package, &tick));
}

/* A machine that asks for the time after its server has offered a package: the month of the package begins when it was offered, also where
 * the worker was started again in between. */
static void
test_forward_to_now (void)
{
  const gint64 wrong = 600;
  OcsEvent tick = {.kind = OCS_EVENT_TICK, .boot = "b-1", .up = 90, .now = NOW, .timeout = 30 * 24 * 3600};
  g_autoptr (OcsOffer) offer = make_offer ("0");
  OcsEvent offered = {.kind = OCS_EVENT_OFFERED, .boot = "b-1", .up = 60, .now = wrong, .offer = offer};
  g_autoptr (OcsPackage) before = ocs_package_new ("17", wrong);
  g_autoptr (OcsPackage) package = NULL;
  g_autoptr (JsonObject) journal = NULL;

  ocs_package_step (before, &offered);
  before->consent = (OcsConsent) {.step = OCS_CONSENT_STANDS, .first_asked = wrong + 10};
  journal = ocs_package_to_json (before);
  package = ocs_package_from_json (journal, NULL);
  g_assert_nonnull (package);
  g_assert_true (ocs_package_step (package, &tick));
  g_assert_cmpint (package->step, ==, OCS_STEP_OFFERED);
  g_assert_cmpint (package->since, ==, NOW - 30);
  g_assert_cmpint (package->consent.first_asked, ==, NOW - 20);
  g_assert_false (ocs_package_step (package, &tick));
  package->consent = (OcsConsent) {.step = OCS_CONSENT_NEW};
  tick.now += 31 * 24 * 3600;
  tick.up += 31 * 24 * 3600;
  g_assert_true (ocs_package_step (package, &tick));
  g_assert_cmpstr (package->result, ==, "ERR_TIMEOUT");
}

/* A month without power is a month, and a clock that is kept right was not set. */
static void
test_off_for_a_month (void)
{
  g_autoptr (OcsPackage) package = make_fetching ("3");
  OcsEvent tick = {.kind = OCS_EVENT_TICK, .boot = "b-1", .up = 90, .now = NOW, .timeout = 30 * 24 * 3600};

  g_assert_true (ocs_package_step (package, &tick));
  tick.now += 40;
  tick.up += 30;
  g_assert_false (ocs_package_step (package, &tick));
  tick = (OcsEvent) {.kind = OCS_EVENT_TICK, .boot = "b-2", .up = 90, .now = NOW + 31 * 24 * 3600, .timeout = 30 * 24 * 3600};
  g_assert_true (ocs_package_step (package, &tick));
  g_assert_cmpstr (package->result, ==, "ERR_TIMEOUT");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/package-clock/back-while-paced/an-hour", GINT_TO_POINTER (3600), test_back_while_paced);
  g_test_add_data_func ("/package-clock/back-while-paced/a-year", GINT_TO_POINTER (YEAR), test_back_while_paced);
  g_test_add_func ("/package-clock/back-after-failure", test_back_after_failure);
  g_test_add_func ("/package-clock/back-counts-from-now", test_back_counts_from_now);
  g_test_add_func ("/package-clock/forward", test_forward);
  g_test_add_func ("/package-clock/forward-to-now", test_forward_to_now);
  g_test_add_func ("/package-clock/off-for-a-month", test_off_for_a_month);
  return g_test_run ();
}
