/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a listening socket comes from: a path, or whoever started us. */
#define G_LOG_DOMAIN "ocs-server"
#include "ipc/address.h"
#include "ipc/error.h"
#include "ipc/limits.h"
#include "ipc/server.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* The first file descriptor that is passed (sd_listen_fds(3)). */
#define LISTEN_FDS_START 3

static int
new_socket (GError **error)
{
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd < 0)
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot make a socket: %s", g_strerror (errno));
  return fd;
}

/* Takes the file of a dead socket away, and nothing else. */
static gboolean
remove_stale (const char *path, const struct sockaddr_un *address, GError **error)
{
  struct stat info;
  int fd;
  int result;
  int saved;

  if (lstat (path, &info) != 0)
    return TRUE;
  if (!S_ISSOCK (info.st_mode)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%s is in the way and is not a socket: remove it", path);
    return FALSE;
  }
  fd = new_socket (error);
  if (fd < 0)
    return FALSE;
  result = connect (fd, (const struct sockaddr *)address, sizeof *address);
  saved = errno;
  close (fd);
  /* EAGAIN: alive with a full queue. */
  if (result == 0 || saved == EAGAIN) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BUSY, "another program already listens on %s: stop it first", path);
    return FALSE;
  }
  if (unlink (path) != 0 && errno != ENOENT) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_DENIED, "cannot replace the old socket %s: %s", path, g_strerror (errno));
    return FALSE;
  }
  return TRUE;
}

int
ocs_server_bind (const char *path, int mode, GError **error)
{
  struct sockaddr_un address;
  int fd;

  if (!ocs_address_fill (&address, path, error) || !remove_stale (path, &address, error))
    return -1;
  fd = new_socket (error);
  if (fd < 0)
    return -1;
  /* Before bind, so that the file is never open to more people than meant; after it, as the umask took bits away. */
  if (fchmod (fd, (mode_t)mode) != 0 || bind (fd, (struct sockaddr *)&address, sizeof address) != 0 || chmod (path, (mode_t)mode) != 0
      || listen (fd, OCS_LISTEN_BACKLOG) != 0) {
    int saved = errno;

    g_set_error (error, OCS_ERROR, saved == EACCES ? OCS_ERROR_DENIED : OCS_ERROR_FAILED,
                 "cannot listen on %s: %s: check the folder, or name another one with --runtime-dir", path, g_strerror (saved));
    close (fd);
    return -1;
  }
  return fd;
}

/* -1 for what is no number. */
static gint64
number_of (const char *text)
{
  gint64 number;

  return text != NULL && g_ascii_string_to_signed (text, 10, 0, G_MAXINT, &number, NULL) ? number : -1;
}

int
ocs_server_inherited_fd (void)
{
  const char *pid = g_getenv ("LISTEN_PID");
  gboolean ours = number_of (g_getenv ("LISTEN_FDS")) > 0 && (pid == NULL || number_of (pid) == getpid ());

  g_unsetenv ("LISTEN_PID");
  g_unsetenv ("LISTEN_FDS");
  g_unsetenv ("LISTEN_FDNAMES");
  if (!ours || fcntl (LISTEN_FDS_START, F_SETFD, FD_CLOEXEC) != 0)
    return -1;
  return LISTEN_FDS_START;
}
