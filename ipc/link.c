/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A link is its own GSource: the main loop keeps it alive while it is dispatched, so a callback may free it. */
#define G_LOG_DOMAIN "ocs-link"
#include "ipc/link.h"
#include "ipc/limits.h"
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Small, so that 64 peers who send as fast as they can do not keep another one waiting for long. */
#define READ_SIZE (16 * 1024)
/* Room that an empty queue keeps. */
#define QUEUE_KEEP (16 * 1024)

struct _OcsLink {
  GSource source;
  const OcsLinkCallbacks *callbacks; /* borrowed: static */
  gpointer user_data;
  gpointer tag;
  GByteArray *queue; /* owned, nullable while nothing is queued */
  gsize written;     /* of queue */
  gsize low_mark;
  gsize cap;
  GIOCondition events; /* that are waited for */
  int fd;
  gboolean reading;
  gboolean ended;  /* the peer sends no more */
  gboolean failed; /* closed is due */
  gboolean above;  /* the queue has reached the low mark since ready was last called */
  gboolean woken;
};

static gboolean
is_dead (OcsLink *link)
{
  return g_source_is_destroyed (&link->source);
}

static void
update_events (OcsLink *link)
{
  GIOCondition events = 0;

  if (link->reading && !link->ended)
    events |= G_IO_IN;
  if (ocs_link_pending (link) > 0)
    events |= G_IO_OUT;
  /* GLib wakes the main loop for a change that is none, too. */
  if (events != link->events)
    g_source_modify_unix_fd (&link->source, link->tag, events);
  link->events = events;
}

static void
fail_later (OcsLink *link)
{
  link->failed = TRUE;
  g_source_set_ready_time (&link->source, 0);
}

/* Returns how many bytes the socket took. */
static gsize
send_some (OcsLink *link, const guint8 *bytes, gsize length)
{
  gsize done = 0;

  while (done < length) {
    gssize n = send (link->fd, bytes + done, length - done, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n >= 0)
      done += (gsize)n;
    else if (errno == EAGAIN || errno == EWOULDBLOCK)
      break;
    else if (errno != EINTR) {
      fail_later (link);
      break;
    }
  }
  return done;
}

static void
drop_written (OcsLink *link)
{
  if (link->written == link->queue->len) {
    if (link->queue->len > QUEUE_KEEP)
      g_clear_pointer (&link->queue, g_byte_array_unref);
    else
      g_byte_array_set_size (link->queue, 0);
    link->written = 0;
  } else if (link->written > link->queue->len / 2) {
    g_byte_array_remove_range (link->queue, 0, (guint)link->written);
    link->written = 0;
  }
}

static void
flush (OcsLink *link)
{
  if (ocs_link_pending (link) == 0)
    return;
  link->written += send_some (link, link->queue->data + link->written, ocs_link_pending (link));
  drop_written (link);
}

static void
receive (OcsLink *link)
{
  guint8 buffer[READ_SIZE];
  gssize n = recv (link->fd, buffer, sizeof buffer, MSG_DONTWAIT);

  if (n > 0) {
    link->callbacks->bytes (link, buffer, (gsize)n, link->user_data);
  } else if (n == 0) {
    link->ended = TRUE;
    link->callbacks->end (link, link->user_data);
  } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
    link->failed = TRUE;
  }
}

static void
tell_ready (OcsLink *link)
{
  gboolean below = link->above && ocs_link_pending (link) < link->low_mark;

  if (!below && !link->woken)
    return;
  link->above = link->above && !below;
  link->woken = FALSE;
  link->callbacks->ready (link, link->user_data);
}

static gboolean
link_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  OcsLink *link = (OcsLink *)source;
  GIOCondition events = g_source_query_unix_fd (source, link->tag);
  gboolean over = (events & (G_IO_HUP | G_IO_ERR | G_IO_NVAL)) != 0;

  g_source_set_ready_time (source, -1);
  if ((events & G_IO_OUT) != 0)
    flush (link);
  /* What a peer sent before it closed is still read. */
  if (!link->failed && link->reading && !link->ended && (over || (events & G_IO_IN) != 0))
    receive (link);
  else if (over)
    link->failed = TRUE;
  if (!is_dead (link) && !link->failed)
    tell_ready (link);
  if (!is_dead (link) && link->failed)
    link->callbacks->closed (link, link->user_data);
  if (!is_dead (link))
    update_events (link);
  return G_SOURCE_CONTINUE;
}

static void
link_finalize (GSource *source)
{
  OcsLink *link = (OcsLink *)source;

  g_clear_pointer (&link->queue, g_byte_array_unref);
}

OcsLink *
ocs_link_new (int fd, const OcsLinkCallbacks *callbacks, gpointer user_data)
{
  static GSourceFuncs funcs = {.dispatch = link_dispatch, .finalize = link_finalize};
  OcsLink *link = (OcsLink *)g_source_new (&funcs, sizeof (OcsLink));

  link->callbacks = callbacks;
  link->user_data = user_data;
  link->fd = fd;
  link->low_mark = 1;
  link->cap = OCS_OUTPUT_MAX;
  link->reading = TRUE;
  link->events = G_IO_IN;
  link->tag = g_source_add_unix_fd (&link->source, fd, link->events);
  g_source_set_name (&link->source, "ocs-link");
  g_source_attach (&link->source, g_main_context_get_thread_default ());
  return link;
}

void
ocs_link_free (OcsLink *link)
{
  if (link == NULL)
    return;
  g_source_destroy (&link->source);
  close (link->fd);
  link->fd = -1;
  g_source_unref (&link->source);
}

void
ocs_link_set_callbacks (OcsLink *link, const OcsLinkCallbacks *callbacks, gpointer user_data)
{
  link->callbacks = callbacks;
  link->user_data = user_data;
}

void
ocs_link_set_reading (OcsLink *link, gboolean reading)
{
  if (link->reading == reading)
    return;
  link->reading = reading;
  update_events (link);
}

void
ocs_link_write (OcsLink *link, const void *bytes, gsize length)
{
  const guint8 *start = bytes;
  gsize done;

  if (link->failed || length == 0)
    return;
  done = ocs_link_pending (link) == 0 ? send_some (link, start, length) : 0;
  if (link->failed || done == length)
    return;
  if (ocs_link_pending (link) + (length - done) > link->cap) {
    g_debug ("a peer does not read: dropped");
    fail_later (link);
    return;
  }
  if (link->queue == NULL)
    link->queue = g_byte_array_new ();
  g_byte_array_append (link->queue, start + done, (guint)(length - done));
  link->above = link->above || ocs_link_pending (link) >= link->low_mark;
  update_events (link);
}

gsize
ocs_link_pending (OcsLink *link)
{
  return link->queue != NULL ? link->queue->len - link->written : 0;
}

void
ocs_link_set_room (OcsLink *link, int bytes)
{
  setsockopt (link->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

void
ocs_link_wake (OcsLink *link)
{
  link->woken = TRUE;
  g_source_set_ready_time (&link->source, 0);
}

void
ocs_link_set_marks (OcsLink *link, gsize low_mark, gsize cap)
{
  link->low_mark = low_mark;
  link->cap = cap;
  link->above = ocs_link_pending (link) >= low_mark;
}
