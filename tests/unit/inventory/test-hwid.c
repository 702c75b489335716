/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/inventory/hwid.h"
#include <string.h>

static const char ids[] = "# comment\n"
                          "1af4  Red Hat, Inc.\n"
                          "\t1041  Virtio network device\n"
                          "\t\t1af4 1100  a subsystem\n"
                          "8086  Intel Corporation\n"
                          "\t0d57  Some bridge\n"
                          "8087  Intel again\n"
                          "\t1041  Not this one\n"
                          "C 02  Network controller\n"
                          "\t00  Ethernet controller\n"
                          "\t\t01  an interface\n"
                          "C 06  Bridge";

static void
hwid_free (gpointer data)
{
  ocs_hwid_clear (data);
  g_free (data);
}

static void
add (GPtrArray *devices, guint vendor, guint device, guint class)
{
  OcsHwid *id = g_new0 (OcsHwid, 1);
  *id = (OcsHwid) {.vendor = vendor, .device = device, .class = class};
  g_ptr_array_add (devices, id);
}

static GPtrArray *
devices_new (void)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func (hwid_free);
  add (devices, 0x1af4, 0x1041, 0x020000);
  add (devices, 0x8086, 0x9999, 0x060400);
  add (devices, 0xdead, 0xbeef, 0xff0000);
  return devices;
}

static void
test_names (void)
{
  g_autoptr (GPtrArray) devices = devices_new ();
  ocs_hwid_name_from_ids (devices, ids, sizeof ids - 1);
  const OcsHwid *network = g_ptr_array_index (devices, 0);
  const OcsHwid *bridge = g_ptr_array_index (devices, 1);
  const OcsHwid *unknown = g_ptr_array_index (devices, 2);
  g_assert_cmpstr (network->vendor_name, ==, "Red Hat, Inc.");
  g_assert_cmpstr (network->device_name, ==, "Virtio network device");
  g_assert_cmpstr (network->class_name, ==, "Ethernet controller");
  g_assert_cmpstr (bridge->class_name, ==, "Bridge");
  g_autofree char *full = ocs_hwid_label (network);
  g_autofree char *half = ocs_hwid_label (bridge);
  g_autofree char *none = ocs_hwid_label (unknown);
  g_assert_cmpstr (full, ==, "Red Hat, Inc. Virtio network device");
  g_assert_cmpstr (half, ==, "Intel Corporation [8086:9999]");
  g_assert_cmpstr (none, ==, "dead [dead:beef]");
}

static void
test_truncated (void)
{
  for (gsize length = 0; length < sizeof ids; length++) {
    g_autoptr (GPtrArray) devices = devices_new ();
    g_autofree char *exact = g_memdup2 (ids, length);
    ocs_hwid_name_from_ids (devices, exact, length);
    const OcsHwid *unknown = g_ptr_array_index (devices, 2);
    g_assert_null (unknown->vendor_name);
  }
}

static void
test_garbage (void)
{
  static const char noise[] = "\t1041  too early\n\t\n\n1af\nzzzz  x\nC \nC zz  y\n\t\t\t\n1af4 Red\n\t1041  no vendor";
  g_autoptr (GPtrArray) devices = devices_new ();
  ocs_hwid_name_from_ids (devices, noise, sizeof noise - 1);
  for (guint i = 0; i < devices->len; i++) {
    const OcsHwid *device = g_ptr_array_index (devices, i);
    g_assert_null (device->vendor_name);
    g_assert_null (device->device_name);
    g_assert_null (device->class_name);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hwid/names", test_names);
  g_test_add_func ("/hwid/truncated", test_truncated);
  g_test_add_func ("/hwid/garbage", test_garbage);
  return g_test_run ();
}
