/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Varlink service on one listening socket. One thread (the caller's default main context) owns every byte: all caps of limits.h
 * hold here. Serves org.varlink.service by itself. Replies to one connection keep the order of its calls. */
#pragma once
#include "ipc/call.h"

typedef struct _OcsServer OcsServer;

/* config is copied, its pointers are borrowed. Raise RLIMIT_NOFILE in main(): OCS_CONNECTIONS_MAX is about the usual soft limit.
 * user_data goes to every callback. */
OcsServer *ocs_server_new (const OcsServerConfig *config, gpointer user_data);
/* fd: a listening AF_UNIX stream socket, transfer full. May be called more than once. */
gboolean ocs_server_listen (OcsServer *server, int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes everything; calls in flight are cancelled and must still be ended by their handlers (then without effect). */
void ocs_server_free (OcsServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsServer, ocs_server_free)

/* Makes a listening AF_UNIX socket at path with mode; a stale socket file is replaced, a living one is OCS_ERROR_BUSY.
 * Returns the fd (close-on-exec) or -1. */
int ocs_server_bind (const char *path, int mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first fd that a parent or systemd passed (LISTEN_FDS; LISTEN_PID is obeyed where set), or -1. Unsets the variables. */
int ocs_server_inherited_fd (void);
