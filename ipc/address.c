/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-address"
#include "ipc/address.h"
#include "ipc/error.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

gboolean
ocs_address_fill (struct sockaddr_un *address, const char *path, GError **error)
{
  gsize length = path != NULL ? strlen (path) : 0;

  if (length == 0 || length >= sizeof address->sun_path) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "'%s' cannot name a socket: use a path of 1 to %" G_GSIZE_FORMAT " bytes",
                 path != NULL ? path : "", sizeof address->sun_path - 1);
    return FALSE;
  }
  memset (address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  memcpy (address->sun_path, path, length);
  return TRUE;
}

static void
set_connect_error (GError **error, const char *path, int code)
{
  if (code == EAGAIN)
    g_set_error (error, OCS_ERROR, OCS_ERROR_BUSY, "too many programs are waiting at %s: try again in a moment", path);
  else if (code == EACCES || code == EPERM)
    g_set_error (error, OCS_ERROR, OCS_ERROR_DENIED, "this user may not open %s: ask the administrator", path);
  else
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNREACHABLE, "nobody answers at %s (%s): start the service", path, g_strerror (code));
}

int
ocs_address_connect (const char *path, GError **error)
{
  struct sockaddr_un address;
  int fd;

  if (!ocs_address_fill (&address, path, error))
    return -1;
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot make a socket: %s", g_strerror (errno));
    return -1;
  }
  if (connect (fd, (struct sockaddr *)&address, sizeof address) != 0) {
    set_connect_error (error, path, errno);
    close (fd);
    return -1;
  }
  return fd;
}
