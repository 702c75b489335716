/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An upgraded connection in the main loop (the courier's side): blocks of block.h both ways, non-blocking, with back-pressure. */
#pragma once
#include "ipc/link.h"
#include <json-glib/json-glib.h>

typedef struct _OcsPipe OcsPipe;

typedef struct {
  void (*data) (OcsPipe *pipe, const guint8 *bytes, gsize length, gpointer user_data); /* nullable */
  void (*end) (OcsPipe *pipe, JsonObject *trailer, gpointer user_data);                /* nullable; the peer has sent its end */
  void (*drained) (OcsPipe *pipe, gpointer user_data); /* nullable; queued output is below a quarter of OCS_PIPE_FULL again */
  void (*closed) (OcsPipe *pipe, gpointer user_data);  /* nullable; the peer has gone or lied; pipe must be freed */
} OcsPipeCallbacks;

/* For ocs_call_upgrade(). link: transfer full; rest: what was read of the stream before; ended: the peer sends no more.
 * An upgraded connection no longer counts among the server's. */
OcsPipe *ocs_pipe_new (OcsLink *link, GBytes *rest, gboolean ended);

/* callbacks: borrowed: static. Nothing is read before they are set. They start with the next turn of the main loop. */
void ocs_pipe_set_callbacks (OcsPipe *pipe, const OcsPipeCallbacks *callbacks, gpointer user_data);
/* Queues data, which goes as blocks with the next turn of the main loop at the latest. The caller should stop while ocs_pipe_is_full() and
 * go on at drained. */
void ocs_pipe_write (OcsPipe *pipe, const guint8 *bytes, gsize length);
gboolean ocs_pipe_is_full (OcsPipe *pipe);
/* Queues the end of one object and its trailer (transfer full); the next one's data may follow. */
void ocs_pipe_end_part (OcsPipe *pipe, JsonObject *trailer);
/* Queues the end and the trailer (transfer full, NULL for {}). No callback comes any more; what the peer still sends is dropped, so that
 * it can finish writing and read why. pipe closes and frees itself when the peer closes. */
void ocs_pipe_finish (OcsPipe *pipe, JsonObject *trailer);
/* Closes at once. */
void ocs_pipe_free (OcsPipe *pipe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPipe, ocs_pipe_free)
