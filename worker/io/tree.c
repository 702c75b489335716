/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-tree"
#include "worker/io/tree.h"
#include "worker/io/durable.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
/* Each level holds one descriptor open; a deeper tree is left to the worker's sweep. */
#define DEPTH_MAX 500

int
ocs_tree_open (int folder, const char *name, GError **error)
{
  int fd;

  if (mkdirat (folder, name, 0700) != 0 && errno != EEXIST) {
    ocs_durable_set_error (error, errno, "%s", name);
    return -1;
  }
  fd = openat (folder, name, OPEN_FOLDER);
  if (fd < 0)
    ocs_durable_set_error (error, errno, "%s", name);
  return fd;
}

static gboolean remove_entry (int folder, const char *name, dev_t device, guint depth);

static gboolean
remove_content (int fd, dev_t device, guint depth)
{
  DIR *stream = fdopendir (fd); /* takes fd */
  struct dirent *entry;
  gboolean all = stream != NULL;

  if (stream == NULL) {
    close (fd);
    return FALSE;
  }
  while ((entry = readdir (stream)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      all = remove_entry (dirfd (stream), entry->d_name, device, depth + 1) && all;
  closedir (stream);
  return all;
}

static gboolean
remove_entry (int folder, const char *name, dev_t device, guint depth)
{
  struct stat info;
  int fd;

  if (unlinkat (folder, name, 0) == 0 || errno == ENOENT)
    return TRUE;
  if (depth > DEPTH_MAX || fstatat (folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR (info.st_mode) || info.st_dev != device)
    return FALSE;
  /* A package may have taken its own folders' modes away; this matters where we are not root. */
  if ((info.st_mode & 0700) != 0700)
    (void)!fchmodat (folder, name, 0700, 0);
  fd = openat (folder, name, OPEN_FOLDER);
  if (fd < 0 || !remove_content (fd, device, depth))
    return FALSE;
  return unlinkat (folder, name, AT_REMOVEDIR) == 0;
}

gboolean
ocs_tree_remove (int folder, const char *name)
{
  struct stat info;

  if (fstat (folder, &info) != 0)
    return FALSE;
  return remove_entry (folder, name, info.st_dev, 0);
}

static int
on_entry (const char *path, const struct stat *info, int type, struct FTW *where)
{
  return remove (path) != 0 && errno != ENOENT ? -1 : 0;
}

gboolean
ocs_tree_remove_path (const char *path, GError **error)
{
  struct stat info;

  if (lstat (path, &info) != 0 && errno == ENOENT)
    return TRUE;
  if (nftw (path, on_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) == 0)
    return TRUE;
  ocs_durable_set_error (error, errno, "cannot remove %s", path);
  return FALSE;
}
