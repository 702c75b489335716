/* SPDX-License-Identifier: GPL-3.0-or-later */
/* USBDEVICES: what is plugged in, hubs left out. Sorted: the numbers of ports change with a dock. The Unix agent takes only devices whose
 * numbers have no letter among their digits, and gives a device without a name that of the one before. */
#include "worker/inventory/section.h"

void
ocs_usbdevices_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  for (guint i = 0; i < machine->usb->len; i++) {
    const OcsUsbDevice *device = g_ptr_array_index (machine->usb, i);
    g_autofree char *maker = ocs_usb_device_maker (device);
    g_autofree char *product = ocs_usb_device_product (device);
    OcsEntry *entry = ocs_inventory_add (inventory, "USBDEVICES");
    ocs_entry_set (entry, "MANUFACTURER", maker);
    ocs_entry_set (entry, "DESCRIPTION", product);
    ocs_entry_set (entry, "TYPE", ocs_usb_device_class_name (device));
    ocs_entry_set (entry, "INTERFACE", ocs_usb_device_subclass_name (device));
    ocs_entry_set (entry, "SERIAL", device->serial);
  }
  ocs_inventory_sort (inventory, "USBDEVICES");
}
