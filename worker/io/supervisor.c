/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-supervisor"
#include "worker/io/supervisor.h"
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct _OcsSupervisor {
  int fd;
  struct sockaddr_un address;
  socklen_t size;
  guint64 watchdog_us; /* 0: not asked for */
  guint alive;
};

static void
tell (OcsSupervisor *supervisor, const char *message)
{
  if (sendto (supervisor->fd, message, strlen (message), MSG_NOSIGNAL, (struct sockaddr *)&supervisor->address, supervisor->size) < 0)
    g_debug ("systemd cannot be told %s: %s", message, g_strerror (errno));
}

static gboolean
on_alive (gpointer user_data)
{
  tell (user_data, "WATCHDOG=1");
  return G_SOURCE_CONTINUE;
}

/* "/path", or "@name" for the abstract namespace. */
static gboolean
fill_address (OcsSupervisor *supervisor, const char *path)
{
  gsize length = path != NULL ? strlen (path) : 0;

  if (length < 2 || length >= sizeof supervisor->address.sun_path || (path[0] != '/' && path[0] != '@'))
    return FALSE;
  supervisor->address.sun_family = AF_UNIX;
  memcpy (supervisor->address.sun_path, path, length);
  if (path[0] == '@')
    supervisor->address.sun_path[0] = '\0';
  supervisor->size = offsetof (struct sockaddr_un, sun_path) + length;
  return TRUE;
}

static guint64
number_of (const char *text)
{
  guint64 number;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL) ? number : 0;
}

OcsSupervisor *
ocs_supervisor_new (void)
{
  g_autoptr (OcsSupervisor) supervisor = g_new0 (OcsSupervisor, 1);
  const char *pid = g_getenv ("WATCHDOG_PID");
  gboolean asked = fill_address (supervisor, g_getenv ("NOTIFY_SOCKET"));

  if (pid == NULL || number_of (pid) == (guint64)getpid ())
    supervisor->watchdog_us = number_of (g_getenv ("WATCHDOG_USEC"));
  g_unsetenv ("NOTIFY_SOCKET");
  g_unsetenv ("WATCHDOG_USEC");
  g_unsetenv ("WATCHDOG_PID");
  supervisor->fd = asked ? socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0) : -1;
  return supervisor->fd >= 0 ? g_steal_pointer (&supervisor) : NULL;
}

void
ocs_supervisor_ready (OcsSupervisor *supervisor)
{
  if (supervisor == NULL || supervisor->alive != 0)
    return;
  tell (supervisor, "READY=1");
  if (supervisor->watchdog_us > 0)
    supervisor->alive = g_timeout_add (CLAMP (supervisor->watchdog_us / 2000, 1, G_MAXUINT / 2), on_alive, supervisor);
}

void
ocs_supervisor_free (OcsSupervisor *supervisor)
{
  if (supervisor == NULL)
    return;
  g_clear_handle_id (&supervisor->alive, g_source_remove);
  if (supervisor->fd >= 0) {
    tell (supervisor, "STOPPING=1");
    close (supervisor->fd);
  }
  g_free (supervisor);
}
