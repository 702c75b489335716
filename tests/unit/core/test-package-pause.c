/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pause that the line is owed: what ends it, and what does not. */
#include "ipc/error.h"
#include "tests/unit/core/package-case.h"

#define PAUSE 10

static void
come (Case *c, gint64 fragment, OcsVerdict verdict, gint64 now)
{
  OcsEvent event = make_event (c, OCS_EVENT_FRAGMENT);

  event.fragment = fragment;
  event.verdict = verdict;
  event.pause = PAUSE;
  event.now = now;
  ocs_package_step (c->package, &event);
}

static void
ask (Case *c, gint64 fragment, gboolean found, gint64 now)
{
  OcsEvent event = make_event (c, OCS_EVENT_PROBED);

  event.fragment = fragment;
  event.found = found;
  event.now = now;
  ocs_package_step (c->package, &event);
}

static void
fail (Case *c, gint64 fragment, OcsError code, gint64 pause)
{
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, (int)code, "it did not come");
  OcsEvent event = make_event (c, OCS_EVENT_FAILED);

  event.fragment = fragment;
  event.error = error;
  event.pause = pause;
  ocs_package_step (c->package, &event);
}

/* One that the cache holds comes in the middle of the pause; the next that it does not hold waits to its end. */
static void
test_found (Case *c, gconstpointer data)
{
  OcsDuty next;

  describe_askable (c);
  come (c, ocs_package_next (c->package, NOW).fragment, OCS_VERDICT_MISS, NOW);
  c->package->probe_at = NOW + 3;
  next = ocs_package_next (c->package, NOW + 3);
  g_assert_cmpint (next.kind, ==, OCS_DUTY_PROBE);
  ask (c, next.fragment, TRUE, NOW + 3);
  g_assert_cmpint (duty (c, NOW + 3), ==, OCS_DUTY_FETCH);
  g_assert_cmpint (ocs_package_next (c->package, NOW + 3).fragment, ==, next.fragment);
  come (c, next.fragment, OCS_VERDICT_HIT, NOW + 3);
  /* The last one is asked for at once, and only asked for. */
  next = ocs_package_next (c->package, NOW + 3);
  g_assert_cmpint (next.kind, ==, OCS_DUTY_PROBE);
  ask (c, next.fragment, FALSE, NOW + 3);
  g_assert_cmpint (duty (c, NOW + PAUSE), ==, OCS_DUTY_NONE);
  g_assert_cmpint (ocs_package_next (c->package, NOW + PAUSE).not_before, ==, NOW + PAUSE + 1);
  g_assert_cmpint (duty (c, NOW + PAUSE + 1), ==, OCS_DUTY_FETCH);
}

/* What was found may have come meanwhile: the pause is not ended by that, and another is not taken for it. */
static void
test_found_too_late (Case *c, gconstpointer data)
{
  gint64 first, second;

  describe_askable (c);
  first = ocs_package_next (c->package, NOW).fragment;
  come (c, first, OCS_VERDICT_MISS, NOW);
  second = ocs_package_next (c->package, NOW + PAUSE + 1).fragment;
  ask (c, first, TRUE, NOW + 3);
  g_assert_cmpint (c->package->in_cache, ==, 0);
  g_assert_cmpint (duty (c, NOW + 3), !=, OCS_DUTY_FETCH);
  g_assert_cmpint (ocs_package_next (c->package, NOW + PAUSE + 1).fragment, ==, second);
}

/* Another is next by the time of the answer: the found one comes back. */
static void
test_found_comes_back (Case *c, gconstpointer data)
{
  gint64 found;

  describe_askable (c);
  come (c, ocs_package_next (c->package, NOW).fragment, OCS_VERDICT_MISS, NOW);
  found = ocs_package_next (c->package, NOW + PAUSE + 1).fragment;
  ocs_parts_look_elsewhere (&c->package->parts);
  g_assert_cmpint (ocs_package_next (c->package, NOW + PAUSE + 1).fragment, !=, found);
  ask (c, found, TRUE, NOW + 3);
  g_assert_cmpint (duty (c, NOW + 3), ==, OCS_DUTY_FETCH);
  g_assert_cmpint (ocs_package_next (c->package, NOW + 3).fragment, ==, found);
}

/* It may have crossed the line before it failed. */
static void
test_failed (Case *c, gconstpointer data)
{
  OcsDuty next;

  describe_askable (c);
  fail (c, ocs_package_next (c->package, NOW).fragment, OCS_ERROR_INTERRUPTED, PAUSE);
  g_assert_true (ocs_package_is_busy (c->package, NOW));
  next = ocs_package_next (c->package, NOW);
  g_assert_cmpint (next.kind, ==, OCS_DUTY_PROBE);
  ask (c, next.fragment, FALSE, NOW);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_NONE);
  g_assert_cmpint (duty (c, NOW + PAUSE + 1), ==, OCS_DUTY_FETCH);
}

/* What did not get as far as the line owes it nothing. */
static void
test_failed_for_free (Case *c, gconstpointer data)
{
  describe_askable (c);
  fail (c, ocs_package_next (c->package, NOW).fragment, OCS_ERROR_PROXY_REFUSED, 0);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_FETCH);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/package-pause/found", Case, NULL, set_up, test_found, tear_down);
  g_test_add ("/package-pause/found-too-late", Case, NULL, set_up, test_found_too_late, tear_down);
  g_test_add ("/package-pause/found-comes-back", Case, NULL, set_up, test_found_comes_back, tear_down);
  g_test_add ("/package-pause/failed", Case, NULL, set_up, test_failed, tear_down);
  g_test_add ("/package-pause/failed-for-free", Case, NULL, set_up, test_failed_for_free, tear_down);
  return g_test_run ();
}
