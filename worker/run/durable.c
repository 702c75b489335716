/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-durable"
#include "worker/run/durable.h"
#include "ipc/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void
ocs_durable_set_error (GError **error, int number, const char *what)
{
  if (number == ENOSPC || number == EDQUOT)
    g_set_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE, "%s: no space left: free some disk space", what);
  else
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "%s: %s", what, g_strerror (number));
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

gboolean
ocs_durable_write (int folder, const char *name, const char *text, GError **error)
{
  g_autofree char *temporary = g_strconcat (name, ".tmp", NULL);
  int fd = openat (folder, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean written;
  int number;

  if (fd < 0) {
    ocs_durable_set_error (error, errno, temporary);
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
    ocs_durable_set_error (error, number, name);
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
      ocs_durable_set_error (error, errno, name);
    return NULL;
  }
  text = g_malloc (max + 2);
  while (got != 0 && length <= max) {
    got = read (fd, text + length, max + 1 - length);
    if (got < 0 && errno != EINTR) {
      ocs_durable_set_error (error, errno, name);
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
