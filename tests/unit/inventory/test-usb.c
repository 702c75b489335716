/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of USB devices; how they are read is tried on the captured notebook (OCS_MACHINES). */
#include "worker/inventory/usb.h"

static void
test_read (void)
{
  g_autoptr (OcsSource) source = ocs_source_new (OCS_MACHINES "/notebook");
  g_autoptr (GPtrArray) devices = ocs_usb_read (source);
  g_assert_cmpuint (devices->len, ==, 8); /* neither root hub nor dock */
  const OcsUsbDevice *camera = NULL;
  for (guint i = 0; i < devices->len; i++) {
    const OcsUsbDevice *device = g_ptr_array_index (devices, i);
    g_assert_cmpuint (device->class, !=, 9);
    if (device->id.device == 0xb67c)
      camera = device;
  }
  g_assert_nonnull (camera);
  g_autofree char *maker = ocs_usb_device_maker (camera);
  g_autofree char *product = ocs_usb_device_product (camera);
  g_assert_cmpstr (maker, ==, "Maker C"); /* it says nothing: not that of the device before */
  g_assert_cmpstr (product, ==, "Camera 720p");
  g_assert_null (camera->serial);
  g_assert_cmpuint (camera->interfaces->len, ==, 2);
}

static OcsUsbDevice *
device_new (guint class, guint subclass, guint protocol)
{
  OcsUsbDevice *device = g_new0 (OcsUsbDevice, 1);
  device->interfaces = g_ptr_array_new_with_free_func (g_free);
  device->id.vendor = 0xabcd;
  device->id.device = 0x00ef;
  device->class = class;
  device->subclass = subclass;
  device->protocol = protocol;
  return device;
}

static void
add_interface (OcsUsbDevice *device, guint class, guint subclass, guint protocol)
{
  OcsUsbInterface *interface = g_new0 (OcsUsbInterface, 1);
  *interface = (OcsUsbInterface) {class, subclass, protocol, NULL};
  g_ptr_array_add (device->interfaces, interface);
}

static void
test_names (void)
{
  g_autoptr (OcsUsbDevice) keyboard = device_new (0, 0, 0);
  g_assert_null (ocs_usb_device_class_name (keyboard));
  g_assert_null (ocs_usb_device_subclass_name (keyboard));
  add_interface (keyboard, 3, 1, 1);
  add_interface (keyboard, 3, 0, 0);
  g_assert_cmpstr (ocs_usb_device_class_name (keyboard), ==, "Human Interface Device");
  g_assert_cmpstr (ocs_usb_device_subclass_name (keyboard), ==, "Keyboard");
  g_autoptr (OcsUsbDevice) stick = device_new (0xEF, 2, 1);
  add_interface (stick, 8, 6, 0x50);
  g_assert_cmpstr (ocs_usb_device_class_name (stick), ==, "Mass Storage");
  g_assert_cmpstr (ocs_usb_device_subclass_name (stick), ==, "SCSI");
  g_autoptr (OcsUsbDevice) bluetooth = device_new (0xE0, 1, 1);
  add_interface (bluetooth, 0xFF, 0, 0);
  g_assert_cmpstr (ocs_usb_device_subclass_name (bluetooth), ==, "Bluetooth");
  g_autoptr (OcsUsbDevice) strange = device_new (0x77, 1, 1);
  g_assert_null (ocs_usb_device_class_name (strange));
  g_autofree char *maker = ocs_usb_device_maker (strange);
  g_autofree char *product = ocs_usb_device_product (strange);
  g_assert_cmpstr (maker, ==, "abcd");
  g_assert_cmpstr (product, ==, "abcd:00ef");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/usb/read", test_read);
  g_test_add_func ("/usb/names", test_names);
  return g_test_run ();
}
