/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of processors. */
#include "worker/inventory/guest.h"

static void
test_cpus (void)
{
  g_assert_cmpint (ocs_lxc_count_cpus ("0"), ==, 1);
  g_assert_cmpint (ocs_lxc_count_cpus ("0-3,8, 10-11"), ==, 7);
  g_assert_cmpint (ocs_lxc_count_cpus ("5-2"), ==, 1);
  g_assert_cmpint (ocs_lxc_count_cpus ("all,,-1"), ==, 0);
  g_assert_cmpint (ocs_lxc_count_cpus (NULL), ==, 0);
  g_assert_cmpint (ocs_lxc_count_cpus ("0-99999999999"), ==, 65536);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lxc/cpus", test_cpus);
  return g_test_run ();
}
