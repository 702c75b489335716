/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/request.h"
#include <string.h>

static void
test_prolog (void)
{
  g_autofree char *text = ocs_request_prolog ("vm-2026-11-22-07-40-38");

  g_assert_cmpstr (text, ==,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<REQUEST>\n"
                   "  <DEVICEID>vm-2026-11-22-07-40-38</DEVICEID>\n"
                   "  <QUERY>PROLOG</QUERY>\n"
                   "</REQUEST>\n");
}

static void
test_result (void)
{
  g_autofree char *text = ocs_request_result ("vm-2026-11-22-07-40-38", "1700000001", "EXIT_CODE_3");

  g_assert_cmpstr (text, ==,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<REQUEST DEVICEID=\"vm-2026-11-22-07-40-38\" ERR=\"EXIT_CODE_3\" ID=\"1700000001\" QUERY=\"DOWNLOAD\" />\n");
}

static void
test_escape (void)
{
  g_autofree char *prolog = ocs_request_prolog ("a<b&c-2026-11-22-07-40-38");
  g_autofree char *result = ocs_request_result ("a\"<b>", "1", "SUCCESS");

  g_assert_nonnull (g_strstr_len (prolog, -1, "<DEVICEID>a&lt;b&amp;c-2026-11-22-07-40-38</DEVICEID>"));
  g_assert_nonnull (g_strstr_len (result, -1, "DEVICEID=\"a&quot;&lt;b&gt;\""));
}

static void
add_address (OcsInventory *networks, const char *mac, const char *address)
{
  OcsEntry *entry = ocs_inventory_add (networks, "NETWORKS");

  ocs_entry_set (entry, "DESCRIPTION", "eth0");
  ocs_entry_set (entry, "MACADDR", mac);
  ocs_entry_set (entry, "IPADDRESS", address);
  ocs_entry_set (entry, "IPMASK", "255.255.255.0");
}

static void
test_notify (void)
{
  g_autoptr (OcsInventory) networks = ocs_inventory_new ();
  g_autofree char *nothing = ocs_request_notify ("pc-2026-01-02-03-04-05", networks);
  g_autofree char *xml = NULL;

  g_assert_null (nothing);
  add_address (networks, "00:11:22:33:44:55", "2001:db8::1");
  add_address (networks, "00:11:22:33:44:55", "192.0.2.7");
  add_address (networks, "00:11:22:33:44:55", "192.0.2.8");
  add_address (networks, NULL, "192.0.2.9");
  add_address (networks, "00:11:22:33:44:66", "198.51.100.1");
  xml = ocs_request_notify ("pc-2026-01-02-03-04-05", networks);
  g_assert_nonnull (strstr (xml, "<QUERY>NOTIFY</QUERY>"));
  g_assert_nonnull (strstr (xml, "<TYPE>IP</TYPE>"));
  g_assert_nonnull (strstr (xml, "<IP>192.0.2.7</IP>"));
  g_assert_nonnull (strstr (xml, "<MASK>255.255.255.0</MASK>"));
  g_assert_nonnull (strstr (xml, "<IP>198.51.100.1</IP>"));
  g_assert_nonnull (strstr (xml, "<IPADDR>192.0.2.7</IPADDR>"));
  g_assert_null (strstr (xml, "2001:db8"));
  g_assert_null (strstr (xml, "192.0.2.8"));
  g_assert_null (strstr (xml, "192.0.2.9"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/prolog", test_prolog);
  g_test_add_func ("/request/result", test_result);
  g_test_add_func ("/request/escape", test_escape);
  g_test_add_func ("/request/notify", test_notify);
  return g_test_run ();
}
