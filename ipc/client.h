/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker as a program with a main loop sees it: a watched status that survives the worker's restarts, and calls. */
#pragma once
#include "ipc/status.h"
#include <gio/gio.h>

typedef struct _OcsClient OcsClient;

/* status: borrowed; state is OCS_STATE_NOT_RUNNING while nobody answers, with the newest times known kept. Called once soon after the
 * start and then at changes only. Reconnects by itself: by a file monitor on the socket's folder and a slow timer (1 s doubling to
 * 60 s; the timer ends when connected: no wake-up while nothing changes). */
typedef void (*OcsClientFunc) (OcsClient *client, const OcsStatus *status, gpointer user_data);

OcsClient *ocs_client_new (const char *socket_path, OcsClientFunc on_status, gpointer user_data);
void ocs_client_free (OcsClient *client);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsClient, ocs_client_free)

/* method: unqualified, of org.ocscompanion.Worker; parameters: transfer full, nullable. Each call has a connection of its own. */
void ocs_client_call_async (OcsClient *client, const char *method, JsonObject *parameters, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
JsonObject *ocs_client_call_finish (OcsClient *client, GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The socket to use: explicit_path, else $OCS_COMPANION_SOCKET, else the system's. transfer full. */
char *ocs_client_socket_path (const char *explicit_path);
