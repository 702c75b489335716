/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>
#include <sys/types.h>

/* Who is at the other end, as the kernel said when the connection was accepted (SO_PEERCRED). */
typedef struct {
  pid_t pid;
  uid_t uid;
  gid_t gid;
} OcsPeer;

gboolean ocs_peer_read (int fd, OcsPeer *peer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
