/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole inventories: of the captured machines (OCS_MACHINES, tests/machines), of nothing and of this machine. */
#include "worker/inventory/collect.h"
#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

static char *
to_xml (const OcsInventory *inventory)
{
  OcsEnvelope envelope = {.deviceid = "machine-2026-01-01-00-00-00", .checksum = ocs_inventory_checksum (inventory, NULL)};
  return ocs_inventory_to_xml (inventory, &envelope, NULL);
}

/* When a section changes on purpose: print-inventory tests/machines/NAME > tests/machines/NAME.xml, with TZ=UTC, and read the diff. */
static void
test_machine (gconstpointer data)
{
  const char *name = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *root = g_build_filename (OCS_MACHINES, name, NULL);
  g_autofree char *file = g_strconcat (root, ".xml", NULL);
  g_autofree char *expected = NULL;
  g_file_get_contents (file, &expected, NULL, &error);
  g_assert_no_error (error);
  OcsCollectOptions options = {.root = root};
  g_autoptr (OcsInventory) inventory = ocs_collect (&options, NULL);
  g_autofree char *xml = to_xml (inventory);
  g_auto (GStrv) lines = g_strsplit (xml, "\n", -1);
  g_auto (GStrv) expected_lines = g_strsplit (expected, "\n", -1);
  for (guint i = 0; lines[i] != NULL && expected_lines[i] != NULL; i++)
    g_assert_cmpstr (lines[i], ==, expected_lines[i]);
  g_assert_cmpuint (g_strv_length (lines), ==, g_strv_length (expected_lines));
}

static void
test_nothing (void)
{
  OcsCollectOptions options = {.root = "/nowhere/at/all", .user_domain = "CORP"};
  g_autoptr (OcsInventory) inventory = ocs_collect (&options, NULL);
  g_assert_cmpuint (ocs_inventory_count (inventory, "HARDWARE"), ==, 1);
  g_assert_cmpuint (ocs_inventory_count (inventory, "BIOS"), ==, 1);
  g_assert_cmpstr (ocs_inventory_get (inventory, "BIOS", 0, "TYPE"), ==, "Unknown");
  g_assert_cmpstr (ocs_inventory_get (inventory, "HARDWARE", 0, "USERDOMAIN"), ==, "CORP");
  g_assert_cmpuint (ocs_inventory_notes (inventory)->len, >=, 4);
}

static void
assert_digits (const OcsInventory *inventory, const char *field)
{
  const char *value = ocs_inventory_get (inventory, "HARDWARE", 0, field);
  g_assert_nonnull (value);
  g_assert_cmpuint (strspn (value, "0123456789"), ==, strlen (value));
}

static void
test_this_machine (void)
{
  OcsCollectOptions options = {.root = "/"};
  g_autoptr (OcsInventory) inventory = ocs_collect (&options, NULL);
  g_assert_cmpuint (ocs_inventory_count (inventory, "HARDWARE"), ==, 1);
  g_assert_cmpuint (ocs_inventory_count (inventory, "BIOS"), ==, 1);
  g_assert_cmpuint (ocs_inventory_count (inventory, "CPUS"), >, 0);
  g_assert_cmpuint (ocs_inventory_count (inventory, "LOCAL_USERS"), >, 0);
  g_assert_nonnull (ocs_inventory_get (inventory, "HARDWARE", 0, "NAME"));
  g_assert_nonnull (ocs_inventory_get (inventory, "HARDWARE", 0, "ARCH"));
  static const char *const numbers[] = {"PROCESSORS", "PROCESSORN", "MEMORY", "SWAP"};
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    assert_digits (inventory, numbers[i]);
  g_autofree char *xml = to_xml (inventory);
  g_assert_true (g_utf8_validate (xml, -1, NULL));
}

/* Apart from what moves on a machine in use, two runs are the same. */
static void
test_same_twice (void)
{
  OcsCollectOptions options = {.no_software = TRUE};
  g_autoptr (OcsInventory) first = ocs_collect (&options, NULL);
  g_autoptr (OcsInventory) second = ocs_collect (&options, NULL);
  g_autoptr (GHashTable) digests = ocs_inventory_digests (first);
  guint32 changed = ocs_inventory_checksum (second, digests);
  g_assert_cmpuint (changed & ~(guint32)512, ==, 1); /* DRIVES: the free space */
  g_assert_cmpuint (ocs_inventory_count (first, "SOFTWARES"), ==, 0);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_cancellable_cancel (cancellable);
  OcsCollectOptions options = {.root = "/"};
  g_assert_null (ocs_collect (&options, cancellable));
}

static void
put (const char *root, const char *name, const char *text, gint64 mtime)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  struct utimbuf times = {mtime, mtime};
  g_assert_cmpint (utime (path, &times), ==, 0);
}

static gboolean
is_noted (const OcsInventory *inventory, const char *section, const char *text)
{
  const GPtrArray *notes = ocs_inventory_notes (inventory);
  for (guint i = 0; i < notes->len; i++) {
    const OcsNote *note = g_ptr_array_index (notes, i);
    if (g_str_equal (note->section, section) && strstr (note->why, text) != NULL)
      return TRUE;
  }
  return FALSE;
}

static void
test_install_date (void)
{
  static const char *const parts[] = {"var/lib/dpkg/info/libc6:amd64.list",
                                      "var/lib/dpkg/info/bash.list",
                                      "var/lib/dpkg/info",
                                      "var/lib/dpkg/status",
                                      "var/lib/dpkg/arch",
                                      "var/lib/dpkg",
                                      "var/lib",
                                      "var",
                                      ""};
  g_autofree char *root = g_dir_make_tmp ("ocs-collect-XXXXXX", NULL);
  put (root, "var/lib/dpkg/status",
       "Package: libc6\nStatus: install ok installed\nMulti-Arch: same\nArchitecture: amd64\nVersion: 2\nInstalled-Size: 99999999999\n\n"
       "Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5\nInstalled-Size: 7\n\n"
       "Package: wine32\nStatus: install ok installed\nArchitecture: i386\nVersion: 8\n\n"
       "Package: data\nStatus: install ok installed\nArchitecture: all\nVersion: 9\n\n"
       "Package: odd\nStatus: install ok half-configured\nVersion: 1\n",
       1000);
  put (root, "var/lib/dpkg/info/libc6:amd64.list", "/.\n", 1769242501);
  put (root, "var/lib/dpkg/arch", "amd64\ni386\n", 1000);
  put (root, "var/lib/dpkg/info/bash.list", "/.\n", 86400);
  OcsCollectOptions options = {.root = root};
  g_autoptr (OcsInventory) inventory = ocs_collect (&options, NULL);
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "NAME"), ==, "bash"); /* sorted */
  g_assert_cmpuint (ocs_inventory_count (inventory, "SOFTWARES"), ==, 4);
  g_assert_true (is_noted (inventory, "SOFTWARES", "(1, the first is odd)"));
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "INSTALLDATE"), ==, "1970/01/02 00:00:00");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "FILESIZE"), ==, "7168");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 1, "NAME"), ==, "data");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 2, "NAME"), ==, "libc6:amd64");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 3, "NAME"), ==, "wine32:i386");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 2, "INSTALLDATE"), ==, "2026/01/24 08:15:01");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 2, "FILESIZE"), ==, "2147482624");
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
  g_test_add_data_func ("/collect/machine/debian-vm", "debian-vm", test_machine);
  g_test_add_data_func ("/collect/machine/notebook", "notebook", test_machine);
  g_test_add_data_func ("/collect/machine/arm-board", "arm-board", test_machine);
  g_test_add_data_func ("/collect/machine/rack-server", "rack-server", test_machine);
  g_test_add_data_func ("/collect/machine/raid-server", "raid-server", test_machine);
  g_test_add_data_func ("/collect/machine/lvm-desktop", "lvm-desktop", test_machine);
  g_test_add_data_func ("/collect/machine/alpine-board", "alpine-board", test_machine);
  g_test_add_data_func ("/collect/machine/arch-notebook", "arch-notebook", test_machine);
  g_test_add_data_func ("/collect/machine/fedora-server", "fedora-server", test_machine);
  g_test_add_data_func ("/collect/machine/rhel8-power", "rhel8-power", test_machine);
  g_test_add_data_func ("/collect/machine/suse-mainframe", "suse-mainframe", test_machine);
  g_test_add_func ("/collect/nothing", test_nothing);
  g_test_add_func ("/collect/this-machine", test_this_machine);
  g_test_add_func ("/collect/same-twice", test_same_twice);
  g_test_add_func ("/collect/cancelled", test_cancelled);
  g_test_add_func ("/collect/install-date", test_install_date);
  return g_test_run ();
}
