/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See mounts.h. */
#include "worker/inventory/mounts.h"
#include <libmount/libmount.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

static void
mount_free (gpointer data)
{
  OcsMount *mount = data;
  g_free (mount->target);
  g_free (mount->source);
  g_free (mount->type);
  g_free (mount->root);
  g_free (mount);
}

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

/* Also a local disk that a program reads (fuseblk): the program may hang. autofs is not: what it has mounted is listed by itself, at
 * the same place. */
static gboolean
is_remote (struct libmnt_fs *fs)
{
  const char *type = mnt_fs_get_fstype (fs);
  return type != NULL
         && (mnt_fs_is_netfs (fs) || g_str_equal (type, "fuse") || g_str_equal (type, "fuseblk") || g_str_has_prefix (type, "fuse."));
}

static gboolean
is_below (const char *path, const char *folder)
{
  gsize size = strlen (folder);
  return strncmp (path, folder, size) == 0 && (path[size] == '/' || path[size] == '\0');
}

static gboolean
is_reachable (const GPtrArray *remote, const char *target)
{
  for (guint i = 0; i < remote->len; i++)
    if (is_below (target, g_ptr_array_index (remote, i)))
      return FALSE;
  return TRUE;
}

static void
add_mount (GPtrArray *mounts, struct libmnt_fs *fs)
{
  OcsMount *mount = g_new0 (OcsMount, 1);
  const char *source = mnt_fs_get_source (fs);
  const char *root = mnt_fs_get_root (fs);
  dev_t device = mnt_fs_get_devno (fs);
  mount->target = g_strdup (mnt_fs_get_target (fs));
  mount->source = g_strdup (source == NULL ? "none" : source);
  mount->type = g_strdup (mnt_fs_get_fstype (fs));
  mount->root = g_strdup (root == NULL ? "/" : root);
  mount->major = major (device);
  mount->minor = minor (device);
  g_ptr_array_add (mounts, mount);
}

/* Fills mounts (of OcsMount) and remote (of char *, the places that somebody else answers for). */
static void
sort_out (struct libmnt_table *table, GPtrArray *mounts, GPtrArray *remote)
{
  /* The last one mounted at a place is the one that is seen there. */
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  struct libmnt_iter *iterator = mnt_new_iter (MNT_ITER_BACKWARD);
  struct libmnt_fs *fs = NULL;
  for (guint i = 0; iterator != NULL && i < OCS_MOUNTS_MAX && mnt_table_next_fs (table, iterator, &fs) == 0; i++) {
    const char *target = mnt_fs_get_target (fs);
    if (target == NULL)
      continue;
    if (is_remote (fs))
      g_ptr_array_add (remote, g_strdup (target));
    if (g_hash_table_add (taken, (gpointer)target) && is_wanted (fs))
      add_mount (mounts, fs);
  }
  mnt_free_iter (iterator);
}

GPtrArray *
ocs_mounts_parse (const char *text, gsize length)
{
  g_autoptr (GPtrArray) backward = g_ptr_array_new ();
  g_autoptr (GPtrArray) remote = g_ptr_array_new_with_free_func (g_free);
  GPtrArray *mounts = g_ptr_array_new_with_free_func (mount_free);
  struct libmnt_table *table = mnt_new_table ();
  /* The cast drops const only: the stream is for reading. */
  FILE *stream = length > 0 ? fmemopen ((void *)text, length, "r") : NULL;
  if (table != NULL && stream != NULL) {
    mnt_table_parse_stream (table, stream, "mountinfo"); /* what was good is in the table, also after a bad line */
    sort_out (table, backward, remote);
  }
  if (stream != NULL)
    fclose (stream);
  mnt_unref_table (table);
  for (guint i = backward->len; i > 0; i--) {
    OcsMount *mount = g_ptr_array_index (backward, i - 1);
    mount->is_local = is_reachable (remote, mount->target);
    g_ptr_array_add (mounts, mount);
  }
  return mounts;
}
