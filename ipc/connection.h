/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One client of a server: its calls in turn, its replies. Internal to the server.
 * The next call is taken only when the one before has ended and its reply is written, so a peer that does not read costs one reply and
 * one read of the socket; the calls that wait stay in the kernel. */
#pragma once
#include "ipc/call.h"

typedef struct _OcsConnection OcsConnection;
typedef void (*OcsConnectionFunc) (OcsConnection *connection, gpointer user_data);

/* fd: transfer full. config: borrowed: the server's. on_closed must free the connection. */
OcsConnection *ocs_connection_new (int fd, const OcsPeer *peer, const OcsServerConfig *config, gpointer config_data,
                                   OcsConnectionFunc on_closed, gpointer closed_data);
/* Cancels the call in flight. */
void ocs_connection_free (OcsConnection *connection);
uid_t ocs_connection_uid (OcsConnection *connection);
