/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Varlink service on one listening socket. One thread (the caller's default main context) owns every byte: all caps of limits.h
 * hold here. Serves org.varlink.service by itself. Replies to one connection keep the order of its calls. */
#pragma once
#include "ipc/peer.h"
#include "ipc/pipe.h"
#include <json-glib/json-glib.h>

typedef struct _OcsServer OcsServer;
typedef struct _OcsCall OcsCall;

/* The handler owns call and ends it exactly once: ocs_call_reply(), _fail() or _upgrade(), now or later.
 * parameters: borrowed until the handler returns, never NULL. A handler must not free the server. */
typedef void (*OcsMethodFunc) (OcsCall *call, JsonObject *parameters, gpointer user_data);

typedef struct {
  const char *name; /* "GetStatus"; must stand in the interface file */
  OcsMethodFunc func;
  gboolean needs_more;    /* ExpectedMore where the caller did not set it */
  gboolean needs_upgrade; /* refused with InvalidParameter where the caller did not set it */
} OcsMethod;

typedef struct {
  const char *interface;    /* borrowed: static */
  const char *description;  /* borrowed: static; text of the interface file */
  const OcsMethod *methods; /* borrowed: static; ends with a NULL name */
  gsize message_max;
  gboolean (*admit) (const OcsPeer *peer, gpointer user_data); /* nullable; FALSE closes at once */
  /* nullable; the table of rights. method: unqualified. FALSE with an OCS_ERROR answers the call. */
  gboolean (*authorize) (const OcsPeer *peer, const char *method, gpointer user_data, GError **error);
} OcsServerConfig;

/* config is copied, its pointers are borrowed. Raise RLIMIT_NOFILE in main(): OCS_CONNECTIONS_MAX is about the usual soft limit.
 * user_data goes to every callback. */
OcsServer *ocs_server_new (const OcsServerConfig *config, gpointer user_data);
/* fd: a listening AF_UNIX stream socket, transfer full. May be called more than once. */
gboolean ocs_server_listen (OcsServer *server, int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes everything; calls in flight are cancelled and must still be ended by their handlers (then without effect). */
void ocs_server_free (OcsServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsServer, ocs_server_free)

const OcsPeer *ocs_call_peer (OcsCall *call);
const char *ocs_call_method (OcsCall *call); /* unqualified */
/* Cancelled when the peer closes its connection. borrowed: lives as long as the call. */
GCancellable *ocs_call_cancellable (OcsCall *call);
/* Ends the call. reply: transfer full, NULL for {}. Nothing is sent for a oneway call. */
void ocs_call_reply (OcsCall *call, JsonObject *reply);
/* A reply with "continues"; only for a call with more. Where the peer has not read the one before, it is replaced by this one.
 * FALSE once the peer has gone: then the handler must end the call. */
gboolean ocs_call_continue (OcsCall *call, JsonObject *reply);
void ocs_call_fail (OcsCall *call, const GError *error);
/* Ends the call with reply and hands the connection over. NULL where the peer has gone. */
OcsPipe *ocs_call_upgrade (OcsCall *call, JsonObject *reply);

/* Makes a listening AF_UNIX socket at path with mode; a stale socket file is replaced, a living one is OCS_ERROR_BUSY.
 * Returns the fd (close-on-exec) or -1. */
int ocs_server_bind (const char *path, int mode, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first fd that a parent or systemd passed (LISTEN_FDS; LISTEN_PID is obeyed where set), or -1. Unsets the variables. */
int ocs_server_inherited_fd (void);
