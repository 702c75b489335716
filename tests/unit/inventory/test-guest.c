/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/guest.h"

static void
test_megabytes (void)
{
  g_assert_cmpint (ocs_guest_megabytes ("512M", 1), ==, 512);
  g_assert_cmpint (ocs_guest_megabytes ("2g", 1), ==, 2048);
  g_assert_cmpint (ocs_guest_megabytes ("1048576", 1), ==, 1);
  g_assert_cmpint (ocs_guest_megabytes ("max", 1), ==, 0);
  g_assert_cmpint (ocs_guest_megabytes ("9223372036854775807T", 1), ==, 0);
  g_assert_cmpint (ocs_guest_megabytes (NULL, 1), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/guest/megabytes", test_megabytes);
  return g_test_run ();
}
