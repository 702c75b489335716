/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-space"
#include "worker/io/space.h"
#include "ipc/error.h"
#include <glib/gstdio.h>
#include <sys/statvfs.h>

#define DEPTH_MAX 64
#define BLOCK 512 /* of st_blocks, stat(2) */

static gint64
used (const char *path, guint depth)
{
  g_autoptr (GDir) folder = NULL;
  const char *name;
  GStatBuf info;
  gint64 sum;

  if (g_lstat (path, &info) != 0)
    return 0;
  sum = (gint64)info.st_blocks * BLOCK;
  if (!S_ISDIR (info.st_mode) || depth >= DEPTH_MAX || (folder = g_dir_open (path, 0, NULL)) == NULL)
    return sum;
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    sum += used (child, depth + 1);
  }
  return sum;
}

gint64
ocs_space_used (const char *folder)
{
  return used (folder, 0);
}

static gboolean
fail (GError **error, gint64 missing, const char *where, const char *mend)
{
  g_autofree char *size = g_format_size ((guint64)MAX (missing, 0));

  g_set_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE, "%s more are needed %s: %s", size, where, mend);
  return FALSE;
}

gboolean
ocs_space_check (const char *folder, gint64 bytes, const OcsSpaceRules *rules, GError **error)
{
  g_autofree char *packages = g_path_get_dirname (folder);
  struct statvfs space;
  gint64 available, taken;

  /* More than any disk has: a lie of the server's. */
  bytes = CLAMP (bytes, 0, G_MAXINT64 / 4);
  if (statvfs (folder, &space) == 0) {
    available = (gint64)MIN ((guint64)space.f_bavail * space.f_frsize, (guint64)G_MAXINT64 / 2);
    if (available < bytes + rules->keep) {
      g_autofree char *where = g_strdup_printf ("for the package in %s", folder);

      return fail (error, bytes + rules->keep - available, where, "free some disk space");
    }
  }
  if (rules->quota <= 0)
    return TRUE;
  taken = ocs_space_used (packages);
  if (taken + bytes <= rules->quota)
    return TRUE;
  return fail (error, taken + bytes - rules->quota, "than packages may take in all", "raise PackageQuota= in ocsinventory.ini");
}
