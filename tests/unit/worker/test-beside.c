/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/beside.h"

static void
test_count (void)
{
  const gint64 mebi = 1024 * 1024;

  /* People see what has come once a call is over, so it is not to bring much. */
  g_assert_cmpuint (ocs_beside_count (64 * 1024), ==, 32);
  g_assert_cmpuint (ocs_beside_count (mebi / 4), ==, 8);
  g_assert_cmpuint (ocs_beside_count (mebi), ==, 2);
  g_assert_cmpuint (ocs_beside_count (2 * mebi + 1), ==, 1);
  g_assert_cmpuint (ocs_beside_count (G_MAXINT64), ==, 1);
  /* Nor many: the others have their turn. */
  g_assert_cmpuint (ocs_beside_count (1), ==, 32);
  /* Not known, or nonsense: as if it were large. */
  g_assert_cmpuint (ocs_beside_count (0), ==, 1);
  g_assert_cmpuint (ocs_beside_count (-5), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/beside/count", test_count);
  return g_test_run ();
}
