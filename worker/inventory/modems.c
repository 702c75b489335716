/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MODEMS: on PCI by their class, mobile broadband on USB by its interface or driver. A serial port that merely says that it understands
 * a modem's commands is none: so do many small boards. The Unix agent knows lines of lspci with the word "modem" only. */
#include "worker/inventory/section.h"

#define PCI_MODEM 0x0703
#define PCI_CELLULAR 0x0D40
#define USB_COMMUNICATIONS 0x02
#define USB_MOBILE_BROADBAND 0x0E

static gboolean
is_modem (const OcsUsbDevice *device)
{
  static const char *const drivers[] = {"cdc_mbim", "qmi_wwan", "option", "sierra", "sierra_net", "hso", "huawei_cdc_ncm", NULL};
  for (guint i = 0; i < device->interfaces->len; i++) {
    const OcsUsbInterface *interface = g_ptr_array_index (device->interfaces, i);
    if ((interface->class == USB_COMMUNICATIONS && interface->subclass == USB_MOBILE_BROADBAND)
        || (interface->driver != NULL && g_strv_contains (drivers, interface->driver)))
      return TRUE;
  }
  return FALSE;
}

static void
add_pci (const OcsPciDevice *device, OcsInventory *inventory)
{
  g_autofree char *label = ocs_hwid_label (&device->id);
  OcsEntry *entry = ocs_inventory_add (inventory, "MODEMS");
  ocs_entry_set (entry, "NAME", device->id.class_name != NULL ? device->id.class_name : "Modem");
  ocs_entry_set (entry, "MODEL", device->id.device_name);
  ocs_entry_set (entry, "DESCRIPTION", label);
  ocs_entry_set (entry, "TYPE", device->id.class >> 8 == PCI_CELLULAR ? "Mobile broadband" : "PCI");
}

static void
add_usb (const OcsUsbDevice *device, OcsInventory *inventory)
{
  g_autofree char *maker = ocs_usb_device_maker (device);
  g_autofree char *product = ocs_usb_device_product (device);
  OcsEntry *entry = ocs_inventory_add (inventory, "MODEMS");
  ocs_entry_set (entry, "NAME", "USB modem");
  ocs_entry_set (entry, "MODEL", product);
  ocs_entry_setf (entry, "DESCRIPTION", "%s %s", maker, product);
  ocs_entry_set (entry, "TYPE", "Mobile broadband");
}

void
ocs_modems_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  for (guint i = 0; i < machine->pci->len; i++) {
    const OcsPciDevice *device = g_ptr_array_index (machine->pci, i);
    guint kind = device->id.class >> 8;
    if (kind == PCI_MODEM || kind == PCI_CELLULAR)
      add_pci (device, inventory);
  }
  for (guint i = 0; i < machine->usb->len; i++)
    if (is_modem (g_ptr_array_index (machine->usb, i)))
      add_usb (g_ptr_array_index (machine->usb, i), inventory);
  ocs_inventory_sort (inventory, "MODEMS");
}
