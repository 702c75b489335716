/* SPDX-License-Identifier: GPL-3.0-or-later */
/* pacman's "desc" files. */
#include "worker/inventory/pacman.h"

static void
test_get (void)
{
  static const char text[] = "%NAME%\nzlib\n\n%VERSION%\n1:1.3-2\n\n%GROUPS%\n\n%DESC%\n%NAME% of it\n\n%SIZE%";
  g_autofree char *name = ocs_pacman_get (text, "NAME");
  g_autofree char *version = ocs_pacman_get (text, "VERSION");
  g_autofree char *desc = ocs_pacman_get (text, "DESC");
  g_assert_cmpstr (name, ==, "zlib");
  g_assert_cmpstr (version, ==, "1:1.3-2");
  g_assert_cmpstr (desc, ==, "%NAME% of it");
  g_assert_null (ocs_pacman_get (text, "GROUPS"));
  g_assert_null (ocs_pacman_get (text, "SIZE"));
  g_assert_null (ocs_pacman_get (text, "VERSIONS"));
  g_assert_null (ocs_pacman_get (text, ""));
  g_assert_null (ocs_pacman_get (NULL, "NAME"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pacman/get", test_get);
  return g_test_run ();
}
