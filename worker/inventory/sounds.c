/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SOUNDS: audio controllers on PCI, headsets and the like on USB, and on boards without either what ALSA has. NAME is the kind,
 * MANUFACTURER maker and model, as the Unix agent (which knows PCI only) has them. */
#include "worker/inventory/section.h"
#include <string.h>

#define PCI_AUDIO 0x0401
#define PCI_HD_AUDIO 0x0403
#define USB_AUDIO 0x01

static void
add_pci (const OcsPciDevice *device, OcsInventory *inventory)
{
  g_autofree char *label = ocs_hwid_label (&device->id);
  OcsEntry *entry = ocs_inventory_add (inventory, "SOUNDS");
  ocs_entry_set (entry, "NAME", device->id.class_name != NULL ? device->id.class_name : "Audio device");
  ocs_entry_set (entry, "MANUFACTURER", label);
  ocs_entry_setf (entry, "DESCRIPTION", "rev %02x", device->revision);
}

static void
add_usb (const OcsUsbDevice *device, OcsInventory *inventory)
{
  g_autofree char *maker = ocs_usb_device_maker (device);
  g_autofree char *product = ocs_usb_device_product (device);
  OcsEntry *entry = ocs_inventory_add (inventory, "SOUNDS");
  ocs_entry_set (entry, "NAME", "USB audio device");
  ocs_entry_setf (entry, "MANUFACTURER", "%s %s", maker, product);
}

static gboolean
is_audio (const OcsUsbDevice *device)
{
  for (guint i = 0; i < device->interfaces->len; i++) {
    const OcsUsbInterface *interface = g_ptr_array_index (device->interfaces, i);
    if (interface->class == USB_AUDIO)
      return TRUE;
  }
  return FALSE;
}

/* Lines " 0 [id   ]: driver - name" of /proc/asound/cards; the lines between say where, which changes. */
static void
add_boards (const char *cards, OcsInventory *inventory)
{
  g_auto (GStrv) lines = g_strsplit (cards == NULL ? "" : cards, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++) {
    const char *mark = strstr (lines[i], "]: ");
    const char *name = mark == NULL ? NULL : strstr (mark, " - ");
    if (name == NULL)
      continue;
    OcsEntry *entry = ocs_inventory_add (inventory, "SOUNDS");
    ocs_entry_set (entry, "NAME", "Audio device");
    ocs_entry_set (entry, "MANUFACTURER", name + strlen (" - "));
    ocs_entry_set_n (entry, "DESCRIPTION", mark + strlen ("]: "), (gsize)(name - mark) - strlen ("]: "));
  }
}

void
ocs_sounds_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  for (guint i = 0; i < machine->pci->len; i++) {
    const OcsPciDevice *device = g_ptr_array_index (machine->pci, i);
    guint kind = device->id.class >> 8;
    if (kind == PCI_AUDIO || kind == PCI_HD_AUDIO)
      add_pci (device, inventory);
  }
  for (guint i = 0; i < machine->usb->len; i++)
    if (is_audio (g_ptr_array_index (machine->usb, i)))
      add_usb (g_ptr_array_index (machine->usb, i), inventory);
  if (ocs_inventory_count (inventory, "SOUNDS") == 0) {
    g_autofree char *cards = ocs_source_read (machine->source, NULL, "/proc/asound/cards");
    add_boards (cards, inventory);
  }
  ocs_inventory_sort (inventory, "SOUNDS");
}
