/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CONTROLLERS: every PCI device. */
#include "worker/inventory/section.h"

void
ocs_controllers_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  for (guint i = 0; i < machine->pci->len; i++) {
    const OcsPciDevice *device = g_ptr_array_index (machine->pci, i);
    g_autofree char *label = ocs_hwid_label (&device->id);
    g_autofree char *driver = ocs_source_link (machine->source, "/sys/bus/pci/devices/%s/driver", device->address);
    OcsEntry *entry = ocs_inventory_add (inventory, "CONTROLLERS");
    ocs_entry_setf (entry, "NAME", "%s [%04x]", device->id.class_name != NULL ? device->id.class_name : "Class", device->id.class >> 8);
    ocs_entry_set (entry, "MANUFACTURER", label);
    ocs_entry_set (entry, "CAPTION", device->id.device_name);
    ocs_entry_setf (entry, "DESCRIPTION", "%s [%04x:%04x]%s%s", device->address, device->id.vendor, device->id.device,
                    driver != NULL ? ", driver " : "", driver != NULL ? driver : "");
    ocs_entry_setf (entry, "TYPE", "rev %02x", device->revision);
  }
}
