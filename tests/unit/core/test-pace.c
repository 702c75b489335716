/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/pace.h"

static void
test_after (void)
{
  OcsPacing pacing = {.frag_latency = 10, .cycle_latency = 60, .period_latency = 1, .period_length = 10};

  g_assert_cmpint (ocs_pace_after (&pacing, 0), ==, 10);
  g_assert_cmpint (ocs_pace_after (&pacing, 1), ==, 70);
  g_assert_cmpint (ocs_pace_after (&pacing, 5), ==, 310);
  pacing = (OcsPacing) {.cycle_latency = 20000};
  g_assert_cmpint (ocs_pace_after (&pacing, 4), ==, 80000);
  g_assert_cmpint (ocs_pace_after (&pacing, 9), ==, 86340);
  pacing = (OcsPacing) {.frag_latency = -5, .cycle_latency = -1, .period_latency = -1, .period_length = 0};
  g_assert_cmpint (ocs_pace_after (&pacing, 5), ==, 0);
}

/* Few begin early: of 1,000 machines about one in the first tenth of the time, most in the last. */
static void
test_share (void)
{
  guint early = 0, late = 0;
  gint64 before = -1;

  g_assert_cmpint (ocs_pace_share (1, 0.0), ==, 0);
  g_assert_cmpint (ocs_pace_share (1, 1.0), <=, 10001);
  g_assert_cmpint (ocs_pace_share (20, 0.25), ==, 2500);
  g_assert_cmpint (ocs_pace_share (20, 7.0), ==, 10000);
  for (guint i = 0; i <= 1000; i++) {
    gint64 wait = ocs_pace_share (1, i / 1000.0);

    g_assert_cmpint (wait, >=, before);
    before = wait;
    early += wait < 1000;
    late += wait > 8000;
  }
  g_assert_cmpuint (early, <=, 5);
  g_assert_cmpuint (early, >=, 1);
  g_assert_cmpuint (late, >, 700);
  g_assert_cmpint (ocs_pace_share (1, -1), ==, 0);
}

/* No package costs a machine more than half a minute of this. */
static void
test_crowd (void)
{
  for (gint64 n = 0; n <= 5000; n += 10) {
    g_assert_cmpint (ocs_pace_crowd (n, 0.0), ==, 0);
    g_assert_cmpint (ocs_pace_crowd (n, 1.0), <=, 3001);
    g_assert_cmpint (n * ocs_pace_crowd (n, 1.0), <=, 30100);
  }
  g_assert_cmpint (ocs_pace_crowd (20, 0.5), >, 1000);
}

static void
test_coming (void)
{
  g_assert_false (ocs_pace_is_coming (504, FALSE, 0));
  g_assert_false (ocs_pace_is_coming (504, FALSE, 300));
  g_assert_true (ocs_pace_is_coming (504, FALSE, 880));
  g_assert_false (ocs_pace_is_coming (504, TRUE, 880));
  g_assert_false (ocs_pace_is_coming (200, FALSE, 5000));
}

/* Of the timers of fifty machines few end early; of one large fragment nobody knows how long it takes. */
static void
test_follow (void)
{
  g_assert_cmpint (ocs_pace_claim (0.0), ==, 0);
  g_assert_cmpint (ocs_pace_claim (1.0), <=, 1001);
  g_assert_cmpint (ocs_pace_follow (1, 0.02), >=, 28);
  g_assert_cmpint (ocs_pace_follow (1, 1.0), <=, 60);
  g_assert_cmpint (ocs_pace_follow (20, 0.02), >=, 4);
  g_assert_cmpint (ocs_pace_follow (20, 1.0), <=, 10);
  g_assert_cmpint (ocs_pace_follow (0, 1.0), <=, 60);
  g_assert_cmpint (ocs_pace_rest (20 << 20, 0.02), >=, 14);
  g_assert_cmpint (ocs_pace_rest (20 << 20, 1.0), <=, 34);
  g_assert_cmpint (ocs_pace_rest (0, 1.0), <=, 10);
  g_assert_cmpint (ocs_pace_round (1200), ==, ocs_pace_round (1259));
  g_assert_cmpint (ocs_pace_round (1200), ==, ocs_pace_round (1260) - 1);
  g_assert_cmpint (ocs_pace_round (-5), ==, 0);
}

static void
test_silent (void)
{
  g_assert_cmpint (ocs_pace_silent (0.0), ==, 5);
  g_assert_cmpint (ocs_pace_silent (1.0), ==, 125);
  g_assert_cmpint (ocs_pace_silent (0.5), >, 90);
}

static void
test_order (void)
{
  for (guint32 seed = 0; seed < 3000; seed += 7)
    for (gint64 n = 1; n <= 40; n++) {
      guint64 seen = 0;

      for (gint64 i = 0; i < n; i++) {
        gint64 place = ocs_pace_order (seed * 2654435761u, i, n);

        g_assert_cmpint (place, >=, 0);
        g_assert_cmpint (place, <, n);
        g_assert_cmpuint (seen & (1ull << place), ==, 0);
        seen |= 1ull << place;
      }
    }
  for (gint64 i = 0; i < 20; i++)
    g_assert_cmpint (ocs_pace_order (0, i, 20), ==, i);
}

static void
test_heal (void)
{
  for (double random = 0; random <= 1.0; random += 0.01) {
    g_assert_cmpint (ocs_pace_heal (1000, random), <=, 10);
    g_assert_cmpint (ocs_pace_heal (G_GINT64_CONSTANT (100) << 20, random), <=, 168);
    g_assert_cmpint (ocs_pace_heal (G_MAXINT64, random), <=, 1800);
    g_assert_cmpint (ocs_pace_heal (-1, random), >=, 0);
  }
  /* Few are early: half of a site waits for nine tenths of the time. */
  g_assert_cmpint (ocs_pace_heal (G_GINT64_CONSTANT (100) << 20, 0.5), >, 120);
}

static void
test_retry (void)
{
  g_assert_cmpint (ocs_pace_retry (0, TRUE, 0, 0.0), ==, 30);
  g_assert_cmpint (ocs_pace_retry (0, TRUE, 0, 1.0), ==, 60);
  g_assert_cmpint (ocs_pace_retry (3, TRUE, 0, 1.0), ==, 480);
  g_assert_cmpint (ocs_pace_retry (1000, TRUE, 0, 1.0), ==, 6 * 3600);
  /* What nobody mends by itself is tried less. */
  g_assert_cmpint (ocs_pace_retry (0, FALSE, 0, 1.0), ==, 600);
  /* Retry-After is heeded, within reason. */
  g_assert_cmpint (ocs_pace_retry (0, TRUE, 7200, 1.0), ==, 7200);
  g_assert_cmpint (ocs_pace_retry (0, TRUE, G_MAXINT64, 1.0), ==, 24 * 3600);
  g_assert_cmpint (ocs_pace_retry (0, TRUE, -5, 1.0), ==, 60);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pace/after", test_after);
  g_test_add_func ("/pace/share", test_share);
  g_test_add_func ("/pace/crowd", test_crowd);
  g_test_add_func ("/pace/coming", test_coming);
  g_test_add_func ("/pace/follow", test_follow);
  g_test_add_func ("/pace/silent", test_silent);
  g_test_add_func ("/pace/order", test_order);
  g_test_add_func ("/pace/heal", test_heal);
  g_test_add_func ("/pace/retry", test_retry);
  return g_test_run ();
}
