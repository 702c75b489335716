/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/nearest.h"

static void
test_distance (void)
{
  g_autofree char *huge = g_strnfill (1000, 'x');

  g_assert_cmpuint (ocs_nearest_distance ("", ""), ==, 0);
  g_assert_cmpuint (ocs_nearest_distance ("", "abc"), ==, 3);
  g_assert_cmpuint (ocs_nearest_distance ("kitten", "sitting"), ==, 3);
  g_assert_cmpuint (ocs_nearest_distance ("SERVER", "server"), ==, 0);
  g_assert_cmpuint (ocs_nearest_distance (huge, "x"), ==, G_MAXUINT);
  g_assert_cmpuint (ocs_nearest_distance ("x", huge), ==, G_MAXUINT);
}

static void
test_find (void)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();

  g_assert_null (ocs_nearest_find ("Server", words));
  g_ptr_array_add (words, (gpointer) "ProxyPort");
  g_ptr_array_add (words, (gpointer) "ProxyPwd");
  g_ptr_array_add (words, (gpointer) "SSL");
  g_assert_cmpstr (ocs_nearest_find ("proxy_port", words), ==, "ProxyPort");
  g_assert_cmpstr (ocs_nearest_find ("SSLL", words), ==, "SSL");
  g_assert_null (ocs_nearest_find ("Wallpaper", words));
  g_assert_null (ocs_nearest_find ("", words));
  g_assert_null (ocs_nearest_find ("x", words));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/nearest/distance", test_distance);
  g_test_add_func ("/nearest/find", test_find);
  return g_test_run ();
}
