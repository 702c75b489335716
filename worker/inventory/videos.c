/* SPDX-License-Identifier: GPL-3.0-or-later */
/* VIDEOS: the display controllers, on PCI or in the device tree, and what is plugged into them. */
#include "worker/inventory/section.h"
#include <stdio.h>
#include <string.h>

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

static int
compare_modes (gconstpointer left, gconstpointer right)
{
  return strverscmp (*(const char *const *)left, *(const char *const *)right);
}

/* Whether it is a card of its own ("card0") and not one of its connectors ("card0-DP-1"), a render node or the version file. */
static gboolean
is_card (const char *name)
{
  return g_str_has_prefix (name, "card") && strchr (name, '-') == NULL;
}

/* Whether the display of card belongs to the PCI device: drivers put it below the device, that of virtual machines below its bus. */
static gboolean
is_card_of (const OcsSource *source, const char *card, const char *address)
{
  g_autofree char *parent = ocs_source_link (source, "/sys/class/drm/%s/device", card);
  if (parent == NULL)
    return FALSE;
  return g_str_equal (parent, address)
         || (g_str_has_prefix (parent, "virtio") && ocs_source_exists (source, "/sys/bus/pci/devices/%s/%s", address, parent));
}

/* The best mode of each monitor that is plugged in, "1920x1080/2560x1440": what runs now would change when the lid is closed. */
static char *
resolution_of (const OcsSource *source, const GPtrArray *names, const char *card)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *prefix = g_strconcat (card, "-", NULL);
  g_autoptr (GPtrArray) modes = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *status = g_str_has_prefix (name, prefix) ? ocs_source_line (source, "/sys/class/drm/%s/status", name) : NULL;
    char *mode = g_strcmp0 (status, "connected") == 0 ? ocs_source_line (source, "/sys/class/drm/%s/modes", name) : NULL;
    if (mode != NULL)
      g_ptr_array_add (modes, mode);
  }
  g_ptr_array_sort (modes, compare_modes);
  for (guint i = 0; i < modes->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "/" : "", (const char *)g_ptr_array_index (modes, i));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
set_resolution (const OcsSource *source, const GPtrArray *names, const char *address, OcsEntry *entry)
{
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    if (!is_card (name) || !is_card_of (source, name, address))
      continue;
    g_autofree char *resolution = resolution_of (source, names, name);
    ocs_entry_set (entry, "RESOLUTION", resolution);
  }
}

static void
add_pci (const OcsSource *source, const GPtrArray *names, const OcsPciDevice *device, OcsInventory *inventory)
{
  g_autofree char *label = ocs_hwid_label (&device->id);
  guint64 memory = video_memory (source, device->address) / MEGABYTE;
  OcsEntry *entry = ocs_inventory_add (inventory, "VIDEOS");
  ocs_entry_set (entry, "NAME", label);
  ocs_entry_set (entry, "CHIPSET", device->id.class_name);
  if (memory > 0)
    ocs_entry_set_int (entry, "MEMORY", (gint64)memory);
  set_resolution (source, names, device->address, entry);
}

/* A card that the device tree describes, as boards have: the driver, and what it is compatible with ("brcm,bcm2711-vc5"). */
static void
add_board (const OcsSource *source, const GPtrArray *names, const char *card, OcsInventory *inventory)
{
  g_autofree char *compatible = ocs_source_line (source, "/sys/class/drm/%s/device/of_node/compatible", card);
  g_autofree char *driver = ocs_source_link (source, "/sys/class/drm/%s/device/driver", card);
  if (compatible == NULL)
    return;
  g_autofree char *resolution = resolution_of (source, names, card);
  OcsEntry *entry = ocs_inventory_add (inventory, "VIDEOS");
  ocs_entry_set (entry, "NAME", driver != NULL ? driver : compatible);
  ocs_entry_set (entry, "CHIPSET", compatible);
  ocs_entry_set (entry, "RESOLUTION", resolution);
}

void
ocs_videos_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autoptr (GPtrArray) names = ocs_source_list (machine->source, "/sys/class/drm");
  for (guint i = 0; i < machine->pci->len; i++) {
    const OcsPciDevice *device = g_ptr_array_index (machine->pci, i);
    if (device->id.class >> 16 == DISPLAY_CLASS)
      add_pci (machine->source, names, device, inventory);
  }
  for (guint i = 0; i < names->len; i++)
    if (is_card (g_ptr_array_index (names, i)))
      add_board (machine->source, names, g_ptr_array_index (names, i), inventory);
}
