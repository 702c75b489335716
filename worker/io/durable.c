/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/durable.h"
#include "ipc/error.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

void
ocs_durable_set_error (GError **error, int saved_errno, const char *what, const char *path)
{
  OcsError code = OCS_ERROR_FAILED;
  const char *mend = "";

  if (saved_errno == ENOSPC || saved_errno == EDQUOT) {
    code = OCS_ERROR_NO_SPACE;
    mend = ": free some disk space";
  } else if (saved_errno == EACCES || saved_errno == EPERM || saved_errno == EROFS) {
    code = OCS_ERROR_DENIED;
    mend = ": check its owner, mode and mount";
  } else if (saved_errno == ENOENT) {
    code = OCS_ERROR_NOT_FOUND;
  }
  g_set_error (error, OCS_ERROR, code, "%s %s: %s%s", what, path, g_strerror (saved_errno), mend);
}

gboolean
ocs_durable_sync_folder (const char *folder, GError **error)
{
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int failed = fd < 0 || fsync (fd) != 0 ? errno : 0;

  if (fd >= 0)
    close (fd);
  if (failed == 0)
    return TRUE;
  ocs_durable_set_error (error, failed, "cannot sync", folder);
  return FALSE;
}

static int
write_all (int fd, const char *bytes, gsize length)
{
  while (length > 0) {
    ssize_t n = write (fd, bytes, length);

    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return errno;
    bytes += n;
    length -= n;
  }
  return 0;
}

gboolean
ocs_durable_write (const char *path, const char *bytes, gsize length, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  int failed = fd < 0 ? errno : 0;

  if (failed == 0)
    failed = write_all (fd, bytes, length);
  if (failed == 0 && fsync (fd) != 0)
    failed = errno;
  if (fd >= 0 && close (fd) != 0 && failed == 0)
    failed = errno;
  if (failed == 0 && rename (temporary, path) != 0)
    failed = errno;
  if (failed == 0)
    return ocs_durable_sync_folder (folder, error);
  unlink (temporary);
  ocs_durable_set_error (error, failed, "cannot write", path);
  return FALSE;
}

static int
remove_one (const char *path, const struct stat *info, int type, struct FTW *where)
{
  return remove (path) != 0 && errno != ENOENT ? -1 : 0;
}

gboolean
ocs_durable_remove_tree (const char *path, GError **error)
{
  struct stat info;

  if (lstat (path, &info) != 0 && errno == ENOENT)
    return TRUE;
  if (nftw (path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0)
    return TRUE;
  ocs_durable_set_error (error, errno, "cannot remove", path);
  return FALSE;
}
