/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/battery.h"
#include "worker/io/tree.h"

static void
add (const char *root, const char *name, const char *const *files)
{
  g_autofree char *folder = g_build_filename (root, "sys/class/power_supply", name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  for (guint i = 0; files[i] != NULL; i += 2) {
    g_autofree char *path = g_build_filename (folder, files[i], NULL);

    g_assert_true (g_file_set_contents (path, files[i + 1], -1, NULL));
  }
}

static const char *const mouse[] = {"type", "Battery\n", "scope", "Device\n", "status", "Discharging\n", "capacity", "3\n", NULL};
static const char *const empty[] = {"type", "Battery\n", "status", "Discharging\n", "capacity", "20\n", NULL};
static const char *const enough[] = {"type", "Battery\n", "status", "Discharging\n", "capacity", "21\n", NULL};
static const char *const charging[] = {"type", "Battery\n", "status", "Charging\n", "capacity", "5\n", NULL};
static const char *const odd[] = {"type", "Battery\n", "status", "Discharging\n", "capacity", "plenty\n", NULL};
static const char *const cable[] = {"type", "Mains\n", "online", "1\n", NULL};
static const char *const no_cable[] = {"type", "Mains\n", "online", "0\n", NULL};

static gboolean
low_with (const char *const *first, const char *const *second)
{
  g_autofree char *root = g_dir_make_tmp ("ocs-battery-XXXXXX", NULL);
  gboolean low;

  if (first != NULL)
    add (root, "BAT0", first);
  if (second != NULL)
    add (root, "other", second);
  low = ocs_battery_is_low (root);
  g_assert_true (ocs_tree_remove_path (root, NULL));
  return low;
}

static void
test_batteries (void)
{
  g_assert_true (low_with (empty, NULL));
  g_assert_true (low_with (empty, no_cable));
  g_assert_true (low_with (empty, mouse));
  g_assert_false (low_with (empty, cable));
  g_assert_false (low_with (empty, enough));
  g_assert_false (low_with (enough, mouse));
  g_assert_false (low_with (mouse, NULL));
  g_assert_false (low_with (charging, no_cable));
  g_assert_false (low_with (odd, NULL));
  g_assert_false (low_with (NULL, NULL));
  g_assert_false (ocs_battery_is_low ("/nowhere"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/battery/batteries", test_batteries);
  return g_test_run ();
}
