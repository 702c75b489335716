/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks polkit whether a peer of the socket may do what is an administrator's. Without polkit the answer is no: root and the group
 * ocs-companion never come here. */
#pragma once
#include "ipc/peer.h"
#include <gio/gio.h>

typedef struct _OcsAuthority OcsAuthority;

/* limit: seconds that the person has to type a password. */
OcsAuthority *ocs_authority_new (guint limit);
void ocs_authority_free (OcsAuthority *authority);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsAuthority, ocs_authority_free)
#define OCS_AUTHORITY_LIMIT 120

/* The subject is the process as it was when it connected: pid, start time and uid. A dialog is taken back where cancellable is triggered
 * or the limit is over. One at a time for each process. */
void ocs_authority_check_async (OcsAuthority *authority, const OcsPeer *peer, const char *action, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
/* OCS_ERROR_DENIED, _BUSY (a dialog of that process stands already), _TIMED_OUT, _CANCELLED. */
gboolean ocs_authority_check_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
