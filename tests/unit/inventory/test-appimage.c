/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is an AppImage and what only calls itself one. */
#include "worker/inventory/appimage.h"
#include <glib/gstdio.h>
#include <utime.h>

static void
put (const char *root, const char *name, const char *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  struct utimbuf times = {1769242501, 1769242501};
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, bytes, (gssize)length, NULL));
  g_assert_cmpint (utime (path, &times), ==, 0);
}

static void
test_places (void)
{
  static const char image[] = "\177ELF\002\001\001\000AI\002 and more";
  static const char *const parts[] = {"opt/tool/Tool-3.1.AppImage",
                                      "opt/tool/notes.txt",
                                      "usr/local/bin/draw.appimage",
                                      "opt/fake.AppImage",
                                      "opt/short.AppImage",
                                      "opt/tool",
                                      "opt",
                                      "usr/local/bin",
                                      "usr/local",
                                      "usr",
                                      ""};
  g_autofree char *root = g_dir_make_tmp ("ocs-appimage-XXXXXX", NULL);
  put (root, parts[0], image, sizeof image - 1);
  put (root, parts[1], image, sizeof image - 1); /* not called so */
  put (root, parts[2], image, sizeof image - 1);
  put (root, parts[3], "#!/bin/sh\necho no\n", 18);
  put (root, parts[4], image, 8);
  g_autoptr (OcsSource) source = ocs_source_new (root);
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  ocs_appimage_collect (source, inventory);
  g_assert_cmpuint (ocs_inventory_count (inventory, "SOFTWARES"), ==, 2);
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "NAME"), ==, "draw.appimage");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 1, "NAME"), ==, "Tool-3.1.AppImage");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 1, "FOLDER"), ==, "/opt/tool");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 1, "FILESIZE"), ==, "20");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 1, "INSTALLDATE"), ==, "2026/01/24 08:15:01");
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *path = g_build_filename (root, parts[i], NULL);
    g_remove (path);
  }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/appimage/places", test_places);
  return g_test_run ();
}
