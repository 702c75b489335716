/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/core/package-case.h"
#include <string.h>

static void
test_straight (Case *c, gconstpointer data)
{
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_NONE);
  g_assert_true (feed (c, OCS_EVENT_OFFERED));
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_DESCRIBE);
  g_assert_true (feed (c, OCS_EVENT_DESCRIBED));
  for (gint64 i = 1; i <= 3; i++) {
    OcsDuty next = ocs_package_next (c->package, NOW);

    g_assert_cmpint (next.kind, ==, OCS_DUTY_FETCH);
    g_assert_cmpint (next.fragment, ==, i);
    g_assert_cmpint (next.pass, ==, OCS_HEAL_NONE);
    feed_fragment (c, i, i == 1 ? OCS_VERDICT_MISS : OCS_VERDICT_SHARED, 0);
  }
  g_assert_cmpint (c->package->from_wan, ==, 100);
  g_assert_cmpint (c->package->from_cache, ==, 200);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_VERIFY);
  g_assert_true (feed (c, OCS_EVENT_VERIFIED));
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_RUN);
  g_assert_true (feed (c, OCS_EVENT_RUN));
  g_assert_cmpint (c->package->step, ==, OCS_STEP_RUNNING);
  g_assert_true (feed (c, OCS_EVENT_ENDED));
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_REPORT);
  g_assert_true (ocs_package_is_success (c->package));
  g_assert_true (feed (c, OCS_EVENT_ACKNOWLEDGED));
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_CLEAN);
  g_assert_true (feed (c, OCS_EVENT_CLEANED));
  g_assert_cmpint (c->package->step, ==, OCS_STEP_GONE);
  g_assert_cmpstr (c->package->result, ==, "SUCCESS");
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_NONE);
}

static void
test_no_fragments (Case *c, gconstpointer data)
{
  OcsEvent event = make_event (c, OCS_EVENT_DESCRIBED);

  feed (c, OCS_EVENT_OFFERED);
  event.info = c->empty;
  ocs_package_step (c->package, &event);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_RUN);
}

static void
test_offered_again (Case *c, gconstpointer data)
{
  OcsEvent again = make_event (c, OCS_EVENT_OFFERED);

  again.offer = c->forced;
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  fetch_all (c);
  feed (c, OCS_EVENT_VERIFIED);
  feed (c, OCS_EVENT_RUN);
  ocs_package_step (c->package, &again);
  g_assert_cmpint (c->package->step, ==, OCS_STEP_RUNNING);
  feed (c, OCS_EVENT_ENDED);
  ocs_package_step (c->package, &again);
  /* Not acknowledged yet: the same offer, and the same result, also with FORCE. */
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_REPORT);
  g_assert_cmpstr (c->package->result, ==, "SUCCESS");
  feed (c, OCS_EVENT_ACKNOWLEDGED);
  feed (c, OCS_EVENT_CLEANED);
  /* Acknowledged, and offered with FORCE: a new run, although the history has it. */
  again.in_history = TRUE;
  ocs_package_step (c->package, &again);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_DESCRIBE);
}

static void
test_in_history (Case *c, gconstpointer data)
{
  OcsEvent event = make_event (c, OCS_EVENT_OFFERED);

  event.in_history = TRUE;
  ocs_package_step (c->package, &event);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_REPORT);
  g_assert_cmpstr (c->package->result, ==, "SUCCESS_ALREADY_SETUP");
}

static void
test_withdrawn (Case *c, gconstpointer data)
{
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  g_assert_true (feed (c, OCS_EVENT_WITHDRAWN));
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_CLEAN);
  g_assert_null (c->package->result);
  feed (c, OCS_EVENT_CLEANED);
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  fetch_all (c);
  feed (c, OCS_EVENT_VERIFIED);
  feed (c, OCS_EVENT_RUN);
  /* What runs is not torn away, and its result is told. */
  feed (c, OCS_EVENT_WITHDRAWN);
  g_assert_cmpint (c->package->step, ==, OCS_STEP_RUNNING);
  feed (c, OCS_EVENT_ENDED);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_REPORT);
}

static void
test_retries (Case *c, gconstpointer data)
{
  gint64 before = 0;

  feed (c, OCS_EVENT_OFFERED);
  for (guint i = 0; i < 20; i++) {
    gint64 wait;

    g_assert_true (feed (c, OCS_EVENT_FAILED));
    wait = ocs_package_next (c->package, NOW).not_before - NOW;
    g_assert_cmpint (wait, >=, before);
    g_assert_cmpint (wait, >=, 30);
    g_assert_cmpint (wait, <=, 6 * 3600);
    before = wait;
  }
  g_assert_cmpstr (c->package->reason->code, ==, "unreachable");
  g_assert_cmpint (duty (c, NOW + before), ==, OCS_DUTY_DESCRIBE);
  /* A clock that was set back by years must not hold a package for years. */
  g_assert_cmpint (duty (c, NOW - 365 * 86400), ==, OCS_DUTY_DESCRIBE);
}

static void
test_paces_the_line_only (Case *c, gconstpointer data)
{
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  feed_fragment (c, 1, OCS_VERDICT_MISS, 10);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_NONE);
  g_assert_cmpint (ocs_package_next (c->package, NOW).not_before, ==, NOW + 11);
  g_assert_cmpint (duty (c, NOW + 11), ==, OCS_DUTY_FETCH);
  /* Out of the cache others may come meanwhile; it ends no pause. */
  feed_fragment (c, 2, OCS_VERDICT_HIT, 10);
  g_assert_cmpint (ocs_package_next (c->package, NOW).not_before, ==, NOW + 11);
}

static void
test_asks_the_cache (Case *c, gconstpointer data)
{
  OcsEvent probed = make_event (c, OCS_EVENT_PROBED);
  OcsDuty next;

  c->package->may_probe = TRUE;
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  next = ocs_package_next (c->package, NOW);
  g_assert_cmpint (next.kind, ==, OCS_DUTY_PROBE);
  g_assert_true (next.first);
  ocs_package_step (c->package, &probed);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_FETCH);
  feed_fragment (c, 1, OCS_VERDICT_MISS, 310);
  g_assert_true (ocs_package_is_busy (c->package, NOW));
  /* The line is spared for 310 s, but the cache is asked each 10 s, for another fragment each time. */
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_NONE);
  g_assert_cmpint (ocs_package_next (c->package, NOW).not_before, ==, NOW + 10);
  next = ocs_package_next (c->package, NOW + 10);
  g_assert_cmpint (next.kind, ==, OCS_DUTY_PROBE);
  g_assert_false (next.first);
  probed.now = NOW + 10;
  probed.fragment = next.fragment;
  ocs_package_step (c->package, &probed);
  g_assert_cmpint (ocs_package_next (c->package, NOW + 10).not_before, ==, NOW + 20);
  g_assert_cmpint (ocs_package_next (c->package, NOW + 20).fragment, !=, next.fragment);
  probed.found = TRUE;
  probed.now = NOW + 20;
  ocs_package_step (c->package, &probed);
  g_assert_cmpint (duty (c, NOW + 20), ==, OCS_DUTY_FETCH);
  /* What failed waits its time: it is not a matter of the line. */
  feed (c, OCS_EVENT_FAILED);
  g_assert_cmpint (duty (c, NOW + 20), ==, OCS_DUTY_NONE);
}

static void
test_schedule_and_timeout (Case *c, gconstpointer data)
{
  OcsEvent offered = make_event (c, OCS_EVENT_OFFERED);
  OcsEvent tick = make_event (c, OCS_EVENT_TICK);

  offered.schedule = NOW + 5 * 86400;
  ocs_package_step (c->package, &offered);
  feed (c, OCS_EVENT_DESCRIBED);
  fetch_all (c);
  feed (c, OCS_EVENT_VERIFIED);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_NONE);
  tick.now = NOW + 2 * 86400;
  ocs_package_step (c->package, &tick);
  g_assert_cmpint (c->package->step, ==, OCS_STEP_VERIFIED);
  g_assert_cmpint (duty (c, NOW + 5 * 86400), ==, OCS_DUTY_RUN);
  tick.now = NOW + 7 * 86400;
  ocs_package_step (c->package, &tick);
  g_assert_cmpstr (c->package->result, ==, "ERR_TIMEOUT");
}

static void
test_held (Case *c, gconstpointer data)
{
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_HELD);
  g_assert_cmpint (duty (c, NOW + 86400), ==, OCS_DUTY_NONE);
  g_assert_false (ocs_package_is_busy (c->package, NOW));
  feed (c, OCS_EVENT_OFFERED);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_DESCRIBE);
}

/* Brings a fresh package to a step; the steps that nothing leads to are set by hand. */
static void
bring_to (Case *c, OcsStep step)
{
  ocs_package_free (c->package);
  c->package = ocs_package_new ("1700000001", NOW);
  if (step == OCS_STEP_GONE)
    return;
  feed (c, OCS_EVENT_OFFERED);
  if (step == OCS_STEP_OFFERED)
    return;
  feed (c, OCS_EVENT_DESCRIBED);
  if (step >= OCS_STEP_VERIFIED) {
    fetch_all (c);
    feed (c, OCS_EVENT_VERIFIED);
  }
  if (step >= OCS_STEP_RUNNING)
    feed (c, OCS_EVENT_RUN);
  if (step >= OCS_STEP_FINISHED)
    feed (c, OCS_EVENT_ENDED);
  if (step >= OCS_STEP_REPORTED)
    feed (c, OCS_EVENT_ACKNOWLEDGED);
  c->package->step = step;
}

/* Every cell of step and event: the machine stays within its invariants and survives its own journal. */
static void
test_every_cell (Case *c, gconstpointer data)
{
  for (guint step = 0; step < OCS_STEP_N; step++)
    for (guint kind = 0; kind < OCS_EVENT_N; kind++) {
      g_autoptr (JsonObject) journal = NULL;
      g_autoptr (OcsPackage) back = NULL;
      g_autoptr (GError) error = NULL;
      OcsDuty next;

      bring_to (c, step);
      feed (c, kind);
      next = ocs_package_next (c->package, NOW);
      if (next.kind == OCS_DUTY_RUN)
        g_assert_true (step == OCS_STEP_VERIFIED || step == OCS_STEP_RUNNING || kind == OCS_EVENT_VERIFIED);
      if (next.kind == OCS_DUTY_REPORT)
        g_assert_nonnull (c->package->result);
      if (step >= OCS_STEP_FINISHED && step < OCS_STEP_GONE)
        g_assert_cmpint (c->package->step, >=, step);
      journal = ocs_package_to_json (c->package);
      back = ocs_package_from_json (journal, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (back->id, ==, "1700000001");
      g_assert_cmpstr (back->result, ==, c->package->result);
    }
}

/* Random rows of events: at most one RUN for each offer that was not acknowledged, and never before VERIFIED. */
static void
test_random_rows (Case *c, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20261122);
  guint runs = 0;
  gboolean verified = FALSE;

  for (guint i = 0; i < 200000; i++) {
    OcsEventKind kind = g_rand_int_range (random, 0, OCS_EVENT_N);
    OcsStep before = c->package->step;

    if (kind == OCS_EVENT_FRAGMENT)
      feed_fragment (c, g_rand_int_range (random, -1, 6), g_rand_int_range (random, 0, OCS_VERDICT_N), 0);
    else
      feed (c, kind);
    if (before == OCS_STEP_GONE && c->package->step == OCS_STEP_OFFERED)
      runs = verified = 0;
    /* What ocs-run would not start was no run. */
    if (kind == OCS_EVENT_SPOILT && before == OCS_STEP_RUNNING && c->package->step == OCS_STEP_FETCHING)
      runs = 0;
    verified = (verified || c->package->step == OCS_STEP_VERIFIED) && c->package->step != OCS_STEP_FETCHING;
    if (before != OCS_STEP_RUNNING && c->package->step == OCS_STEP_RUNNING) {
      g_assert_true (verified);
      g_assert_cmpuint (++runs, ==, 1);
    }
  }
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*run) (Case *c, gconstpointer data);
  } cases[] = {
      {"/package/straight", test_straight},
      {"/package/no-fragments", test_no_fragments},
      {"/package/offered-again", test_offered_again},
      {"/package/in-history", test_in_history},
      {"/package/withdrawn", test_withdrawn},
      {"/package/retries", test_retries},
      {"/package/paces-the-line-only", test_paces_the_line_only},
      {"/package/asks-the-cache", test_asks_the_cache},
      {"/package/schedule-and-timeout", test_schedule_and_timeout},
      {"/package/held", test_held},
      {"/package/every-cell", test_every_cell},
      {"/package/random-rows", test_random_rows},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Case, NULL, set_up, cases[i].run, tear_down);
  return g_test_run ();
}
