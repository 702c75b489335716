/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
#include <sys/types.h>

#define OCS_PEER_GROUPS_MAX 256

/* Who is at the other end, as the kernel said when the connection was accepted (SO_PEERCRED, SO_PEERGROUPS): asking the user database
 * later could block, and could tell of another moment. */
typedef struct {
  pid_t pid;
  guint64 start_time; /* of that process, in ticks since boot: with it a pid means one process for ever; 0 where it is not to be seen */
  uid_t uid;
  gid_t gid;
  gid_t groups[OCS_PEER_GROUPS_MAX];
  guint n_groups; /* 0 too for a peer in more groups than that */
} OcsPeer;

/* All but start_time, which takes as long as all the rest. */
gboolean ocs_peer_read (int fd, OcsPeer *peer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_peer_read_start_time (OcsPeer *peer);
gboolean ocs_peer_is_in_group (const OcsPeer *peer, gid_t group);
