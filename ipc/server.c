/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accepts, counts and keeps the connections. What a connection says is connection.c's. */
#define G_LOG_DOMAIN "ocs-server"
#include "ipc/server.h"
#include "ipc/connection.h"
#include "ipc/error.h"
#include "ipc/limits.h"
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections taken in one turn, so that a storm of them does not deafen the others. */
#define ACCEPT_BURST 32
/* Without free file descriptors accepting is tried again after this many milliseconds. */
#define ACCEPT_PAUSE 200

typedef struct {
  OcsServer *server; /* borrowed: owns us */
  GSource *source;   /* owned; readable, or the pause */
  int fd;            /* owned */
} Listener;

struct _OcsServer {
  OcsServerConfig config;
  gpointer user_data;
  GPtrArray *listeners;    /* owned; element-type Listener */
  GHashTable *connections; /* owned; set of OcsConnection */
  GHashTable *users;       /* owned; uid → number of connections */
};

static void listener_wait (Listener *listener);

static guint
count_of (OcsServer *server, uid_t uid)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (server->users, GUINT_TO_POINTER (uid)));
}

static void
set_count (OcsServer *server, uid_t uid, guint count)
{
  if (count == 0)
    g_hash_table_remove (server->users, GUINT_TO_POINTER (uid));
  else
    g_hash_table_insert (server->users, GUINT_TO_POINTER (uid), GUINT_TO_POINTER (count));
}

static void
on_connection_closed (OcsConnection *connection, gpointer user_data)
{
  OcsServer *server = user_data;
  uid_t uid = ocs_connection_uid (connection);

  set_count (server, uid, count_of (server, uid) - 1);
  g_hash_table_remove (server->connections, connection);
}

static gboolean
may_connect (OcsServer *server, const OcsPeer *peer)
{
  if (count_of (server, peer->uid) >= OCS_CONNECTIONS_PER_USER_MAX)
    return FALSE;
  /* root gets in also where sixteen others have taken every place. */
  if (g_hash_table_size (server->connections) >= OCS_CONNECTIONS_MAX && peer->uid != 0)
    return FALSE;
  return server->config.admit == NULL || server->config.admit (peer, server->user_data);
}

static void
take_connection (OcsServer *server, int fd)
{
  g_autoptr (GError) error = NULL;
  OcsConnection *connection;
  OcsPeer peer;

  if (!ocs_peer_read (fd, &peer, &error) || !may_connect (server, &peer)) {
    close (fd);
    return;
  }
  if (server->config.start_times)
    ocs_peer_read_start_time (&peer);
  connection = ocs_connection_new (fd, &peer, &server->config, server->user_data, on_connection_closed, server);
  g_hash_table_add (server->connections, connection);
  set_count (server, peer.uid, count_of (server, peer.uid) + 1);
}

static void
listener_set_source (Listener *listener, GSource *source, GSourceFunc func)
{
  if (listener->source != NULL) {
    g_source_destroy (listener->source);
    g_source_unref (listener->source);
  }
  listener->source = source;
  g_source_set_callback (source, func, listener, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}

static gboolean
on_pause_over (gpointer user_data)
{
  listener_wait (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_listener_readable (gint fd, GIOCondition condition, gpointer user_data)
{
  Listener *listener = user_data;

  for (guint i = 0; i < ACCEPT_BURST; i++) {
    int peer_fd = accept4 (fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (peer_fd >= 0) {
      take_connection (listener->server, peer_fd);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      /* It stays readable: without a pause the loop would spin. */
      listener_set_source (listener, g_timeout_source_new (ACCEPT_PAUSE), on_pause_over);
      return G_SOURCE_REMOVE;
    } else if (errno != EINTR && errno != ECONNABORTED) {
      break;
    }
  }
  return G_SOURCE_CONTINUE;
}

static void
listener_wait (Listener *listener)
{
  listener_set_source (listener, g_unix_fd_source_new (listener->fd, G_IO_IN), G_SOURCE_FUNC (on_listener_readable));
}

static void
listener_free (Listener *listener)
{
  g_source_destroy (listener->source);
  g_source_unref (listener->source);
  close (listener->fd);
  g_free (listener);
}

OcsServer *
ocs_server_new (const OcsServerConfig *config, gpointer user_data)
{
  OcsServer *server = g_new0 (OcsServer, 1);

  server->config = *config;
  server->user_data = user_data;
  server->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify)listener_free);
  server->connections = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)ocs_connection_free, NULL);
  server->users = g_hash_table_new (NULL, NULL);
  return server;
}

static gboolean
is_unix_listener (int fd)
{
  int domain = 0;
  int listening = 0;
  socklen_t size = sizeof (int);

  if (getsockopt (fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain != AF_UNIX)
    return FALSE;
  size = sizeof (int);
  return getsockopt (fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

gboolean
ocs_server_listen (OcsServer *server, int fd, GError **error)
{
  Listener *listener;

  if (!is_unix_listener (fd)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "file descriptor %d is not a listening AF_UNIX socket: check the socket unit",
                 fd);
    if (fd >= 0)
      close (fd);
    return FALSE;
  }
  if (!g_unix_set_fd_nonblocking (fd, TRUE, NULL) || fcntl (fd, F_SETFD, FD_CLOEXEC) != 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot prepare the listening socket: %s", g_strerror (errno));
    close (fd);
    return FALSE;
  }
  listener = g_new0 (Listener, 1);
  listener->server = server;
  listener->fd = fd;
  listener_wait (listener);
  g_ptr_array_add (server->listeners, listener);
  return TRUE;
}

void
ocs_server_free (OcsServer *server)
{
  if (server == NULL)
    return;
  g_ptr_array_unref (server->listeners);
  g_hash_table_unref (server->connections);
  g_hash_table_unref (server->users);
  g_free (server);
}
