/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VIDEOS: the PCI display controllers. */
#include "worker/inventory/section.h"
#include <stdio.h>

#define DISPLAY_CLASS 0x03
#define FLAG_MEMORY 0x200
#define FLAG_PREFETCHABLE 0x2000
#define RESOURCES 6
#define MEGABYTE (1024 * 1024)

/* What the driver says, else the prefetchable windows of the card, which is what lspci shows; bytes. */
static guint64
video_memory (const OcsSource *source, const char *address)
{
  gint64 said = ocs_source_int (source, 0, "/sys/bus/pci/devices/%s/mem_info_vram_total", address);
  if (said > 0)
    return (guint64)said;
  guint64 sum = 0;
  g_autofree char *text = ocs_source_read (source, NULL, "/sys/bus/pci/devices/%s/resource", address);
  g_auto (GStrv) lines = g_strsplit (text == NULL ? "" : text, "\n", RESOURCES + 1);
  for (guint i = 0; i < RESOURCES && lines[i] != NULL; i++) {
    guint64 start = 0;
    guint64 end = 0;
    guint64 flags = 0;
    if (sscanf (lines[i], "%" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x %" G_GINT64_MODIFIER "x", &start, &end, &flags) == 3
        && end > start && (flags & FLAG_MEMORY) != 0 && (flags & FLAG_PREFETCHABLE) != 0)
      sum += end - start + 1;
  }
  return sum;
}

void
ocs_videos_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  for (guint i = 0; i < machine->pci->len; i++) {
    const OcsPciDevice *device = g_ptr_array_index (machine->pci, i);
    if (device->class >> 16 != DISPLAY_CLASS)
      continue;
    g_autofree char *label = ocs_pci_device_label (device);
    guint64 memory = video_memory (machine->source, device->address) / MEGABYTE;
    OcsEntry *entry = ocs_inventory_add (inventory, "VIDEOS");
    ocs_entry_set (entry, "NAME", label);
    ocs_entry_set (entry, "CHIPSET", device->class_name);
    if (memory > 0)
      ocs_entry_set_int (entry, "MEMORY", (gint64)memory);
  }
}
