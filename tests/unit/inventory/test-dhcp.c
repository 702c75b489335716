/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/dhcp.h"
#include <glib/gstdio.h>
#include <utime.h>

static char *
tree_new (void)
{
  g_autoptr (GError) error = NULL;
  char *root = g_dir_make_tmp ("ocs-dhcp-XXXXXX", &error);
  g_assert_no_error (error);
  return root;
}

static void
put (const char *root, const char *name, const char *text, gint64 mtime)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  struct utimbuf times = {mtime, mtime};
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (utime (path, &times), ==, 0);
}

static void
clear (const char *path)
{
  g_autoptr (GDir) folder = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  for (const char *name = folder == NULL ? NULL : g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder)) {
    g_autofree char *below = g_build_filename (path, name, NULL);
    clear (below);
  }
  g_remove (path);
}

static void
assert_server (const char *root, const char *interface, const char *address, const char *expected)
{
  g_autoptr (OcsSource) source = ocs_source_new (root);
  g_autofree char *server = ocs_dhcp_server (source, interface, address);
  g_assert_cmpstr (server, ==, expected);
}

/* A notebook that had the same address in two networks: the newer lease is the one in use. */
static void
test_newest (void)
{
  g_autofree char *root = tree_new ();
  put (root, "var/lib/NetworkManager/internal-a-wlan0.lease", "ADDRESS=192.168.1.5\nSERVER_ADDRESS=192.168.1.1\n", 1000);
  put (root, "var/lib/NetworkManager/internal-b-wlan0.lease", "ADDRESS=192.168.1.5\nSERVER_ADDRESS=192.168.1.2\n", 3000);
  put (root, "var/lib/NetworkManager/internal-c-wlan0.lease", "ADDRESS=192.168.1.5\nSERVER_ADDRESS=192.168.1.3\n", 2000);
  put (root, "var/lib/NetworkManager/internal-d-eth0.lease", "ADDRESS=192.168.1.5\nSERVER_ADDRESS=192.168.1.4\n", 4000);
  put (root, "var/lib/NetworkManager/internal-e-wlan0.lease", "ADDRESS=10.0.0.9\nSERVER_ADDRESS=10.0.0.1\n", 5000);
  assert_server (root, "wlan0", "192.168.1.5", "192.168.1.2");
  assert_server (root, "wlan0", "192.168.1.6", NULL);
  clear (root);
}

static void
test_clients (void)
{
  static const char dhclient[] =
      "lease {\n  interface \"eth1\";\n  fixed-address 10.1.0.2;\n  option dhcp-server-identifier 10.1.0.1;\n}\n";
  g_autofree char *root = tree_new ();
  put (root, "sys/class/net/eth0/ifindex", "7\n", 1000);
  put (root, "run/systemd/netif/leases/7", "ADDRESS=10.0.0.2\nSERVER_ADDRESS=10.0.0.1\n", 1000);
  put (root, "var/lib/dhcp/dhclient.leases", dhclient, 1000);
  put (root, "var/lib/dhcp/dhclient.eth2.leases", "not a lease", 1000);
  assert_server (root, "eth0", "10.0.0.2", "10.0.0.1");
  assert_server (root, "eth1", "10.1.0.2", "10.1.0.1");
  assert_server (root, "eth2", "10.1.0.2", NULL); /* the lease names another interface */
  assert_server (root, "eth3", "10.1.0.9", NULL);
  clear (root);
}

static void
test_nothing (void)
{
  assert_server ("/nowhere/at/all", "eth0", "10.0.0.2", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dhcp/newest", test_newest);
  g_test_add_func ("/dhcp/clients", test_clients);
  g_test_add_func ("/dhcp/nothing", test_nothing);
  return g_test_run ();
}
