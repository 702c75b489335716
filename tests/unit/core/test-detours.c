/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/detours.h"

static void
test_longer_each_time (void)
{
  g_autoptr (OcsDetours) detours = ocs_detours_new ();
  gint64 now = 1000, length = OCS_DETOURS_MIN;

  g_assert_false (ocs_detours_avoids (detours, "a", now));
  for (guint i = 0; i < 10; i++) {
    ocs_detours_note_failure (detours, "a", now);
    ocs_detours_note_failure (detours, "a", now + 1); /* the same failure, seen by another call */
    g_assert_true (ocs_detours_avoids (detours, "a", now + length - 1));
    g_assert_false (ocs_detours_avoids (detours, "a", now + length));
    now += length;
    length = MIN (length * 2, OCS_DETOURS_MAX);
  }
  ocs_detours_note_success (detours, "a");
  ocs_detours_note_failure (detours, "a", now);
  g_assert_false (ocs_detours_avoids (detours, "a", now + OCS_DETOURS_MIN));
}

static void
test_each_by_itself (void)
{
  g_autoptr (OcsDetours) detours = ocs_detours_new ();
  g_autoptr (OcsDetours) copy = NULL;

  ocs_detours_note_failure (detours, "a", 0);
  copy = ocs_detours_copy (detours);
  ocs_detours_forget (detours);
  g_assert_false (ocs_detours_avoids (detours, "a", 1));
  g_assert_true (ocs_detours_avoids (copy, "a", 1));
  g_assert_false (ocs_detours_avoids (copy, "b", 1));
  for (guint i = 0; i < 100000; i++) { /* a PAC file of random names */
    g_autofree char *name = g_strdup_printf ("http p%u:1", i);

    ocs_detours_note_failure (copy, name, 0);
    g_assert_true (ocs_detours_avoids (copy, name, 1));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/detours/longer-each-time", test_longer_each_time);
  g_test_add_func ("/detours/each-by-itself", test_each_by_itself);
  return g_test_run ();
}
