/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See volumes.h. Field values as of OCSInventory-UnixUnified Backend/OS/Linux/LVM.pm, without the columns that only lvs knows. */
#include "worker/inventory/volumes.h"
#include "worker/inventory/lvm.h"

#define GROUPS_MAX 64
#define SECTORS_PER_MEGABYTE 2048

/* The backup of a group outlives its disks: only one of which a volume is active is here. */
static gboolean
is_active (const OcsSource *source, const GPtrArray *blocks, const OcsLvmGroup *group)
{
  g_autofree char *start = g_strconcat ("LVM-", group->id, NULL);
  for (guint i = 0; i < blocks->len; i++) {
    const char *name = g_ptr_array_index (blocks, i);
    g_autofree char *uuid = g_str_has_prefix (name, "dm-") ? ocs_source_line (source, "/sys/block/%s/dm/uuid", name) : NULL;
    if (uuid != NULL && g_str_has_prefix (uuid, start))
      return TRUE;
  }
  return FALSE;
}

static void
set_space (OcsEntry *entry, const OcsLvmGroup *group, const char *field, guint64 extents)
{
  guint64 limit = G_MAXINT64 / group->extent_sectors;
  ocs_entry_set_int (entry, field, (gint64)(MIN (extents, limit) * group->extent_sectors / SECTORS_PER_MEGABYTE));
}

static void
add_group (const OcsLvmGroup *group, OcsInventory *inventory)
{
  guint64 extents = 0;
  guint64 used = 0;
  guint logical = 0;
  for (guint i = 0; i < group->physical->len; i++) {
    const OcsLvmVolume *volume = g_ptr_array_index (group->physical, i);
    OcsEntry *entry = ocs_inventory_add (inventory, "DRIVES");
    ocs_entry_set (entry, "TYPE", volume->device == NULL ? volume->name : volume->device);
    ocs_entry_set (entry, "FILESYSTEM", "LVM PV");
    ocs_entry_setf (entry, "VOLUMN", "VG: %s, Fmt: %s", group->name, group->format == NULL ? "lvm2" : group->format);
    set_space (entry, group, "TOTAL", volume->extents);
    set_space (entry, group, "FREE", volume->extents - volume->used);
    extents += volume->extents;
    used += volume->used;
  }
  for (guint i = 0; i < group->logical->len; i++) {
    const OcsLvmVolume *volume = g_ptr_array_index (group->logical, i);
    if (volume->is_hidden)
      continue;
    OcsEntry *entry = ocs_inventory_add (inventory, "DRIVES");
    ocs_entry_setf (entry, "TYPE", "%s/%s", group->name, volume->name);
    ocs_entry_set (entry, "FILESYSTEM", "LVM LV");
    ocs_entry_setf (entry, "VOLUMN", "Seg: %u", volume->segments);
    set_space (entry, group, "TOTAL", volume->extents);
    logical++;
  }
  OcsEntry *entry = ocs_inventory_add (inventory, "DRIVES");
  ocs_entry_set (entry, "TYPE", group->name);
  ocs_entry_set (entry, "FILESYSTEM", "LVM VG");
  ocs_entry_setf (entry, "VOLUMN", "PV/LV: %u/%u, PE: %u MB", group->physical->len, logical,
                  (guint)(group->extent_sectors / SECTORS_PER_MEGABYTE));
  set_space (entry, group, "TOTAL", extents);
  set_space (entry, group, "FREE", extents - used);
}

void
ocs_volumes_collect (const OcsSource *source, OcsInventory *inventory)
{
  g_autoptr (GPtrArray) names = ocs_source_list (source, "/etc/lvm/backup");
  g_autoptr (GPtrArray) blocks = ocs_source_list (source, "/sys/block");
  for (guint i = 0; i < MIN (names->len, GROUPS_MAX); i++) {
    g_autofree char *text = ocs_source_read (source, NULL, "/etc/lvm/backup/%s", (char *)g_ptr_array_index (names, i));
    g_autoptr (OcsLvmGroup) group = text == NULL ? NULL : ocs_lvm_parse (text);
    if (group != NULL && is_active (source, blocks, group))
      add_group (group, inventory);
  }
}
