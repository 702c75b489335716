/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/netinfo.h"

static void
assert_address (GPtrArray *addresses, guint index, const char *label, const char *text, const char *mask, const char *subnet)
{
  const OcsAddress *address = g_ptr_array_index (addresses, index);
  g_autofree char *real_text = ocs_address_to_text (address);
  g_autofree char *real_mask = ocs_address_mask (address);
  g_autofree char *real_subnet = ocs_address_subnet (address);
  g_assert_cmpstr (address->label, ==, label);
  g_assert_cmpstr (real_text, ==, text);
  g_assert_cmpstr (real_mask, ==, mask);
  g_assert_cmpstr (real_subnet, ==, subnet);
}

static void
test_captured (void)
{
  g_autoptr (GPtrArray) addresses = ocs_addresses_new ();
  ocs_addresses_add_captured (addresses,
                              "eth0 192.0.2.130/25\nbad\neth0 300.1.1.1/8\neth0:1 10.1.2.3/8\nppp0 198.51.100.7/32\nx 1.2.3.4/99\n");
  g_assert_cmpuint (addresses->len, ==, 4);
  assert_address (addresses, 0, "eth0", "192.0.2.130", "255.255.255.128", "192.0.2.128");
  assert_address (addresses, 1, "eth0:1", "10.1.2.3", "255.0.0.0", "10.0.0.0");
  assert_address (addresses, 2, "ppp0", "198.51.100.7", "255.255.255.255", "198.51.100.7");
  g_assert_true (ocs_address_reaches (g_ptr_array_index (addresses, 0), "192.0.2.129"));
  g_assert_false (ocs_address_reaches (g_ptr_array_index (addresses, 0), "192.0.2.1"));
  g_assert_false (ocs_address_reaches (g_ptr_array_index (addresses, 0), "nonsense"));
  g_assert_true (ocs_address_reaches (g_ptr_array_index (addresses, 2), "10.9.9.9"));
  assert_address (addresses, 3, "x", "1.2.3.4", "255.255.255.255", "1.2.3.4");
}

static void
test_inet6 (void)
{
  g_autoptr (GPtrArray) addresses = ocs_addresses_new ();
  ocs_addresses_add_inet6 (addresses, "fe8000000000000000fc00fffe000001 04 40 20 80     eth0\n"
                                      "00000000000000000000000000000001 01 80 10 80       lo\n"
                                      "20010db8000000001234567812345678 04 40 00 01     eth0\n" /* temporary */
                                      "20010db8000000001234567812345679 04 40 00 40     eth0\n" /* tentative */
                                      "20010db800000000000000000000zz01 04 40 00 80     eth0\n"
                                      "2001 04 40 00 80 eth0\nnoise\n"
                                      "20010db8000000000000000000000001 04 3d 00 80     eth1\n");
  g_assert_cmpuint (addresses->len, ==, 2);
  assert_address (addresses, 0, "eth1", "2001:db8::1", "ffff:ffff:ffff:fff8::", "2001:db8::");
  assert_address (addresses, 1, "eth0", "fe80::fc:ff:fe00:1", "ffff:ffff:ffff:ffff::", "fe80::");
  g_assert_true (ocs_address_reaches (g_ptr_array_index (addresses, 0), "fe80::1"));
  g_assert_false (ocs_address_reaches (g_ptr_array_index (addresses, 1), "fe80::1"));
  ocs_addresses_add_inet6 (addresses, NULL);
  ocs_addresses_add_captured (addresses, NULL);
  g_assert_cmpuint (addresses->len, ==, 2);
}

static void
test_routes (void)
{
  char *gateway = NULL;
  guint32 word = g_htonl (0xC0000201); /* as the kernel prints it on this machine */
  g_autofree char *route = g_strdup_printf ("Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n"
                                            "wlan0 00000000 %08X 0003 0 0 600 00000000 0 0 0\n"
                                            "eth0 00000000 %08X 0003 0 0 100 00000000 0 0 0\n"
                                            "eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0\n"
                                            "tun0 00000000 %08X 0003 0 0 50 00000080 0 0 0\n"
                                            "down0 00000000 %08X 0002 0 0 1 00000000 0 0 0\n",
                                            word + 1, word, word, word);
  g_autoptr (GPtrArray) routes = ocs_routes_parse (route, "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
                                                          "fe800000000000000000000000000001 00000400 00000001 00000000 00000003 eth0\n"
                                                          "00000000000000000000000000000000 00 00000000000000000000000000000000 00 "
                                                          "00000000000000000000000000000000 ffffffff 00000001 00000000 00200200 lo\n");
  g_assert_cmpuint (routes->len, ==, 3);
  const OcsRoute *best = g_ptr_array_index (routes, 0);
  gateway = best->gateway;
  g_assert_cmpstr (best->interface, ==, "eth0");
  g_assert_cmpstr (gateway, ==, "192.0.2.1");
  const OcsRoute *last = g_ptr_array_index (routes, 2);
  g_assert_cmpstr (last->gateway, ==, "fe80::1");
  g_autoptr (GPtrArray) none = ocs_routes_parse (NULL, "garbage\n\n");
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/netinfo/captured", test_captured);
  g_test_add_func ("/netinfo/inet6", test_inet6);
  g_test_add_func ("/netinfo/routes", test_routes);
  return g_test_run ();
}
