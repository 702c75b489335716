/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/source.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *
tree_new (void)
{
  g_autoptr (GError) error = NULL;
  char *root = g_dir_make_tmp ("ocs-source-XXXXXX", &error);
  g_assert_no_error (error);
  return root;
}

static void
put (const char *root, const char *name, const char *bytes, gssize length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_file_set_contents (path, bytes, length, &error);
  g_assert_no_error (error);
}

static void
clear (char *root)
{
  g_autoptr (GDir) folder = g_dir_open (root, 0, NULL);
  for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder)) {
    g_autofree char *path = g_build_filename (root, name, NULL);
    g_remove (path);
  }
  g_rmdir (root);
  g_free (root);
}

static void
test_read (void)
{
  char *root = tree_new ();
  gsize length = 0;
  put (root, "text", "  first line \nsecond\n", -1);
  put (root, "hex", "0x1af4\n", -1);
  put (root, "number", "-12 and more", -1);
  put (root, "empty", "", 0);
  put (root, "nul", "a\0b", 3);
  g_autoptr (OcsSource) source = ocs_source_new (root);
  g_assert_false (ocs_source_is_live (source));
  g_autofree char *line = ocs_source_line (source, "/%s", "text");
  g_assert_cmpstr (line, ==, "first line");
  g_assert_null (ocs_source_line (source, "/empty"));
  g_assert_cmpint (ocs_source_int (source, 9, "/hex"), ==, 0x1af4);
  g_assert_cmpint (ocs_source_int (source, 9, "/number"), ==, -12);
  g_assert_cmpint (ocs_source_int (source, 9, "/text"), ==, 9);
  g_assert_cmpint (ocs_source_int (source, 9, "/absent"), ==, 9);
  g_autofree char *bytes = ocs_source_read (source, &length, "/nul");
  g_assert_cmpmem (bytes, length, "a\0b", 3);
  g_autofree char *empty = ocs_source_read (source, &length, "/empty");
  g_assert_cmpstr (empty, ==, "");
  g_assert_null (ocs_source_read (source, NULL, "/absent"));
  g_assert_true (ocs_source_exists (source, "/nul"));
  g_assert_false (ocs_source_exists (source, "/absent"));
  g_assert_cmpint (ocs_source_mtime (source, "/nul"), >, 0);
  g_assert_cmpint (ocs_source_mtime (source, "/absent"), ==, 0);
  clear (root);
}

static void
test_large (void)
{
  char *root = tree_new ();
  gsize length = 0;
  g_autofree char *many = g_strnfill (OCS_SOURCE_READ_MAX + 5, 'x');
  put (root, "many", many, OCS_SOURCE_READ_MAX + 5);
  g_autoptr (OcsSource) source = ocs_source_new (root);
  g_autofree char *bytes = ocs_source_read (source, &length, "/many");
  g_assert_nonnull (bytes);
  g_assert_cmpuint (length, ==, OCS_SOURCE_READ_MAX);
  g_autofree char *line = ocs_source_line (source, "/many");
  g_assert_cmpuint (strlen (line), ==, 4096);
  g_autofree char *path = g_strnfill (2000, 'p');
  g_assert_null (ocs_source_read (source, NULL, "/%s", path));
  g_assert_null (ocs_source_read (source, NULL, "relative"));
  clear (root);
}

/* A pipe or a folder where a file should be must not stop us. */
static void
test_not_regular (void)
{
  char *root = tree_new ();
  g_autofree char *pipe_path = g_build_filename (root, "pipe", NULL);
  g_assert_cmpint (mkfifo (pipe_path, 0600), ==, 0);
  g_autofree char *link_path = g_build_filename (root, "driver", NULL);
  g_assert_cmpint (symlink ("../../bus/pci/drivers/virtio-pci", link_path), ==, 0);
  g_autoptr (OcsSource) source = ocs_source_new (root);
  g_assert_null (ocs_source_read (source, NULL, "/pipe"));
  g_assert_null (ocs_source_map (source, "/pipe"));
  g_assert_null (ocs_source_read (source, NULL, "/."));
  g_autofree char *driver = ocs_source_link (source, "/driver");
  g_assert_cmpstr (driver, ==, "virtio-pci");
  g_autofree char *target = ocs_source_target (source, "/driver");
  g_assert_cmpstr (target, ==, "../../bus/pci/drivers/virtio-pci");
  g_assert_null (ocs_source_link (source, "/pipe"));
  g_assert_null (ocs_source_target (source, "/absent"));
  char byte = 0;
  g_assert_false (ocs_source_read_at (source, 0, &byte, 1, "/pipe"));
  clear (root);
}

static void
test_read_at (void)
{
  char *root = tree_new ();
  char bytes[3] = {0};
  put (root, "disk", "0123456789", 10);
  g_autoptr (OcsSource) source = ocs_source_new (root);
  g_assert_true (ocs_source_read_at (source, 7, bytes, 3, "/disk"));
  g_assert_cmpmem (bytes, 3, "789", 3);
  g_assert_false (ocs_source_read_at (source, 8, bytes, 3, "/disk"));
  g_assert_false (ocs_source_read_at (source, -1, bytes, 3, "/disk"));
  g_assert_false (ocs_source_read_at (source, 0, bytes, 3, "/absent"));
  clear (root);
}

static void
test_list (void)
{
  char *root = tree_new ();
  put (root, "sda10", "", 0);
  put (root, "sda2", "", 0);
  put (root, ".hidden", "", 0);
  g_autoptr (OcsSource) source = ocs_source_new (root);
  g_autoptr (GPtrArray) names = ocs_source_list (source, "/.");
  g_assert_cmpuint (names->len, ==, 2);
  g_assert_cmpstr (g_ptr_array_index (names, 0), ==, "sda2");
  g_autoptr (GPtrArray) none = ocs_source_list (source, "/sda2");
  g_assert_cmpuint (none->len, ==, 0);
  clear (root);
}

static void
test_no_root (void)
{
  g_autoptr (OcsSource) source = ocs_source_new ("/nowhere/at/all//");
  g_assert_null (ocs_source_read (source, NULL, "/etc/passwd"));
  g_autofree char *path = ocs_source_path (source, "/etc");
  g_assert_cmpstr (path, ==, "/nowhere/at/all/etc");
  g_autoptr (OcsSource) live = ocs_source_new ("/");
  g_assert_true (ocs_source_is_live (live));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source/read", test_read);
  g_test_add_func ("/source/large", test_large);
  g_test_add_func ("/source/not-regular", test_not_regular);
  g_test_add_func ("/source/read-at", test_read_at);
  g_test_add_func ("/source/list", test_list);
  g_test_add_func ("/source/no-root", test_no_root);
  return g_test_run ();
}
