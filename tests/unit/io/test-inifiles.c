/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/inifiles.h"
#include "worker/io/tree.h"

#include <glib/gstdio.h>
#include <string.h>

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_order (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ocs-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "ocsinventory.ini", NULL);
  g_autofree char *drop_ins = ocs_inifiles_folder (path);
  g_autofree char *unreadable = NULL;
  g_autoptr (OcsIni) none = ocs_inifiles_load (path, &unreadable);
  g_autoptr (OcsIni) only = NULL;
  g_autoptr (OcsIni) all = NULL;
  g_autoptr (OcsIni) with = NULL;
  g_autofree char *expected = g_build_filename (folder, "ocsinventory.d", NULL);

  g_assert_nonnull (unreadable);
  g_assert_cmpuint (ocs_ini_entries (none)->len, ==, 0);
  g_clear_pointer (&unreadable, g_free);
  g_assert_cmpstr (drop_ins, ==, expected);
  g_assert_cmpint (g_mkdir (drop_ins, 0700), ==, 0);
  put (drop_ins, "50-b.ini", "[HTTP]\nServer=b\nProxy=b\n");
  put (drop_ins, "10-a.ini", "[HTTP]\nServer=a\nSSL=0\n");
  put (drop_ins, ".hidden.ini", "[HTTP]\nServer=hidden\n");
  put (drop_ins, "60-c.ini~", "[HTTP]\nServer=backup\n");
  only = ocs_inifiles_load (path, &unreadable);
  g_assert_null (unreadable);
  g_assert_cmpstr (ocs_ini_get (only, "HTTP", "Server"), ==, "b");
  put (folder, "ocsinventory.ini", "[HTTP]\nServer=main\nSSL=1\nProxyPort=1\n");
  all = ocs_inifiles_load (path, &unreadable);
  g_assert_null (unreadable);
  g_assert_cmpstr (ocs_ini_get (all, "HTTP", "Server"), ==, "b");
  g_assert_cmpstr (ocs_ini_get (all, "HTTP", "SSL"), ==, "0");
  g_assert_cmpstr (ocs_ini_get (all, "HTTP", "ProxyPort"), ==, "1");
  g_assert_cmpstr (ocs_ini_source (all, "HTTP", "SSL"), ==, "ocsinventory.d/10-a.ini");
  with = ocs_inifiles_load_with (path, "[HTTP]\nProxyPort=2\n", strlen ("[HTTP]\nProxyPort=2\n"));
  g_assert_cmpstr (ocs_ini_get (with, "HTTP", "ProxyPort"), ==, "2");
  g_assert_cmpstr (ocs_ini_get (with, "HTTP", "Proxy"), ==, "b");
  g_assert_true (ocs_tree_remove_path (folder, NULL));
}

/* What cannot be read is said. */
static void
test_folder_for_a_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("ocs-test-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "site.conf", NULL);
  g_autofree char *drop_in = g_build_filename (folder, "site.conf.d", "odd.ini", NULL);
  g_autofree char *unreadable = NULL;
  g_autoptr (OcsIni) ini = NULL;

  g_assert_cmpint (g_mkdir_with_parents (drop_in, 0700), ==, 0);
  put (folder, "site.conf", "[HTTP]\nServer=main\n");
  ini = ocs_inifiles_load (path, &unreadable);
  g_assert_null (unreadable);
  g_assert_cmpstr (ocs_ini_get (ini, "HTTP", "Server"), ==, "main");
  g_assert_cmpuint (ocs_ini_warnings (ini)->len, ==, 1);
  g_assert_nonnull (strstr (ocs_ini_warnings (ini)->pdata[0], "odd.ini"));
  g_assert_true (ocs_tree_remove_path (folder, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inifiles/order", test_order);
  g_test_add_func ("/inifiles/folder-for-a-file", test_folder_for_a_file);
  return g_test_run ();
}
