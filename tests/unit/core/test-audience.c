/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/audience.h"

static GArray *
sittings_of (const OcsSitting *sittings, guint n)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (OcsSitting));

  g_array_append_vals (array, sittings, n);
  return array;
}

static GArray *
inhibitor_of (guint uid, gboolean idle, gboolean shutdown)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (OcsInhibitor));
  const OcsInhibitor inhibitor = {uid, idle, shutdown};

  g_array_append_val (array, inhibitor);
  return array;
}

static void
test_nobody (void)
{
  OcsAudience audience = ocs_audience_build (NULL, NULL);

  g_assert_cmpuint (audience.people, ==, 0);
  g_assert_false (audience.attended || audience.pending || audience.shutdown_held);
}

static void
test_screens (void)
{
  const OcsSitting two[] = {{1000, TRUE, FALSE, FALSE}, {1001, TRUE, TRUE, FALSE}, {1001, FALSE, TRUE, FALSE}};
  const OcsSitting locked[] = {{1000, TRUE, TRUE, TRUE}, {1000, FALSE, TRUE, FALSE}};
  g_autoptr (GArray) one = sittings_of (two, G_N_ELEMENTS (two));
  g_autoptr (GArray) other = sittings_of (locked, G_N_ELEMENTS (locked));
  OcsAudience audience = ocs_audience_build (one, NULL);
  OcsAudience unseen = ocs_audience_build (other, NULL);

  g_assert_cmpuint (audience.people, ==, 2);
  g_assert_cmpuint (audience.screens, ==, 2);
  g_assert_true (audience.attended);
  g_assert_cmpuint (unseen.people, ==, 1);
  g_assert_false (unseen.attended);
  g_assert_false (ocs_audience_equal (&audience, &unseen));
  g_assert_true (ocs_audience_equal (&audience, &audience));
}

static void
test_text_only (void)
{
  const OcsSitting ssh[] = {{1000, FALSE, TRUE, FALSE}};
  g_autoptr (GArray) sittings = sittings_of (ssh, 1);
  OcsAudience audience = ocs_audience_build (sittings, NULL);

  g_assert_cmpuint (audience.screens, ==, 0);
  g_assert_true (audience.attended);
}

static void
test_inhibitors (void)
{
  const OcsSitting both[] = {{1000, TRUE, TRUE, FALSE}, {1001, TRUE, TRUE, FALSE}, {1002, TRUE, FALSE, FALSE}};
  g_autoptr (GArray) sittings = sittings_of (both, G_N_ELEMENTS (both));
  g_autoptr (GArray) presents = inhibitor_of (1001, TRUE, FALSE);
  g_autoptr (GArray) elsewhere = inhibitor_of (1002, TRUE, FALSE);
  g_autoptr (GArray) root = inhibitor_of (0, TRUE, FALSE);
  g_autoptr (GArray) burns = inhibitor_of (1000, FALSE, TRUE);

  g_assert_false (ocs_audience_build (sittings, presents).attended);
  g_assert_true (ocs_audience_build (sittings, elsewhere).attended);
  g_assert_false (ocs_audience_build (sittings, root).attended);
  g_assert_true (ocs_audience_build (sittings, burns).attended);
  g_assert_true (ocs_audience_build (sittings, burns).shutdown_held);
  g_assert_false (ocs_audience_build (sittings, root).shutdown_held);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/audience/nobody", test_nobody);
  g_test_add_func ("/audience/screens", test_screens);
  g_test_add_func ("/audience/text-only", test_text_only);
  g_test_add_func ("/audience/inhibitors", test_inhibitors);
  return g_test_run ();
}
