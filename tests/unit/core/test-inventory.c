/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/inventory.h"
#include <string.h>

static OcsInventory *
sample (void)
{
  OcsInventory *inventory = ocs_inventory_new ();
  OcsEntry *drive = ocs_inventory_add (inventory, "DRIVES");
  ocs_entry_set (drive, "TYPE", "/");
  ocs_entry_set_int (drive, "FREE", 100);
  ocs_entry_set (ocs_inventory_add (inventory, "HARDWARE"), "NAME", "vm & co");
  ocs_entry_set (ocs_inventory_add (inventory, "BIOS"), "SSN", "S1");
  ocs_entry_set (ocs_inventory_add (inventory, "LOCAL_USERS"), "LOGIN", "root");
  return inventory;
}

static void
test_fields (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  OcsEntry *entry = ocs_inventory_add (inventory, "CPUS");
  ocs_entry_set (entry, "TYPE", "  two  words \n");
  ocs_entry_set (entry, "SPEED", NULL);
  ocs_entry_set (entry, "SOCKET", " \t ");
  ocs_entry_setf (entry, "CORES", "%d", 4);
  ocs_entry_set_n (entry, "CPUARCH", "x86_64 and more", 6);
  g_assert_cmpstr (ocs_inventory_get (inventory, "CPUS", 0, "TYPE"), ==, "two  words");
  g_assert_null (ocs_inventory_get (inventory, "CPUS", 0, "SPEED"));
  g_assert_null (ocs_inventory_get (inventory, "CPUS", 0, "SOCKET"));
  g_assert_null (ocs_inventory_get (inventory, "CPUS", 1, "TYPE"));
  g_assert_null (ocs_inventory_get (inventory, "DRIVES", 0, "TYPE"));
  g_assert_null (ocs_inventory_get (inventory, "NONSENSE", 0, "TYPE"));
  g_assert_cmpstr (ocs_inventory_get (inventory, "CPUS", 0, "CORES"), ==, "4");
  g_assert_cmpstr (ocs_inventory_get (inventory, "CPUS", 0, "CPUARCH"), ==, "x86_64");
  ocs_entry_set (entry, "TYPE", "other");
  g_assert_cmpstr (ocs_inventory_get (inventory, "CPUS", 0, "TYPE"), ==, "other");
}

static void
test_single (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  g_assert_true (ocs_inventory_add (inventory, "BIOS") == ocs_inventory_add (inventory, "BIOS"));
  g_assert_true (ocs_inventory_add (inventory, "HARDWARE") == ocs_inventory_add (inventory, "HARDWARE"));
  g_assert_true (ocs_inventory_add (inventory, "CPUS") != ocs_inventory_add (inventory, "CPUS"));
  g_assert_cmpuint (ocs_inventory_count (inventory, "BIOS"), ==, 1);
  g_assert_cmpuint (ocs_inventory_count (inventory, "CPUS"), ==, 2);
}

static void
test_sort (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  static const char *const names[] = {"b", "c", "a"};
  for (guint i = 0; i < 3; i++)
    ocs_entry_set (ocs_inventory_add (inventory, "SOFTWARES"), "NAME", names[i]);
  ocs_inventory_sort (inventory, "SOFTWARES");
  ocs_inventory_sort (inventory, "CPUS");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 0, "NAME"), ==, "a");
  g_assert_cmpstr (ocs_inventory_get (inventory, "SOFTWARES", 2, "NAME"), ==, "c");
}

static void
test_checksum (void)
{
  g_autoptr (OcsInventory) inventory = sample ();
  g_assert_cmpuint (ocs_inventory_checksum (inventory, NULL), ==, 4194303);
  g_autoptr (GHashTable) accepted = ocs_inventory_digests (inventory);
  g_assert_cmpuint (g_hash_table_size (accepted), ==, 3); /* LOCAL_USERS has no bit */
  g_assert_cmpuint (strlen (g_hash_table_lookup (accepted, "BIOS")), ==, 64);
  g_assert_cmpuint (ocs_inventory_checksum (inventory, accepted), ==, 1);

  ocs_entry_set (ocs_inventory_add (inventory, "BIOS"), "SSN", "S2");
  g_assert_cmpuint (ocs_inventory_checksum (inventory, accepted), ==, 1 | 2);
  ocs_inventory_add (inventory, "USBDEVICES");
  g_assert_cmpuint (ocs_inventory_checksum (inventory, accepted), ==, 1 | 2 | 2097152);
  g_hash_table_insert (accepted, g_strdup ("CPUS"), g_strdup ("gone since"));
  g_assert_cmpuint (ocs_inventory_checksum (inventory, accepted), ==, 1 | 2 | 262144 | 2097152);
}

static void
test_checksum_empty (void)
{
  g_autoptr (OcsInventory) inventory = sample ();
  g_autoptr (GHashTable) accepted = g_hash_table_new (g_str_hash, g_str_equal);
  g_assert_cmpuint (ocs_inventory_checksum (inventory, accepted), ==, 1 | 2 | 512);
}

static void
test_to_xml (void)
{
  g_autoptr (OcsInventory) inventory = sample ();
  g_autoptr (GPtrArray) account = ocs_pairs_new ();
  g_ptr_array_add (account, ocs_pair_new ("TAG", "a<b"));
  g_ptr_array_add (account, ocs_pair_new ("fields_3", ""));
  g_autoptr (GPtrArray) history = g_ptr_array_new ();
  g_ptr_array_add (history, (gpointer) "1700000001");
  OcsEnvelope envelope = {"vm-2026-11-22-07-40-38", "old-2026-01-01-00-00-00", account, history, NULL, 513};
  gsize length = 0;
  g_autofree char *xml = ocs_inventory_to_xml (inventory, &envelope, &length);
  g_assert_cmpuint (length, ==, strlen (xml));
  g_assert_cmpstr (xml, ==,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<REQUEST>\n"
                   "  <DEVICEID>vm-2026-11-22-07-40-38</DEVICEID>\n"
                   "  <QUERY>INVENTORY</QUERY>\n"
                   "  <CONTENT>\n"
                   "    <OLD_DEVICEID>old-2026-01-01-00-00-00</OLD_DEVICEID>\n"
                   "    <ACCOUNTINFO>\n"
                   "      <KEYNAME>TAG</KEYNAME>\n"
                   "      <KEYVALUE>a&lt;b</KEYVALUE>\n"
                   "    </ACCOUNTINFO>\n"
                   "    <ACCOUNTINFO>\n"
                   "      <KEYNAME>fields_3</KEYNAME>\n"
                   "      <KEYVALUE></KEYVALUE>\n"
                   "    </ACCOUNTINFO>\n"
                   "    <DOWNLOAD>\n"
                   "      <HISTORY>\n"
                   "        <PACKAGE ID=\"1700000001\"/>\n"
                   "      </HISTORY>\n"
                   "    </DOWNLOAD>\n"
                   "    <BIOS>\n"
                   "      <SSN>S1</SSN>\n"
                   "    </BIOS>\n"
                   "    <DRIVES>\n"
                   "      <TYPE>/</TYPE>\n"
                   "      <FREE>100</FREE>\n"
                   "    </DRIVES>\n"
                   "    <HARDWARE>\n"
                   "      <NAME>vm &amp; co</NAME>\n"
                   "      <CHECKSUM>513</CHECKSUM>\n"
                   "    </HARDWARE>\n"
                   "    <LOCAL_USERS>\n"
                   "      <LOGIN>root</LOGIN>\n"
                   "    </LOCAL_USERS>\n"
                   "  </CONTENT>\n"
                   "</REQUEST>\n");
}

/* An absent DOWNLOAD empties the server's history as an empty one does, but says nothing about why. */
static void
test_to_xml_empty (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  OcsEnvelope envelope = {.deviceid = "a-b"};
  g_autofree char *xml = ocs_inventory_to_xml (inventory, &envelope, NULL);
  g_assert_nonnull (strstr (xml, "<DOWNLOAD>\n      <HISTORY>\n      </HISTORY>\n    </DOWNLOAD>"));
  g_assert_null (strstr (xml, "OLD_DEVICEID"));
  g_assert_null (strstr (xml, "ACCOUNTINFO"));
}

static void
test_notes (void)
{
  g_autoptr (OcsInventory) inventory = ocs_inventory_new ();
  ocs_inventory_note (inventory, "BIOS", "only root may read the serial numbers");
  const GPtrArray *notes = ocs_inventory_notes (inventory);
  g_assert_cmpuint (notes->len, ==, 1);
  const OcsNote *note = g_ptr_array_index (notes, 0);
  g_assert_cmpstr (note->section, ==, "BIOS");
  g_assert_cmpstr (note->why, ==, "only root may read the serial numbers");
}

static void
test_absorb (void)
{
  static const char *const needed[] = {"HARDWARE", "CPUS", NULL};
  g_autoptr (OcsInventory) whole = ocs_inventory_new ();
  OcsInventory *part = ocs_inventory_new ();

  ocs_entry_set (ocs_inventory_add (whole, "CPUS"), "TYPE", "first");
  ocs_entry_set (ocs_inventory_add (whole, "HARDWARE"), "NAME", "mine");
  ocs_entry_set (ocs_inventory_add (part, "CPUS"), "TYPE", "second");
  ocs_entry_set (ocs_inventory_add (part, "HARDWARE"), "NAME", "other");
  ocs_entry_set (ocs_inventory_add (part, "BIOS"), "SSN", "1234");
  ocs_inventory_note (part, "BIOS", "something");
  ocs_inventory_absorb (whole, part);
  g_assert_cmpuint (ocs_inventory_count (whole, "CPUS"), ==, 2);
  g_assert_cmpstr (ocs_inventory_get (whole, "CPUS", 1, "TYPE"), ==, "second");
  g_assert_cmpuint (ocs_inventory_count (whole, "HARDWARE"), ==, 1);
  g_assert_cmpstr (ocs_inventory_get (whole, "HARDWARE", 0, "NAME"), ==, "mine");
  g_assert_cmpstr (ocs_inventory_get (whole, "BIOS", 0, "SSN"), ==, "1234");
  g_assert_cmpuint (ocs_inventory_notes (whole)->len, ==, 1);
  /* What was taken in can still be changed and taken on. */
  OcsInventory *copy = ocs_inventory_copy (whole, needed);
  g_assert_cmpuint (ocs_inventory_count (copy, "CPUS"), ==, 2);
  g_assert_cmpuint (ocs_inventory_count (copy, "BIOS"), ==, 0);
  ocs_inventory_drop (copy, "CPUS");
  g_assert_cmpuint (ocs_inventory_count (copy, "CPUS"), ==, 0);
  ocs_inventory_free (copy);
  OcsInventory *outer = ocs_inventory_new ();
  ocs_inventory_absorb (outer, g_steal_pointer (&whole));
  ocs_entry_set (ocs_inventory_add (outer, "BIOS"), "SSN", "5678");
  g_assert_cmpstr (ocs_inventory_get (outer, "BIOS", 0, "SSN"), ==, "5678");
  g_assert_cmpstr (ocs_inventory_get (outer, "CPUS", 0, "TYPE"), ==, "first");
  ocs_inventory_free (outer);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inventory/fields", test_fields);
  g_test_add_func ("/inventory/single", test_single);
  g_test_add_func ("/inventory/sort", test_sort);
  g_test_add_func ("/inventory/checksum", test_checksum);
  g_test_add_func ("/inventory/checksum-empty", test_checksum_empty);
  g_test_add_func ("/inventory/to-xml", test_to_xml);
  g_test_add_func ("/inventory/to-xml-empty", test_to_xml_empty);
  g_test_add_func ("/inventory/notes", test_notes);
  g_test_add_func ("/inventory/absorb", test_absorb);
  return g_test_run ();
}
