/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/bucket.h"

#define RATE 1000
#define SECOND G_TIME_SPAN_SECOND

static void
test_rate (void)
{
  OcsBucket bucket = {0};
  gint64 now = 5 * SECOND, taken = 0;

  /* Pieces of any size: over a minute as much comes as may, and a second's worth in advance. */
  while (now < 65 * SECOND) {
    gint64 wait = ocs_bucket_wait (&bucket, RATE, now);

    if (wait > 0) {
      now += wait * 1000;
      continue;
    }
    ocs_bucket_take (&bucket, 2500);
    taken += 2500;
  }
  g_assert_cmpint (taken, >=, 60 * RATE);
  g_assert_cmpint (taken, <=, 61 * RATE + 2500);
}

static void
test_nothing_is_saved_up (void)
{
  OcsBucket bucket = {0};

  g_assert_cmpint (ocs_bucket_wait (&bucket, RATE, SECOND), ==, 0);
  ocs_bucket_take (&bucket, 500);
  g_assert_cmpint (ocs_bucket_wait (&bucket, RATE, 1000 * SECOND), ==, 0);
  ocs_bucket_take (&bucket, 2000);
  g_assert_cmpint (ocs_bucket_wait (&bucket, RATE, 1000 * SECOND), ==, 1001);
  /* A clock that goes back gives nothing and takes nothing. */
  g_assert_cmpint (ocs_bucket_wait (&bucket, RATE, 999 * SECOND), ==, 1001);
  g_assert_cmpint (ocs_bucket_wait (&bucket, RATE, 999 * SECOND + SECOND / 2), ==, 501);
}

/* The limit changes with the time of day. */
static void
test_another_rate (void)
{
  OcsBucket bucket = {0};

  g_assert_cmpint (ocs_bucket_wait (&bucket, 100 * RATE, SECOND), ==, 0);
  g_assert_cmpint (ocs_bucket_wait (&bucket, RATE, SECOND), ==, 0);
  g_assert_cmpint (bucket.tokens, ==, RATE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bucket/rate", test_rate);
  g_test_add_func ("/bucket/nothing is saved up", test_nothing_is_saved_up);
  g_test_add_func ("/bucket/another rate", test_another_rate);
  return g_test_run ();
}
