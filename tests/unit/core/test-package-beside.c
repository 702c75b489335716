/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is fetched beside another fragment, and what is stopped while it is fetched. */
#include "tests/unit/core/package-case.h"

/* As the owner does: the fragment is on its way. */
static gint64
begin (Case *c, gint64 fragment)
{
  g_assert_cmpint (fragment, >, 0);
  ocs_parts_expect (&c->package->parts, fragment);
  return fragment;
}

static void
end (Case *c, gint64 fragment, gboolean beside, OcsVerdict verdict, gint64 pause)
{
  OcsEvent event = make_event (c, OCS_EVENT_FRAGMENT);

  event.fragment = fragment;
  event.beside = beside;
  event.verdict = verdict;
  event.pause = pause;
  ocs_package_step (c->package, &event);
  ocs_parts_give_up (&c->package->parts, fragment);
}

static gint64
begin_next (Case *c)
{
  OcsDuty next = ocs_package_next (c->package, NOW);

  g_assert_cmpint (next.kind, ==, OCS_DUTY_FETCH);
  return begin (c, next.fragment);
}

static void
test_out_of_the_cache (Case *c, gconstpointer data)
{
  gint64 second, third;

  describe_askable (c);
  g_assert_cmpint (ocs_package_beside (c->package), ==, 0);
  end (c, begin_next (c), FALSE, OCS_VERDICT_HIT, 10);
  second = begin_next (c);
  third = begin (c, ocs_package_beside (c->package));
  g_assert_cmpint (second, !=, third);
  g_assert_cmpint (ocs_package_beside (c->package), ==, 0);
  end (c, second, FALSE, OCS_VERDICT_HIT, 10);
  /* All that is left is on its way: there is nothing to do until it has come. */
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_NONE);
  end (c, third, TRUE, OCS_VERDICT_HIT, 10);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_VERIFY);
  g_assert_cmpint (c->package->from_cache, ==, 300);
}

/* The line is owed its pause, whatever the cache gives meanwhile. */
static void
test_pause_stands (Case *c, gconstpointer data)
{
  gint64 second, third;

  describe_askable (c);
  end (c, begin_next (c), FALSE, OCS_VERDICT_HIT, 10);
  second = begin_next (c);
  third = begin (c, ocs_package_beside (c->package));
  end (c, second, FALSE, OCS_VERDICT_MISS, 10);
  g_assert_true (c->package->paced);
  g_assert_cmpint (c->package->retry_at, ==, NOW + 11);
  end (c, third, TRUE, OCS_VERDICT_HIT, 10);
  g_assert_true (c->package->paced);
  g_assert_cmpint (c->package->retry_at, ==, NOW + 11);
}

/* What crossed the line all the same is paid for. */
static void
test_a_cache_that_did_not_listen (Case *c, gconstpointer data)
{
  gint64 second;

  describe_askable (c);
  end (c, begin_next (c), FALSE, OCS_VERDICT_HIT, 10);
  second = begin_next (c);
  end (c, begin (c, ocs_package_beside (c->package)), TRUE, OCS_VERDICT_MISS, 10);
  g_assert_true (c->package->paced);
  g_assert_false (c->package->flowing);
  end (c, second, FALSE, OCS_VERDICT_HIT, 10);
  g_assert_cmpint (c->package->from_wan, ==, 100);
}

/* It is no failure of the package, and nobody is told. */
static void
test_not_held (Case *c, gconstpointer data)
{
  OcsEvent failed = make_event (c, OCS_EVENT_FAILED);
  gint64 second;

  describe_askable (c);
  end (c, begin_next (c), FALSE, OCS_VERDICT_HIT, 0);
  second = begin_next (c);
  failed.fragment = begin (c, ocs_package_beside (c->package));
  failed.beside = TRUE;
  g_assert_false (ocs_package_step (c->package, &failed));
  ocs_parts_give_up (&c->package->parts, failed.fragment);
  g_assert_null (c->package->reason);
  g_assert_cmpint (c->package->failures, ==, 0);
  g_assert_cmpint (ocs_package_beside (c->package), ==, 0);
  end (c, second, FALSE, OCS_VERDICT_HIT, 0);
  g_assert_cmpint (begin_next (c), ==, failed.fragment);
}

static void
test_never (Case *c, gconstpointer data)
{
  describe_askable (c);
  end (c, begin_next (c), FALSE, OCS_VERDICT_MISS, 0);
  g_assert_cmpint (ocs_package_beside (c->package), ==, 0);
  end (c, begin_next (c), FALSE, OCS_VERDICT_HIT, 0);
  g_assert_cmpint (ocs_package_beside (c->package), >, 0);
  c->package->askable = FALSE;
  g_assert_cmpint (ocs_package_beside (c->package), ==, 0);
  c->package->askable = TRUE;
  for (guint i = OCS_RESTRAINT_NONE + 1; i < OCS_RESTRAINT_N; i++) {
    c->package->restraint = (OcsRestraint)i;
    g_assert_cmpint (ocs_package_beside (c->package), ==, 0);
  }
  c->package->restraint = OCS_RESTRAINT_NONE;
  g_assert_true (feed (c, OCS_EVENT_HELD));
  g_assert_cmpint (ocs_package_beside (c->package), ==, 0);
}

static void
test_paused (Case *c, gconstpointer data)
{
  OcsEvent paused = make_event (c, OCS_EVENT_PAUSED);

  g_assert_false (ocs_package_step (c->package, &paused));
  describe_askable (c);
  paused.fragment = begin_next (c);
  ocs_parts_give_up (&c->package->parts, paused.fragment);
  g_assert_true (ocs_package_step (c->package, &paused));
  g_assert_null (c->package->reason);
  /* It counts as an interruption, and waits for nothing but the hour. */
  g_assert_cmpint (c->package->failures, ==, 1);
  g_assert_cmpint (begin_next (c), ==, paused.fragment);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/package-beside/out-of-the-cache", Case, NULL, set_up, test_out_of_the_cache, tear_down);
  g_test_add ("/package-beside/pause-stands", Case, NULL, set_up, test_pause_stands, tear_down);
  g_test_add ("/package-beside/did-not-listen", Case, NULL, set_up, test_a_cache_that_did_not_listen, tear_down);
  g_test_add ("/package-beside/not-held", Case, NULL, set_up, test_not_held, tear_down);
  g_test_add ("/package-beside/never", Case, NULL, set_up, test_never, tear_down);
  g_test_add ("/package-beside/paused", Case, NULL, set_up, test_paused, tear_down);
  return g_test_run ();
}
