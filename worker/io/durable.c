/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-durable"
#include "worker/io/durable.h"
#include "ipc/error.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
ocs_durable_set_error (GError **error, int number, const char *what, ...)
{
  OcsError code = OCS_ERROR_FAILED;
  const char *mend = "";
  g_autofree char *subject = NULL;
  va_list arguments;

  if (number == ENOSPC || number == EDQUOT) {
    code = OCS_ERROR_NO_SPACE;
    mend = ": free some disk space";
  } else if (number == EACCES || number == EPERM || number == EROFS) {
    code = OCS_ERROR_DENIED;
    mend = ": check its owner, mode and mount";
  } else if (number == ENOENT) {
    code = OCS_ERROR_NOT_FOUND;
  }
  va_start (arguments, what);
  subject = g_strdup_vprintf (what, arguments);
  va_end (arguments);
  g_set_error (error, OCS_ERROR, code, "%s: %s%s", subject, g_strerror (number), mend);
}

static gboolean
write_all (int fd, const char *text, gsize length)
{
  while (length > 0) {
    ssize_t written = write (fd, text, length);

    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return FALSE;
    text += written;
    length -= (gsize)written;
  }
  return TRUE;
}

/* What is there is of a crash; or of somebody who may write into the folder too, and would get what is written, or hold us up with a pipe.
 */
static int
open_new (int folder, const char *name)
{
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
  int fd = openat (folder, name, flags, 0600);

  if (fd >= 0 || errno != EEXIST)
    return fd;
  unlinkat (folder, name, 0);
  return openat (folder, name, flags, 0600);
}

gboolean
ocs_durable_write (int folder, const char *name, const char *text, GError **error)
{
  g_autofree char *temporary = g_strconcat (name, ".tmp", NULL);
  int fd = open_new (folder, temporary);
  gboolean written;
  int number;

  if (fd < 0) {
    ocs_durable_set_error (error, errno, "cannot write %s", temporary);
    return FALSE;
  }
  written = write_all (fd, text, strlen (text)) && fsync (fd) == 0;
  number = errno;
  if (close (fd) != 0 && written) {
    written = FALSE;
    number = errno;
  }
  if (written && (renameat (folder, temporary, folder, name) != 0 || fsync (folder) != 0)) {
    written = FALSE;
    number = errno;
  }
  if (!written) {
    unlinkat (folder, temporary, 0);
    ocs_durable_set_error (error, number, "cannot write %s", name);
  }
  return written;
}

char *
ocs_durable_read (int folder, const char *name, gsize max, GError **error)
{
  int fd = openat (folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  g_autofree char *text = NULL;
  gsize length = 0;
  ssize_t got = 1;

  if (fd < 0) {
    if (errno == ENOENT)
      g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "%s is not there", name);
    else
      ocs_durable_set_error (error, errno, "cannot read %s", name);
    return NULL;
  }
  text = g_malloc (max + 2);
  while (got != 0 && length <= max) {
    got = read (fd, text + length, max + 1 - length);
    if (got < 0 && errno != EINTR) {
      ocs_durable_set_error (error, errno, "cannot read %s", name);
      close (fd);
      return NULL;
    }
    if (got > 0)
      length += (gsize)got;
  }
  close (fd);
  if (length > max || memchr (text, '\0', length) != NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%s is longer than %" G_GSIZE_FORMAT " bytes or no text", name, max);
    return NULL;
  }
  text[length] = '\0';
  return g_steal_pointer (&text);
}

gboolean
ocs_durable_exists (int folder, const char *name)
{
  struct stat info;

  return fstatat (folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0;
}

gboolean
ocs_durable_write_path (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean written;

  if (fd < 0) {
    ocs_durable_set_error (error, errno, "cannot write %s", path);
    return FALSE;
  }
  written = ocs_durable_write (fd, name, text, error);
  close (fd);
  return written;
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
  ocs_durable_set_error (error, failed, "cannot sync %s", folder);
  return FALSE;
}
