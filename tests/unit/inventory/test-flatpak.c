/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/flatpak.h"
#include <glib/gstdio.h>
#include <utime.h>

static GBytes *
deploy_new (void)
{
  GVariantBuilder more;
  static const char *const subpaths[] = {NULL};
  g_variant_builder_init (&more, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&more, "{sv}", "deploy-version", g_variant_new_int32 (4));
  g_variant_builder_add (&more, "{sv}", "appdata-name", g_variant_new_string ("Browser"));
  g_variant_builder_add (&more, "{sv}", "appdata-version", g_variant_new_string ("125.0.2"));
  g_variant_builder_add (&more, "{sv}", "appdata-summary", g_variant_new_int32 (7)); /* not what it should be */
  g_autoptr (GVariant) data = g_variant_ref_sink (g_variant_new (
      "(ss^ast@a{sv})", "flathub", "0123abcd", subpaths, GUINT64_TO_BE (G_GUINT64_CONSTANT (300000000)), g_variant_builder_end (&more)));
  return g_variant_get_data_as_bytes (data);
}

static void
test_parse (void)
{
  g_autoptr (GBytes) bytes = deploy_new ();
  g_auto (OcsFlatpak) flatpak = {0};
  ocs_flatpak_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &flatpak);
  g_assert_cmpstr (flatpak.origin, ==, "flathub");
  g_assert_cmpstr (flatpak.version, ==, "125.0.2");
  g_assert_cmpstr (flatpak.title, ==, "Browser");
  g_assert_null (flatpak.summary);
  g_assert_cmpuint (flatpak.size, ==, 300000000);
}

/* Cut at any place, and with any byte changed, it gives something or nothing, but never harm. */
static void
test_garbage (void)
{
  g_autoptr (GBytes) bytes = deploy_new ();
  gsize length = g_bytes_get_size (bytes);
  for (gsize i = 0; i < length; i++) {
    g_auto (OcsFlatpak) cut = {0};
    g_auto (OcsFlatpak) changed = {0};
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), length);
    g_autofree guint8 *exact = g_memdup2 (copy, i);
    ocs_flatpak_parse (exact, i, &cut);
    copy[i] ^= 0xA5;
    ocs_flatpak_parse (copy, length, &changed);
  }
}

static void
test_collect (void)
{
  static const char *const parts[] = {"/active/deploy", "/active", "", NULL};
  g_autoptr (GBytes) bytes = deploy_new ();
  g_autofree char *root = g_dir_make_tmp ("ocs-flatpak-XXXXXX", NULL);
  g_autofree char *top = g_build_filename (root, "var/lib/flatpak/app/org.example.Browser/x86_64/stable", NULL);
  g_autofree char *folder = g_strconcat (top, "/active", NULL);
  g_autofree char *file = g_strconcat (folder, "/deploy", NULL);
  struct utimbuf times = {1769242501, 1769242501};
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes), NULL));
  g_assert_cmpint (utime (file, &times), ==, 0);
  g_autoptr (OcsSource) source = ocs_source_new (root);
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  ocs_flatpak_collect (source, inventory);
  g_assert_cmpuint (ocs_inventory_count (inventory, "SOFTWARES"), ==, 1);
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "NAME"), ==, "org.example.Browser");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "VERSION"), ==, "125.0.2");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "PUBLISHER"), ==, "flathub");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "COMMENTS"), ==, "Browser");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "FILESIZE"), ==, "300000000");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "INSTALLDATE"), ==, "2026/01/24 08:15:01");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "ARCHITECTURE"), ==, "x86_64");
  for (guint i = 0; parts[i] != NULL; i++) {
    g_autofree char *path = g_strconcat (top, parts[i], NULL);
    g_remove (path);
  }
  for (char *slash = strrchr (top, '/'); g_str_has_prefix (top, root) && slash != NULL; slash = strrchr (top, '/')) {
    *slash = '\0';
    if (g_rmdir (top) != 0)
      break;
  }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/flatpak/parse", test_parse);
  g_test_add_func ("/flatpak/garbage", test_garbage);
  g_test_add_func ("/flatpak/collect", test_collect);
  return g_test_run ();
}
