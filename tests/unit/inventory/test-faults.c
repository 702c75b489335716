/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the Unix agent is wrong or says nothing about disks, file systems, networks and packages, ours is right: each test names the
 * fault, on the captured machines raid-server and lvm-desktop. */
#include "worker/inventory/collect.h"
#include <string.h>

static OcsInventory *
collect (const char *name)
{
  g_autofree char *root = g_build_filename (OCS_MACHINES, name, NULL);
  OcsCollectOptions options = {.root = root};
  return ocs_collect (&options, NULL);
}

/* The value of field in the first entry of section where key has the value that is wanted. */
static const char *
find (const OcsInventory *inventory, const char *section, const char *key, const char *wanted, const char *field)
{
  for (gsize i = 0; i < ocs_inventory_count (inventory, section); i++)
    if (g_strcmp0 (ocs_inventory_get (inventory, section, i, key), wanted) == 0)
      return ocs_inventory_get (inventory, section, i, field);
  g_test_message ("no %s with %s=%s", section, key, wanted);
  g_test_fail ();
  return NULL;
}

static gboolean
has (const OcsInventory *inventory, const char *section, const char *key, const char *wanted)
{
  for (gsize i = 0; i < ocs_inventory_count (inventory, section); i++)
    if (g_strcmp0 (ocs_inventory_get (inventory, section, i, key), wanted) == 0)
      return TRUE;
  return FALSE;
}

/* It computes VIRTUALDEV after the first entry of an interface has been added (Networks.pm). */
static void
test_virtualdev (void)
{
  g_autoptr (OcsInventory) inventory = collect ("raid-server");
  g_assert_cmpuint (ocs_inventory_count (inventory, "NETWORKS"), >, 10);
  for (gsize i = 0; i < ocs_inventory_count (inventory, "NETWORKS"); i++) {
    static const char *const virtual_ones[] = {"bond0", "bond0.100", "docker0", "dummy0", "ppp0", "team0", "wg0", NULL};
    const char *name = ocs_inventory_get (inventory, "NETWORKS", i, "DESCRIPTION");
    gboolean is_virtual = g_strv_contains (virtual_ones, name);
    g_assert_cmpstr (ocs_inventory_get (inventory, "NETWORKS", i, "VIRTUALDEV"), ==, is_virtual ? "1" : "0");
  }
}

/* It compares speeds as text ("40" is greater than "100" there) and says "Unknown Mbps" or "-1 Mbps" (Networks.pm). */
static void
test_speed (void)
{
  g_autoptr (OcsInventory) inventory = collect ("raid-server");
  g_assert_cmpstr (find (inventory, "NETWORKS", "DESCRIPTION", "ens1", "SPEED"), ==, "40 Gbps");
  g_assert_cmpstr (find (inventory, "NETWORKS", "DESCRIPTION", "ens2", "SPEED"), ==, "100 Mbps");
  g_assert_cmpstr (find (inventory, "NETWORKS", "DESCRIPTION", "team0", "SPEED"), ==, "2.5 Gbps");
  g_assert_null (find (inventory, "NETWORKS", "DESCRIPTION", "ens3", "SPEED"));
}

/* It gives every address of an interface the DHCP server of one of them. */
static void
test_dhcp (void)
{
  g_autoptr (OcsInventory) inventory = collect ("raid-server");
  g_autoptr (OcsInventory) desktop = collect ("lvm-desktop");
  g_assert_cmpstr (find (inventory, "NETWORKS", "IPADDRESS", "198.51.100.20", "IPDHCP"), ==, "198.51.100.1");
  g_assert_null (find (inventory, "NETWORKS", "IPADDRESS", "198.51.100.21", "IPDHCP"));
  g_assert_cmpstr (find (desktop, "NETWORKS", "IPADDRESS", "192.168.1.30", "IPDHCP"), ==, "192.168.1.1");
}

/* All members of a bond have the bond's address there, so that cards cannot be told apart; Wi-Fi that makes up addresses changes. */
static void
test_mac (void)
{
  g_autoptr (OcsInventory) inventory = collect ("raid-server");
  g_autoptr (OcsInventory) desktop = collect ("lvm-desktop");
  g_assert_cmpstr (find (inventory, "NETWORKS", "DESCRIPTION", "eno2", "MACADDR"), ==, "02:00:00:00:01:03");
  g_assert_cmpstr (find (desktop, "NETWORKS", "DESCRIPTION", "wlp2s0", "MACADDR"), ==, "02:00:00:00:02:03");
}

/* Its table of months has no February ("Fev"), and a mount point with a blank is lost with the lines of df (Drives.pm). */
static void
test_drives (void)
{
  g_autoptr (OcsInventory) inventory = collect ("raid-server");
  g_autoptr (OcsInventory) desktop = collect ("lvm-desktop");
  g_assert_cmpstr (find (inventory, "DRIVES", "TYPE", "/", "CREATEDATE"), ==, "2024/02/03 22:40:00");
  g_assert_cmpstr (find (desktop, "DRIVES", "TYPE", "/media/zoe/Stick A", "TOTAL"), ==, "29296");
  g_assert_cmpstr (find (inventory, "DRIVES", "TYPE", "/mnt/old", "VOLUMN"), ==, "files.example.net:/a b");
  /* df shows each subvolume of btrfs, and each bind mount that has a number of its own, with the same space again. */
  g_assert_false (has (desktop, "DRIVES", "TYPE", "/home"));
  g_assert_false (has (desktop, "DRIVES", "TYPE", "/mnt/pool"));
  g_assert_false (has (inventory, "DRIVES", "TYPE", "/var/www"));
}

/* Only raid and a digit, and no size, is known of arrays; each path of a multipath device is a disk; sizes have fractions, which the
 * server takes for 0; optical drives have the size "0000" (Storages.pm). */
static void
test_storages (void)
{
  g_autoptr (OcsInventory) inventory = collect ("raid-server");
  g_assert_cmpstr (find (inventory, "STORAGES", "NAME", "md0", "DISKSIZE"), ==, "1200108");
  g_assert_cmpstr (find (inventory, "STORAGES", "NAME", "md0", "MODEL"), ==, "raid1");
  g_assert_cmpstr (find (inventory, "STORAGES", "NAME", "mpatha", "SERIALNUMBER"), ==, "TESTLUN00007");
  g_assert_false (has (inventory, "STORAGES", "NAME", "sdc"));
  g_assert_false (has (inventory, "STORAGES", "NAME", "sdd"));
  g_assert_cmpstr (find (inventory, "STORAGES", "NAME", "sda", "SERIALNUMBER"), ==, "TESTSAS001");
  g_assert_null (find (inventory, "STORAGES", "NAME", "sr0", "DISKSIZE"));
  for (gsize i = 0; i < ocs_inventory_count (inventory, "STORAGES"); i++) {
    const char *size = ocs_inventory_get (inventory, "STORAGES", i, "DISKSIZE");
    g_assert_true (size == NULL || strspn (size, "0123456789") == strlen (size));
  }
}

/* It takes the last part of a line of apt-cache for the name (Repository/Debian.pm), and would send a login with the address. */
static void
test_repository (void)
{
  g_autoptr (OcsInventory) inventory = collect ("lvm-desktop");
  g_assert_cmpuint (ocs_inventory_count (inventory, "REPOSITORY"), ==, 3);
  g_assert_cmpstr (find (inventory, "REPOSITORY", "NAME", "noble-updates main restricted universe", "BASEURL"), ==,
                   "http://archive.ubuntu.com/ubuntu/");
  g_assert_cmpstr (find (inventory, "REPOSITORY", "NAME", "./", "BASEURL"), ==, "https://shop.example.com/deb");
}

/* It lists a snap without its architecture, size and date (Packaging/Snap.pm). */
static void
test_softwares (void)
{
  g_autoptr (OcsInventory) inventory = collect ("lvm-desktop");
  g_assert_cmpstr (find (inventory, "SOFTWARES", "NAME", "firefox", "PUBLISHER"), ==, "mozilla");
  g_assert_cmpstr (find (inventory, "SOFTWARES", "NAME", "firefox", "ARCHITECTURE"), ==, "amd64");
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/virtualdev", test_virtualdev);
  g_test_add_func ("/faults/speed", test_speed);
  g_test_add_func ("/faults/dhcp", test_dhcp);
  g_test_add_func ("/faults/mac", test_mac);
  g_test_add_func ("/faults/drives", test_drives);
  g_test_add_func ("/faults/storages", test_storages);
  g_test_add_func ("/faults/repository", test_repository);
  g_test_add_func ("/faults/softwares", test_softwares);
  return g_test_run ();
}
