/* SPDX-License-Identifier: GPL-3.0-or-later */
/* DRIVES: mounted file systems that hold files. TYPE is the mount point and VOLUMN the device, as the Unix agent has it.
 * Sizes are asked for local file systems only: a network server that has gone would hold the collector for ever. */
#include "worker/inventory/section.h"
#include <errno.h>
#include <libmount/libmount.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#define MEGABYTE (1024 * 1024)

typedef struct {
  guint64 total_mb;
  guint64 free_mb;
} Space;

static gboolean
is_wanted (struct libmnt_fs *fs)
{
  static const char *const left_out[] = {"overlay", "squashfs", "aufs", "ramfs", "tmpfs", "devtmpfs", "iso9660", "udf", "erofs", NULL};
  const char *type = mnt_fs_get_fstype (fs);
  const char *root = mnt_fs_get_root (fs);
  if (type == NULL || mnt_fs_get_target (fs) == NULL || mnt_fs_is_pseudofs (fs) || mnt_fs_is_swaparea (fs))
    return FALSE;
  /* A bind mount of a single file, as containers have for /etc/hosts. */
  if (root != NULL && g_str_has_prefix (root, "/") && strlen (root) > 1 && g_str_has_prefix (mnt_fs_get_target (fs), "/etc/"))
    return FALSE;
  return !g_strv_contains (left_out, type) && !g_str_has_prefix (type, "fuse.gvfs") && !g_str_has_prefix (type, "fuse.portal");
}

/* autofs is not: what it has mounted is listed by itself, at the same place. */
static gboolean
is_remote (struct libmnt_fs *fs)
{
  const char *type = mnt_fs_get_fstype (fs);
  return type != NULL && (mnt_fs_is_netfs (fs) || g_str_equal (type, "fuse") || g_str_has_prefix (type, "fuse."));
}

static gboolean
is_below (const char *path, const char *folder)
{
  gsize size = strlen (folder);
  return strncmp (path, folder, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

/* Whether the way to target leads through no file system that somebody else answers for. */
static gboolean
may_ask (struct libmnt_table *table, const char *target)
{
  struct libmnt_iter *iterator = mnt_new_iter (MNT_ITER_FORWARD);
  struct libmnt_fs *fs = NULL;
  gboolean may = iterator != NULL;
  while (may && mnt_table_next_fs (table, iterator, &fs) == 0)
    may = !(is_remote (fs) && mnt_fs_get_target (fs) != NULL && is_below (target, mnt_fs_get_target (fs)));
  mnt_free_iter (iterator);
  return may;
}

static gboolean
ask_kernel (const char *target, Space *space)
{
  struct statvfs status;
  if (statvfs (target, &status) != 0)
    return FALSE;
  space->total_mb = (guint64)status.f_blocks * status.f_frsize / MEGABYTE;
  space->free_mb = (guint64)status.f_bavail * status.f_frsize / MEGABYTE;
  return TRUE;
}

/* The same figures of a captured machine: lines "MOUNTPOINT TOTAL_MB FREE_MB". */
static gboolean
look_up (const char *captured, const char *target, Space *space)
{
  gsize size = strlen (target);
  for (const char *line = captured; line != NULL && *line != '\0';) {
    if (strncmp (line, target, size) == 0 && line[size] == ' ')
      return sscanf (line + size, " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &space->total_mb, &space->free_mb) == 2;
    line = strchr (line, '\n');
    line = line == NULL ? NULL : line + 1;
  }
  return FALSE;
}

static void
add_drive (const OcsMachine *machine, struct libmnt_table *table, struct libmnt_fs *fs, const char *captured, OcsInventory *inventory)
{
  const char *target = mnt_fs_get_target (fs);
  Space space = {0};
  OcsEntry *entry = ocs_inventory_add (inventory, "DRIVES");
  ocs_entry_set (entry, "TYPE", target);
  ocs_entry_set (entry, "FILESYSTEM", mnt_fs_get_fstype (fs));
  ocs_entry_set (entry, "VOLUMN", mnt_fs_get_source (fs));
  if (!may_ask (table, target))
    return;
  if (ocs_source_is_live (machine->source) ? ask_kernel (target, &space) : look_up (captured, target, &space)) {
    ocs_entry_setf (entry, "TOTAL", "%" G_GUINT64_FORMAT, space.total_mb);
    ocs_entry_setf (entry, "FREE", "%" G_GUINT64_FORMAT, space.free_mb);
  }
}

static void
add_all (const OcsMachine *machine, struct libmnt_table *table, OcsInventory *inventory)
{
  g_autofree char *captured = ocs_source_is_live (machine->source) ? NULL : ocs_source_read (machine->source, NULL, "/captured/drives");
  /* The first mount of a device is the file system itself; later ones are bind mounts and the sandbox's own. */
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  struct libmnt_iter *iterator = mnt_new_iter (MNT_ITER_FORWARD);
  struct libmnt_fs *fs = NULL;
  while (iterator != NULL && mnt_table_next_fs (table, iterator, &fs) == 0) {
    if (!is_wanted (fs))
      continue;
    const char *source = mnt_fs_get_source (fs);
    char *key =
        source != NULL && source[0] == '/' ? g_strdup (source) : g_strdup_printf ("%" G_GUINT64_FORMAT, (guint64)mnt_fs_get_devno (fs));
    if (g_hash_table_add (seen, key))
      add_drive (machine, table, fs, captured, inventory);
  }
  mnt_free_iter (iterator);
}

void
ocs_drives_collect (const OcsMachine *machine, OcsInventory *inventory)
{
  g_autofree char *path = ocs_source_path (machine->source, "/proc/self/mountinfo");
  struct libmnt_table *table = mnt_new_table_from_file (path);
  if (table == NULL) {
    ocs_inventory_note (inventory, "DRIVES", "/proc/self/mountinfo is not readable");
    return;
  }
  add_all (machine, table, inventory);
  mnt_unref_table (table);
  ocs_inventory_sort (inventory, "DRIVES");
}
