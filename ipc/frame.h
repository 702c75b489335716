/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Splits a stream into Varlink messages: JSON objects, each ended by one NUL byte (varlink.org/Protocol).
 * Size and nesting are counted here, before any parser sees a byte: json-glib recurses. Pure. */
#pragma once
#include <json-glib/json-glib.h>

typedef struct _OcsFramer OcsFramer;

/* A message may hold OCS_WORKER_NODES_MAX values where message_max is OCS_WORKER_MESSAGE_MAX or less, else OCS_NODES_MAX. */
OcsFramer *ocs_framer_new (gsize message_max);
void ocs_framer_free (OcsFramer *framer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsFramer, ocs_framer_free)

/* Appends bytes. FALSE with OCS_ERROR_INVALID_DATA once a message is too long or nested too deep; the stream is then dead. */
gboolean ocs_framer_push (OcsFramer *framer, const void *bytes, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The next whole message, transfer full; NULL without an error where there is none yet. */
JsonObject *ocs_framer_pop (OcsFramer *framer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What has come after the last message popped, transfer full: the start of an upgraded stream. */
GBytes *ocs_framer_steal_rest (OcsFramer *framer);
