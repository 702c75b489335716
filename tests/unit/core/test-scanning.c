/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which networks are looked at, which never; what came of it. */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/scanning.h"
#include <string.h>

static void
add (OcsInventory *inventory, const char *address, const char *subnet, const char *mask, const char *type, const char *status,
     const char *is_virtual)
{
  OcsEntry *entry = ocs_inventory_add (inventory, "NETWORKS");

  ocs_entry_set (entry, "IPADDRESS", address);
  ocs_entry_set (entry, "IPSUBNET", subnet);
  ocs_entry_set (entry, "IPMASK", mask);
  ocs_entry_set (entry, "TYPE", type);
  ocs_entry_set (entry, "STATUS", status);
  ocs_entry_set (entry, "VIRTUALDEV", is_virtual);
}

static OcsInventory *
networks (void)
{
  OcsInventory *inventory = ocs_inventory_new ();

  add (inventory, "192.0.2.7", "192.0.2.0", "255.255.255.0", "ethernet", "Up", "0");
  add (inventory, "10.8.0.2", "10.8.0.0", "255.255.255.0", "tunnel", "Up", "1");
  add (inventory, "10.9.0.2", "10.9.0.0", "255.255.255.0", "ethernet", "Up", "1"); /* a tap */
  add (inventory, "10.1.0.2", "10.1.0.0", "255.255.0.0", "bridge", "Up", "1");
  add (inventory, "10.2.0.2", "10.2.0.0", "255.255.240.0", "bridge", "Up", "1");
  add (inventory, "10.3.0.2", "10.3.0.0", "255.255.255.0", "ethernet", "Down", "0");
  add (inventory, "10.4.0.2", "10.4.0.2", "255.255.255.255", "ethernet", "Up", "0");
  add (inventory, "10.5.0.2", "10.5.0.0", "255.0.255.0", "ethernet", "Up", "0");
  return inventory;
}

static void
test_plan (void)
{
  g_autoptr (OcsInventory) inventory = networks ();
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsScanPlan) plan = ocs_scanning_plan (inventory, "192.0.2.0", 100, NULL, &error);
  g_autofree char *from = NULL;

  g_assert_no_error (error);
  from = g_strjoinv (" ", plan->from);
  g_assert_cmpuint (plan->prefix, ==, 24);
  g_assert_cmpstr (plan->address, ==, "192.0.2.7");
  g_assert_cmpuint (plan->gap, ==, 100);
  g_assert_cmpstr (from, ==, "192.0.2.7 10.1.0.2 10.2.0.2 10.3.0.2 10.4.0.2 10.5.0.2"); /* neither tunnel nor tap */
}

static void
test_pace (void)
{
  g_autoptr (OcsInventory) inventory = networks ();
  g_autoptr (OcsScanPlan) hasty = ocs_scanning_plan (inventory, "192.0.2.0", 1, NULL, NULL);
  g_autoptr (OcsScanPlan) large = ocs_scanning_plan (inventory, "10.2.0.0", 5000, NULL, NULL);

  g_assert_cmpuint (hasty->gap, ==, OCS_SCANNING_GAP_MIN);
  g_assert_cmpuint (large->prefix, ==, 20);
  g_assert_cmpuint ((4094 * large->gap) / 1000, <=, OCS_SCANNING_SECONDS_MAX);
}

static void
assert_refused (const char *subnet, const char *site_networks, const char *words)
{
  g_autoptr (OcsInventory) inventory = networks ();
  g_autoptr (GError) error = NULL;

  g_assert_null (ocs_scanning_plan (inventory, subnet, 100, site_networks, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, words));
}

static void
test_refused (void)
{
  assert_refused ("10.8.0.0", NULL, "tunnel");
  assert_refused ("10.9.0.0", NULL, "tunnel");
  assert_refused ("10.3.0.0", NULL, "down");
  assert_refused ("198.51.100.0", NULL, "no address there");
  assert_refused ("10.1.0.0", NULL, "larger");
  assert_refused ("10.4.0.2", NULL, "nobody else");
  assert_refused ("10.5.0.0", NULL, "larger"); /* no mask of a network */
  assert_refused ("192.0.2.0", "none", "SiteNetworks");
  assert_refused ("192.0.2.0", "10.0.0.0/8, 192.0.2.0/25", "SiteNetworks");
  assert_refused ("192.0.2.0", "nonsense", "SiteNetworks");
}

static void
test_site (void)
{
  g_autoptr (OcsInventory) inventory = networks ();
  g_autoptr (OcsScanPlan) exact = ocs_scanning_plan (inventory, "192.0.2.0", 100, "10.0.0.0/8, 192.0.2.0/24", NULL);
  g_autoptr (OcsScanPlan) wider = ocs_scanning_plan (inventory, "192.0.2.0", 100, "192.0.0.0/16", NULL);
  g_autofree char *odd = ocs_scanning_odd_networks ("10.0.0.0/8 nonsense,1.2.3.4/33; none 300.1.1.1");

  g_assert_nonnull (exact);
  g_assert_nonnull (wider);
  g_assert_cmpstr (odd, ==, "nonsense, 1.2.3.4/33, 300.1.1.1");
  g_assert_null (ocs_scanning_odd_networks (NULL));
}

static void
test_read (void)
{
  static const char text[] = "{\"hosts\":[{\"ip\":\"192.0.2.1\",\"mac\":\"00:16:3E:00:00:01\",\"name\":\"gate\"},"
                             "{\"ip\":\"192.0.2.2\",\"mac\":\"00:16:3e:00:00:02\"},{\"ip\":\"192.0.3.2\",\"mac\":\"00:16:3e:00:00:02\"},"
                             "{\"ip\":\"192.0.2.3\",\"mac\":\"00:00:00:00:00:00\"},{\"ip\":\"192.0.2.4\",\"mac\":\"<M>\"},{\"ip\":5},7]}";
  g_autoptr (OcsInventory) inventory = networks ();
  g_autoptr (OcsScanPlan) plan = ocs_scanning_plan (inventory, "192.0.2.0", 100, NULL, NULL);
  g_autoptr (JsonObject) object = ocs_json_parse (text, strlen (text), NULL);
  g_autoptr (GPtrArray) found = ocs_scanning_read (plan, ocs_json_array (object, "hosts"));
  g_autoptr (GPtrArray) nothing = ocs_scanning_read (plan, NULL);
  g_autoptr (GString) xml = g_string_new (NULL);

  g_assert_cmpuint (found->len, ==, 2);
  ocs_scanning_append (xml, nothing);
  g_assert_cmpuint (xml->len, ==, 0);
  ocs_scanning_append (xml, found);
  g_assert_nonnull (strstr (xml->str, "<I>192.0.2.1</I>"));
  g_assert_nonnull (strstr (xml->str, "<M>00:16:3e:00:00:01</M>"));
  g_assert_nonnull (strstr (xml->str, "<N>gate</N>"));
  g_assert_nonnull (strstr (xml->str, "<N>-</N>"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scanning/plan", test_plan);
  g_test_add_func ("/scanning/pace", test_pace);
  g_test_add_func ("/scanning/refused", test_refused);
  g_test_add_func ("/scanning/site", test_site);
  g_test_add_func ("/scanning/read", test_read);
  return g_test_run ();
}
