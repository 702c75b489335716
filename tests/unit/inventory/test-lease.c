/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/lease.h"
#include <string.h>

static void
assert_taken (char *server, const char *expected)
{
  g_assert_cmpstr (server, ==, expected);
  g_free (server);
}

static void
test_pairs (void)
{
  static const char text[] = "# private\nADDRESS=192.0.2.7\nNETMASK=255.255.255.0\nSERVER_ADDRESS=192.0.2.1\n";
  assert_taken (ocs_lease_from_pairs (text, "192.0.2.7"), "192.0.2.1");
  assert_taken (ocs_lease_from_pairs (text, "192.0.2.8"), NULL); /* a further address, given by hand */
  assert_taken (ocs_lease_from_pairs ("ADDRESS=192.0.2.7\n", "192.0.2.7"), NULL);
  assert_taken (ocs_lease_from_pairs ("ADDRESS=192.0.2.7\nSERVER_ADDRESS=nobody\n", "192.0.2.7"), NULL);
  assert_taken (ocs_lease_from_pairs (NULL, "192.0.2.7"), NULL);
}

static const char leases[] =
    "default-duid \"\\000\";\n"
    "lease {\n  interface \"eth0\";\n  fixed-address 192.0.2.7;\n  option subnet-mask 255.255.255.0;\n"
    "  option dhcp-server-identifier 192.0.2.1;\n  renew 4 2026/01/01 00:00:00;\n}\n"
    "lease {\n  interface \"eth1\";\n  fixed-address 198.51.100.4;\n"
    "  option dhcp-server-identifier 198.51.100.1;\n}\n"
    "lease {\n  interface \"eth0\";\n  fixed-address 192.0.2.7;\n  option dhcp-server-identifier 192.0.2.2;\n}\n"
    "lease {\n  interface \"eth0\";\n  fixed-address 203.0.113.9;\n  option dhcp-server-identifier 203.0.113.1;\n}\n"
    "lease {\n  interface \"eth0\";\n  fixed-address 192.0.2.7;\n  option dhcp-server-identifier 192.0.2.3;\n";

static void
test_dhclient (void)
{
  assert_taken (ocs_lease_from_dhclient (leases, "eth0", "192.0.2.7"), "192.0.2.2"); /* the last whole one about it */
  assert_taken (ocs_lease_from_dhclient (leases, "eth1", "198.51.100.4"), "198.51.100.1");
  assert_taken (ocs_lease_from_dhclient (leases, "eth1", "192.0.2.7"), NULL);
  assert_taken (ocs_lease_from_dhclient (leases, "eth", "192.0.2.7"), NULL);
  assert_taken (
      ocs_lease_from_dhclient ("lease {\nfixed-address 10.0.0.2;\noption dhcp-server-identifier 10.0.0.1;\n}", "wlan0", "10.0.0.2"),
      "10.0.0.1");
  assert_taken (ocs_lease_from_dhclient ("}\n}}\ninterface\nfixed-address\n}", "eth0", "192.0.2.7"), NULL);
  assert_taken (ocs_lease_from_dhclient (NULL, "eth0", "192.0.2.7"), NULL);
}

static void
test_dhcpcd (void)
{
  guint8 message[260] = {2, 1, 6, 0};
  memcpy (message + 16, "\xC0\x00\x02\x07", 4);
  memcpy (message + 236, "\x63\x82\x53\x63\x35\x01\x05\x00\x36\x04\xC0\x00\x02\x01\xFF", 15);
  assert_taken (ocs_lease_from_dhcpcd (message, sizeof message, "192.0.2.7"), "192.0.2.1");
  assert_taken (ocs_lease_from_dhcpcd (message, sizeof message, "192.0.2.8"), NULL);
  for (gsize length = 0; length < 250; length++) { /* cut short; in a block of its own, so that the sanitizer sees a byte too many */
    g_autofree guint8 *exact = g_memdup2 (message, length);
    assert_taken (ocs_lease_from_dhcpcd (exact, length, "192.0.2.7"), NULL);
  }
  message[236] = 0;
  assert_taken (ocs_lease_from_dhcpcd (message, sizeof message, "192.0.2.7"), NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lease/pairs", test_pairs);
  g_test_add_func ("/lease/dhclient", test_dhclient);
  g_test_add_func ("/lease/dhcpcd", test_dhcpcd);
  return g_test_run ();
}
