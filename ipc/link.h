/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connected socket in the main loop of the thread that made it: bytes in, a capped queue out. Knows no message; shared by the
 * server, the client and the pipe. Callbacks come only from the main loop, never out of a call made here, and may free the link. */
#pragma once
#include <glib.h>

typedef struct _OcsLink OcsLink;

typedef struct {
  void (*bytes) (OcsLink *link, const guint8 *bytes, gsize length, gpointer user_data); /* only while reading */
  void (*end) (OcsLink *link, gpointer user_data);                                      /* the peer sends no more; it may still read */
  void (*ready) (OcsLink *link, gpointer user_data);  /* all queued bytes are written, or ocs_link_wake() was called */
  void (*closed) (OcsLink *link, gpointer user_data); /* the peer has gone, or has not read for too long; link must be freed */
} OcsLinkCallbacks;

/* fd: non-blocking, transfer full. callbacks: borrowed: static. Reads from the start. */
OcsLink *ocs_link_new (int fd, const OcsLinkCallbacks *callbacks, gpointer user_data);
void ocs_link_free (OcsLink *link);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLink, ocs_link_free)

void ocs_link_set_callbacks (OcsLink *link, const OcsLinkCallbacks *callbacks, gpointer user_data);
/* While off, a peer that closes is still noticed, one that only stops sending is not. */
void ocs_link_set_reading (OcsLink *link, gboolean reading);
/* Writes what the socket takes and queues the rest. */
void ocs_link_write (OcsLink *link, const void *bytes, gsize length);
/* Bytes that are queued and not written. */
gsize ocs_link_pending (OcsLink *link);
/* Calls ready in the next turn of the main loop. */
void ocs_link_wake (OcsLink *link);
/* Asks the kernel to hold so many bytes that the peer has not read; it may not give as many. */
void ocs_link_set_room (OcsLink *link, int bytes);
/* low_mark: ready comes once fewer bytes than this are queued (1 at first: all are written).
 * cap: with more bytes queued than this the peer is dropped, and closed comes (OCS_OUTPUT_MAX at first). */
void ocs_link_set_marks (OcsLink *link, gsize low_mark, gsize cap);
