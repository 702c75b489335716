/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DRIVES: mounted file systems that hold files, each once, however often it is mounted. TYPE is the mount point and VOLUMN the device,
 * as the Unix agent has it. Sizes are asked of the kernel's own file systems only: a network server or a program (FUSE) that has gone
 * would hold the collector for ever. */
#include "worker/inventory/date.h"
#include "worker/inventory/mounts.h"
#include "worker/inventory/section.h"
#include "worker/inventory/volumes.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define MEGABYTE (1024 * 1024)
/* The superblock of ext2, ext3 and ext4 (kernel documentation, filesystems/ext4/super.rst). */
#define SUPERBLOCK 1024
#define SUPERBLOCK_MAGIC 0x38
#define SUPERBLOCK_MADE 0x108
/* FAT has times from 1980 on, and says 1980 where it does not know. */
#define OLDEST 631152000 /* 1990-01-01 */

typedef struct {
  guint64 total_mb;
  guint64 free_mb;
  gint64 made; /* seconds since the epoch; 0: not known */
} Space;

static gboolean
is_ext (const OcsMount *mount)
{
  return g_str_equal (mount->type, "ext2") || g_str_equal (mount->type, "ext3") || g_str_equal (mount->type, "ext4");
}

/* The superblock is the kernel's own copy in memory: nothing waits for the disk. */
static gint64
made_by_superblock (const OcsSource *source, const OcsMount *mount)
{
  guint8 block[SUPERBLOCK_MADE + 4];
  if (!is_ext (mount) || mount->source[0] != '/' || !ocs_source_read_at (source, SUPERBLOCK, block, sizeof block, "%s", mount->source))
    return 0;
  if (block[SUPERBLOCK_MAGIC] != 0x53 || block[SUPERBLOCK_MAGIC + 1] != 0xEF)
    return 0;
  const guint8 *made = block + SUPERBLOCK_MADE;
  return (gint64)made[0] | (gint64)made[1] << 8 | (gint64)made[2] << 16 | (gint64)made[3] << 24;
}

static gboolean
ask_kernel (const char *target, Space *space)
{
  struct statvfs status;
  struct statx birth;
  if (statvfs (target, &status) != 0)
    return FALSE;
  space->total_mb = (guint64)status.f_blocks * status.f_frsize / MEGABYTE;
  space->free_mb = (guint64)status.f_bavail * status.f_frsize / MEGABYTE;
  /* The root folder is as old as its file system. */
  if (statx (AT_FDCWD, target, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BTIME, &birth) == 0 && (birth.stx_mask & STATX_BTIME) != 0)
    space->made = birth.stx_btime.tv_sec;
  return TRUE;
}

/* The same figures of a captured machine: lines "MOUNTPOINT TOTAL_MB FREE_MB [MADE]". */
static gboolean
look_up (const char *captured, const char *target, Space *space)
{
  gsize size = strlen (target);
  for (const char *line = captured; line != NULL && *line != '\0';) {
    gsize length = strcspn (line, "\n");
    g_autofree char *numbers =
        length > size && strncmp (line, target, size) == 0 && line[size] == ' ' ? g_strndup (line + size, length - size) : NULL;
    if (numbers != NULL)
      return sscanf (numbers, " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT, &space->total_mb, &space->free_mb,
                     &space->made)
             >= 2;
    line += length + (line[length] == '\n');
  }
  return FALSE;
}

/* The name that people know: "/dev/mapper/vg-home", not "/dev/dm-3" or "/dev/root". transfer full. */
static char *
find_device (const OcsSource *source, const OcsMount *mount)
{
  g_autofree char *name = NULL;
  if (g_str_has_prefix (mount->source, "/dev/dm-"))
    name = ocs_source_line (source, "/sys/block/%s/dm/name", mount->source + strlen ("/dev/"));
  else if (mount->major != 0 && !g_str_has_prefix (mount->source, "/dev/mapper/"))
    name = ocs_source_line (source, "/sys/dev/block/%u:%u/dm/name", mount->major, mount->minor);
  if (name != NULL)
    return g_strconcat ("/dev/mapper/", name, NULL);
  if (mount->major != 0 && (g_str_equal (mount->source, "/dev/root") || mount->source[0] != '/'))
    name = ocs_source_link (source, "/sys/dev/block/%u:%u", mount->major, mount->minor);
  return name != NULL ? g_strconcat ("/dev/", name, NULL) : g_strdup (mount->source);
}

/* The file system of btrfs that device is a part of: its mounts have numbers of their own, and may name any of its devices. */
static char *
find_btrfs (const OcsSource *source, const char *device)
{
  g_autoptr (GPtrArray) ids = ocs_source_list (source, "/sys/fs/btrfs");
  const char *mapped = g_str_has_prefix (device, "/dev/mapper/") ? device + strlen ("/dev/mapper/") : NULL;
  g_autofree char *base = g_path_get_basename (device);
  for (guint i = 0; i < ids->len; i++) {
    const char *id = g_ptr_array_index (ids, i);
    g_autoptr (GPtrArray) parts = ocs_source_list (source, "/sys/fs/btrfs/%s/devices", id);
    for (guint j = 0; j < parts->len; j++) {
      const char *part = g_ptr_array_index (parts, j);
      g_autofree char *name = mapped == NULL ? NULL : ocs_source_line (source, "/sys/block/%s/dm/name", part);
      if (g_str_equal (part, base) || g_strcmp0 (name, mapped != NULL ? mapped : "") == 0)
        return g_strdup (id);
    }
  }
  return g_strdup (device);
}

/* What two mounts of one file system share. */
static char *
find_key (const OcsSource *source, const OcsMount *mount, const char *device)
{
  if (g_str_equal (mount->type, "btrfs"))
    return find_btrfs (source, device);
  return g_strdup_printf ("%u:%u", mount->major, mount->minor);
}

/* Of several mounts of a file system: the system's root, then one of the whole of it, then a part. */
static int
rank (const OcsMount *mount)
{
  return g_str_equal (mount->target, "/") ? 0 : g_str_equal (mount->root, "/") ? 1 : 2;
}

/* What can be said of a disk whose file system must not be asked. */
static void
set_device_size (OcsEntry *entry, const OcsSource *source, const OcsMount *mount)
{
  gint64 sectors = mount->major == 0 ? 0 : ocs_source_int (source, 0, "/sys/dev/block/%u:%u/size", mount->major, mount->minor);
  if (sectors > 0)
    ocs_entry_set_int (entry, "TOTAL", sectors / (MEGABYTE / 512));
}

static void
add_drive (const OcsMachine *machine, const OcsMount *mount, const char *captured, OcsInventory *inventory)
{
  Space space = {0};
  g_autofree char *device = find_device (machine->source, mount);
  OcsEntry *entry = ocs_inventory_add (inventory, "DRIVES");
  ocs_entry_set (entry, "TYPE", mount->target);
  ocs_entry_set (entry, "FILESYSTEM", mount->type);
  ocs_entry_set (entry, "VOLUMN", device);
  if (!mount->is_local) {
    set_device_size (entry, machine->source, mount);
    return;
  }
  if (ocs_source_is_live (machine->source) ? ask_kernel (mount->target, &space) : look_up (captured, mount->target, &space)) {
    ocs_entry_setf (entry, "TOTAL", "%" G_GUINT64_FORMAT, space.total_mb);
    ocs_entry_setf (entry, "FREE", "%" G_GUINT64_FORMAT, space.free_mb);
  }
  gint64 made = made_by_superblock (machine->source, mount);
  /* The root of a bind mount is any folder; that of a subvolume is as old as the subvolume. */
  if (made == 0 && (g_str_equal (mount->root, "/") || g_str_equal (mount->type, "btrfs")))
    made = space.made;
  g_autofree char *date = made >= OLDEST ? ocs_date_to_text (made) : NULL;
  ocs_entry_set (entry, "CREATEDATE", date);
}

void
ocs_drives_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  gsize length = 0;
  g_autofree char *text = ocs_source_read (machine->source, &length, "/proc/self/mountinfo");
  if (text == NULL) {
    ocs_inventory_note (inventory, "DRIVES", "/proc/self/mountinfo is not readable");
    return;
  }
  g_autofree char *captured = ocs_source_is_live (machine->source) ? NULL : ocs_source_read (machine->source, NULL, "/captured/drives");
  g_autoptr (GPtrArray) mounts = ocs_mounts_parse (text, length);
  g_autoptr (GPtrArray) chosen = g_ptr_array_new (); /* of OcsMount, one a file system */
  g_autoptr (GHashTable) places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < mounts->len; i++) {
    OcsMount *mount = g_ptr_array_index (mounts, i);
    g_autofree char *device = find_device (machine->source, mount);
    char *key = find_key (machine->source, mount, device);
    guint place = GPOINTER_TO_UINT (g_hash_table_lookup (places, key)); /* from 1 */
    if (place > 0 && rank (mount) < rank (g_ptr_array_index (chosen, place - 1)))
      chosen->pdata[place - 1] = mount;
    if (place == 0)
      g_ptr_array_add (chosen, mount);
    g_hash_table_replace (places, key, GUINT_TO_POINTER (place > 0 ? place : chosen->len));
  }
  for (guint i = 0; i < chosen->len; i++)
    add_drive (machine, g_ptr_array_index (chosen, i), captured, inventory);
  ocs_volumes_collect (machine->source, inventory);
  ocs_inventory_sort (inventory, "DRIVES");
}
