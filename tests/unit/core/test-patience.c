/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/patience.h"

#define START G_GINT64_CONSTANT (5000000)

static void
test_burst (void)
{
  OcsPatience patience = {.burst = 3, .every = 1000};

  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (ocs_patience_take (&patience, START), ==, 0);
  g_assert_cmpint (ocs_patience_take (&patience, START), ==, 1000);
  g_assert_cmpint (ocs_patience_take (&patience, START + 400), ==, 600);
  g_assert_cmpint (ocs_patience_take (&patience, START + 1000), ==, 0);
  g_assert_cmpint (ocs_patience_take (&patience, START + 1000), ==, 1000);
}

/* However often it is asked for: asking costs nothing, and wins nothing. */
static void
test_storm (void)
{
  OcsPatience patience = {.burst = 20, .every = 15000};
  guint had = 0;

  for (gint64 now = 0; now < 3600 * 1000; now += 20)
    had += ocs_patience_take (&patience, START + now) == 0;
  g_assert_cmpuint (had, ==, 20 + 3600 / 15 - 1);
}

static void
test_rest (void)
{
  OcsPatience patience = {.burst = 2, .every = 1000};

  g_assert_cmpint (ocs_patience_take (&patience, START), ==, 0);
  g_assert_cmpint (ocs_patience_take (&patience, START), ==, 0);
  /* No more than the burst gather in a year. */
  g_assert_cmpint (ocs_patience_take (&patience, START * 1000), ==, 0);
  g_assert_cmpint (ocs_patience_take (&patience, START * 1000), ==, 0);
  g_assert_cmpint (ocs_patience_take (&patience, START * 1000), ==, 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/patience/burst", test_burst);
  g_test_add_func ("/patience/storm", test_storm);
  g_test_add_func ("/patience/rest", test_rest);
  return g_test_run ();
}
