/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the Unix agent gets wrong about devices and we must not, each on the captured machines (OCS_MACHINES). That all fields are what
 * they were is test-collect.c's. */
#include "worker/inventory/collect.h"

static OcsInventory *
inventory_of (const char *machine)
{
  g_autofree char *root = g_build_filename (OCS_MACHINES, machine, NULL);
  OcsCollectOptions options = {.root = root};
  return ocs_collect (&options, NULL);
}

/* The index of the entry whose field has the value; fails where there is none. */
static gsize
find (const OcsInventory *inventory, const char *section, const char *field, const char *value)
{
  gsize count = ocs_inventory_count (inventory, section);
  gsize i = 0;
  while (i < count && g_strcmp0 (ocs_inventory_get (inventory, section, i, field), value) != 0)
    i++;
  if (i == count)
    g_test_message ("no %s whose %s is %s", section, field, value);
  g_assert_cmpuint (i, <, count);
  return i;
}

static void
check (const OcsInventory *inventory, const char *section, gsize index, const char *field, const char *value)
{
  g_assert_cmpstr (ocs_inventory_get (inventory, section, index, field), ==, value);
}

/* It sends the last battery only, the voltage of now as that of the design, and 0 as a serial number that is not there. */
static void
test_batteries (void)
{
  g_autoptr (OcsInventory) inventory = inventory_of ("notebook");
  g_assert_cmpuint (ocs_inventory_count (inventory, "BATTERIES"), ==, 2);
  check (inventory, "BATTERIES", 0, "DESIGNVOLTAGE", "11.46");
  check (inventory, "BATTERIES", 0, "CYCLES", "214");
  check (inventory, "BATTERIES", 1, "SERIALNUMBER", NULL);
  check (inventory, "BATTERIES", 1, "DESIGNCAPACITY", "23.62"); /* counted in Ah */
  check (inventory, "BATTERIES", 1, "ESTIMATEDCHARGEREMAINING", "0");
}

/* Its pattern knows only numbers without a letter: 046d:c52b, 2cb7:0210 and 0bda:8153 are no devices to it. */
static void
test_usb_ids (void)
{
  g_autoptr (OcsInventory) inventory = inventory_of ("notebook");
  gsize receiver = find (inventory, "USBDEVICES", "DESCRIPTION", "USB Receiver");
  check (inventory, "USBDEVICES", receiver, "MANUFACTURER", "Logitech");
  check (inventory, "USBDEVICES", receiver, "SERIAL", NULL);
  find (inventory, "USBDEVICES", "DESCRIPTION", "abcd:00ef");
  for (gsize i = 0; i < ocs_inventory_count (inventory, "USBDEVICES"); i++)
    g_assert_cmpstr (ocs_inventory_get (inventory, "USBDEVICES", i, "DESCRIPTION"), !=, "USB2.0 Hub");
}

/* It sends the number where the label has another, drops an EDID of more than 256 bytes, and takes two monitors without a serial number
 * for one. */
static void
test_monitors (void)
{
  g_autoptr (OcsInventory) inventory = inventory_of ("notebook");
  g_assert_cmpuint (ocs_inventory_count (inventory, "MONITORS"), ==, 3);
  gsize dell = find (inventory, "MONITORS", "MANUFACTURER", "Dell");
  check (inventory, "MONITORS", dell, "SERIAL", "7MT0TEST11L");
  check (inventory, "MONITORS", dell, "DESCRIPTION", "12/2019");
  g_autoptr (OcsInventory) board = inventory_of ("arm-board");
  g_assert_cmpuint (ocs_inventory_count (board, "MONITORS"), ==, 2);
  check (board, "MONITORS", 1, "CAPTION", "PHL 243V7");
  check (board, "MONITORS", 1, "SERIAL", NULL);
  gboolean noted = FALSE;
  const GPtrArray *notes = ocs_inventory_notes (inventory);
  for (guint i = 0; i < notes->len; i++)
    noted |= g_str_equal (((const OcsNote *)g_ptr_array_index (notes, i))->section, "MONITORS");
  g_assert_true (noted); /* the damaged one */
}

/* It compares where it should search, so that nothing is ever a keyboard, and misses what is not on USB or PS/2. */
static void
test_inputs (void)
{
  g_autoptr (OcsInventory) inventory = inventory_of ("notebook");
  check (inventory, "INPUTS", find (inventory, "INPUTS", "INTERFACE", "PS/2"), "TYPE", "Keyboard");
  check (inventory, "INPUTS", find (inventory, "INPUTS", "POINTTYPE", "Touchpad"), "INTERFACE", "I2C");
  check (inventory, "INPUTS", find (inventory, "INPUTS", "CAPTION", "MX Master 3"), "TYPE", "Pointing");
  for (gsize i = 0; i < ocs_inventory_count (inventory, "INPUTS"); i++) {
    const char *caption = ocs_inventory_get (inventory, "INPUTS", i, "CAPTION");
    g_assert_cmpstr (caption, !=, "made up by a program");
    g_assert_cmpstr (caption, !=, "Logitech USB Receiver Consumer Control");
  }
}

/* Without dmidecode it loses the manufacturer to a misspelt key; on aarch64 it has no processor. */
static void
test_boards (void)
{
  g_autoptr (OcsInventory) notebook = inventory_of ("notebook");
  g_autoptr (OcsInventory) vm = inventory_of ("debian-vm");
  g_autoptr (OcsInventory) board = inventory_of ("arm-board");
  check (notebook, "BIOS", 0, "SMANUFACTURER", "LENOVO");
  g_assert_nonnull (ocs_inventory_get (vm, "CPUS", 0, "TYPE"));
  check (board, "BIOS", 0, "SMANUFACTURER", "pine64");
  check (board, "CPUS", 0, "MANUFACTURER", "ARM");
  check (board, "CPUS", 0, "TYPE", "Cortex-A53 / Cortex-A72");
  check (board, "CPUS", 0, "CORES", "6");
  check (board, "CPUS", 0, "SPEED", "1800"); /* of the faster ones */
  check (board, "CPUS", 0, "L2CACHESIZE", "1536 KB");
  check (board, "CPUS", 0, "CPUARCH", "aarch64");
  g_assert_cmpuint (ocs_inventory_count (board, "CPUS"), ==, 1);
}

/* Several sockets, the processors numbered across them; the third has none. */
static void
test_sockets (void)
{
  g_autoptr (OcsInventory) inventory = inventory_of ("rack-server");
  g_assert_cmpuint (ocs_inventory_count (inventory, "CPUS"), ==, 2);
  for (gsize i = 0; i < 2; i++) {
    check (inventory, "CPUS", i, "SOCKET", i == 0 ? "P1" : "P2");
    check (inventory, "CPUS", i, "CORES", "16");
    check (inventory, "CPUS", i, "LOGICAL_CPUS", "32");
    check (inventory, "CPUS", i, "SPEED", "3000");          /* what it runs at now stands in no field */
    check (inventory, "CPUS", i, "L2CACHESIZE", "8192 KB"); /* from the firmware: the kernel says nothing */
  }
  check (inventory, "HARDWARE", 0, "PROCESSORN", "2");
  check (inventory, "HARDWARE", 0, "USERDOMAIN", "corp.example.org");
  g_assert_cmpuint (ocs_inventory_count (inventory, "MEMORIES"), ==, 16);
  check (inventory, "MEMORIES", 0, "CAPACITY", "65536");
  check (inventory, "MEMORIES", 3, "CAPACITY", NULL);
  g_assert_cmpuint (ocs_inventory_count (inventory, "SLOTS"), ==, 6);
}

/* It looks for a word; and a small board that talks like a modem is none. */
static void
test_modems (void)
{
  g_autoptr (OcsInventory) inventory = inventory_of ("notebook");
  g_assert_cmpuint (ocs_inventory_count (inventory, "MODEMS"), ==, 2);
  find (inventory, "MODEMS", "MODEL", "L850-GL");
  find (inventory, "MODEMS", "MODEL", "T700 5G");
  find (inventory, "USBDEVICES", "DESCRIPTION", "Uno");
}

/* No login of a print server leaves the machine. */
static void
test_printers (void)
{
  g_autoptr (OcsInventory) inventory = inventory_of ("notebook");
  gsize office = find (inventory, "PRINTERS", "NAME", "Office");
  check (inventory, "PRINTERS", office, "PORT", "ipp://printer.example.org:631/ipp/print");
  check (inventory, "PRINTERS", office, "NETWORK", "1");
  check (inventory, "PRINTERS", find (inventory, "PRINTERS", "NAME", "Label"), "NETWORK", "0");
}

static void
test_same_twice (void)
{
  g_autoptr (OcsInventory) first = inventory_of ("notebook");
  g_autoptr (OcsInventory) second = inventory_of ("notebook");
  g_autoptr (GHashTable) digests = ocs_inventory_digests (first);
  g_assert_cmpuint (ocs_inventory_checksum (second, digests), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/section/batteries", test_batteries);
  g_test_add_func ("/section/usb-ids", test_usb_ids);
  g_test_add_func ("/section/monitors", test_monitors);
  g_test_add_func ("/section/inputs", test_inputs);
  g_test_add_func ("/section/boards", test_boards);
  g_test_add_func ("/section/sockets", test_sockets);
  g_test_add_func ("/section/modems", test_modems);
  g_test_add_func ("/section/printers", test_printers);
  g_test_add_func ("/section/same-twice", test_same_twice);
  return g_test_run ();
}
