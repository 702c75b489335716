/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/io/space.h"
#include "worker/io/tree.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void
test_quota (void)
{
  g_autofree char *packages = g_dir_make_tmp ("ocs-space-XXXXXX", NULL);
  g_autofree char *one = g_build_filename (packages, "1", NULL);
  g_autofree char *two = g_build_filename (packages, "2", NULL);
  g_autofree char *file = g_build_filename (one, "1-1", NULL);
  g_autofree char *link = g_build_filename (two, "link", NULL);
  g_autofree char *bytes = g_strnfill (300000, 'x');
  OcsSpaceRules rules = {.quota = 1000000};
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (one, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (two, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, bytes, 300000, NULL));
  /* What a link points to is not ours. */
  g_assert_cmpint (symlink ("/usr", link), ==, 0);
  g_assert_cmpint (ocs_space_used (packages), >=, 300000);
  g_assert_cmpint (ocs_space_used (packages), <, 400000);
  g_assert_true (ocs_space_check (two, 500000, &rules, NULL));
  g_assert_false (ocs_space_check (two, 800000, &rules, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE);
  g_assert_nonnull (strstr (error->message, "PackageQuota="));
  g_assert_true (ocs_tree_remove_path (packages, NULL));
}

static void
test_keep (void)
{
  const OcsSpaceRules none = {0}, all = {.keep = G_GINT64_CONSTANT (1) << 60};
  g_autoptr (GError) error = NULL;

  g_assert_true (ocs_space_check (g_get_tmp_dir (), 1, &none, NULL));
  g_assert_true (ocs_space_check (g_get_tmp_dir (), -1, &none, NULL));
  g_assert_false (ocs_space_check (g_get_tmp_dir (), 1, &all, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE);
  g_assert_false (ocs_space_check (g_get_tmp_dir (), G_MAXINT64, &none, NULL));
  /* Where nothing can be said, writing will tell. */
  g_assert_true (ocs_space_check ("/dev/null/nowhere", 1, &none, NULL));
  g_assert_cmpint (ocs_space_used ("/dev/null/nowhere"), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/space/quota", test_quota);
  g_test_add_func ("/space/keep", test_keep);
  return g_test_run ();
}
