/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-peer"
#include "ipc/peer.h"
#include "ipc/error.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* proc(5): field 22, counted behind the name, which may hold anything. */
static guint64
start_time_of (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int)pid);
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;
  const char *end;

  if (!g_file_get_contents (path, &text, NULL, NULL) || (end = strrchr (text, ')')) == NULL)
    return 0;
  fields = g_strsplit (end + 1, " ", -1);
  return g_strv_length (fields) > 20 ? g_ascii_strtoull (fields[20], NULL, 10) : 0;
}

gboolean
ocs_peer_read (int fd, OcsPeer *peer, GError **error)
{
  struct ucred credentials;
  socklen_t size = sizeof credentials;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    int saved = errno;

    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot tell who is at the other end of a socket: %s", g_strerror (saved));
    return FALSE;
  }
  /* The kernel gives (uid_t) -1 for a peer that has none, such as one of another user namespace. */
  if (credentials.uid == (uid_t)-1) {
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_DENIED, "the peer of a socket has no user here");
    return FALSE;
  }
  peer->pid = credentials.pid;
  peer->start_time = 0;
  peer->uid = credentials.uid;
  peer->gid = credentials.gid;
  size = sizeof peer->groups;
  peer->n_groups = getsockopt (fd, SOL_SOCKET, SO_PEERGROUPS, peer->groups, &size) == 0 ? size / sizeof (gid_t) : 0;
  return TRUE;
}

void
ocs_peer_read_start_time (OcsPeer *peer)
{
  peer->start_time = start_time_of (peer->pid);
}

gboolean
ocs_peer_is_in_group (const OcsPeer *peer, gid_t group)
{
  for (guint i = 0; i < peer->n_groups; i++)
    if (peer->groups[i] == group)
      return TRUE;
  return peer->gid == group;
}
