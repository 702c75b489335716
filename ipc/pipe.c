/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads blocks as they come, never a whole one into memory. Freed in a callback it lives on, without a link, until that returns. */
#define G_LOG_DOMAIN "ocs-pipe"
#include "ipc/pipe.h"
#include "ipc/block.h"
#include "ipc/frame.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include <string.h>

/* A caller that heeds ocs_pipe_is_full() never comes near. */
#define PIPE_CAP (4 * OCS_OUTPUT_MAX)
/* libcurl hands over 16 KiB at a time: so many of them go as one block, with one system call. */
#define GATHER_MAX (128 * 1024)
/* What the kernel holds beside our queue. */
#define ROOM (512 * 1024)

struct _OcsPipe {
  OcsLink *link;                     /* owned; NULL once freed */
  const OcsPipeCallbacks *callbacks; /* borrowed: static; nullable */
  gpointer user_data;
  GBytes *rest;      /* owned, nullable; to be read before the link */
  GByteArray *block; /* owned, nullable; room for a header, and what is gathered of the next block */
  OcsFramer *framer; /* owned, nullable; the trailer */
  guint8 header[OCS_BLOCK_HEADER];
  guint header_length;
  guint32 remaining; /* of the block */
  gboolean got_end;  /* the trailer has come */
  gboolean ended;    /* the peer sends no more */
  gboolean was_full;
  gboolean finishing;
};

static void
clear (gpointer data)
{
  OcsPipe *pipe = data;

  g_clear_pointer (&pipe->rest, g_bytes_unref);
  g_clear_pointer (&pipe->block, g_byte_array_unref);
  g_clear_pointer (&pipe->framer, ocs_framer_free);
}

static void
release (OcsPipe *pipe)
{
  g_rc_box_release_full (pipe, clear);
}

/* The link goes first: a broken one would wake the main loop again and again until the owner frees the pipe. */
static void
tell_closed (OcsPipe *pipe)
{
  if (pipe->finishing) {
    ocs_pipe_free (pipe);
  } else if (pipe->callbacks != NULL) {
    ocs_link_free (g_steal_pointer (&pipe->link));
    if (pipe->callbacks->closed != NULL)
      pipe->callbacks->closed (pipe, pipe->user_data);
  }
}

static gboolean
feed_trailer (OcsPipe *pipe, const guint8 *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) trailer = NULL;

  if (pipe->got_end || !ocs_framer_push (pipe->framer, bytes, length, &error))
    return FALSE;
  trailer = ocs_framer_pop (pipe->framer, &error);
  if (error != NULL)
    return FALSE;
  pipe->got_end = trailer != NULL;
  if (trailer != NULL && pipe->callbacks->end != NULL)
    pipe->callbacks->end (pipe, trailer, pipe->user_data);
  return TRUE;
}

static gboolean
feed_header (OcsPipe *pipe, const guint8 **bytes, gsize *length)
{
  while (pipe->header_length<OCS_BLOCK_HEADER && * length> 0) {
    pipe->header[pipe->header_length++] = *(*bytes)++;
    (*length)--;
  }
  if (pipe->header_length < OCS_BLOCK_HEADER)
    return TRUE;
  pipe->header_length = 0;
  if (!ocs_block_read_header (pipe->header, &pipe->remaining))
    return FALSE;
  if (pipe->remaining == 0)
    pipe->framer = ocs_framer_new (OCS_COURIER_MESSAGE_MAX);
  return TRUE;
}

/* FALSE where the peer lies. */
static gboolean
feed_some (OcsPipe *pipe, const guint8 **bytes, gsize *length)
{
  gsize part = MIN (*length, pipe->remaining);
  const guint8 *start = *bytes;

  if (pipe->framer != NULL) {
    part = *length;
    *length = 0;
    return feed_trailer (pipe, start, part);
  }
  if (pipe->remaining == 0)
    return feed_header (pipe, bytes, length);
  pipe->remaining -= (guint32)part;
  *bytes += part;
  *length -= part;
  if (pipe->callbacks->data != NULL)
    pipe->callbacks->data (pipe, start, part, pipe->user_data);
  return TRUE;
}

static gboolean
is_live (OcsPipe *pipe)
{
  return pipe->link != NULL && !pipe->finishing;
}

static void
feed (OcsPipe *pipe, const guint8 *bytes, gsize length)
{
  gboolean honest = TRUE;

  g_rc_box_acquire (pipe);
  while (honest && length > 0 && is_live (pipe))
    honest = feed_some (pipe, &bytes, &length);
  if (!honest && pipe->link != NULL)
    tell_closed (pipe);
  release (pipe);
}

static void
on_link_bytes (OcsLink *link, const guint8 *bytes, gsize length, gpointer user_data)
{
  feed (user_data, bytes, length);
}

static void
on_link_end (OcsLink *link, gpointer user_data)
{
  OcsPipe *pipe = user_data;

  pipe->ended = TRUE;
  if (pipe->finishing ? ocs_link_pending (link) == 0 : !pipe->got_end)
    tell_closed (pipe);
}

static gsize
gathered (OcsPipe *pipe)
{
  return pipe->block != NULL ? pipe->block->len - OCS_BLOCK_HEADER : 0;
}

static void
close_block (OcsPipe *pipe)
{
  if (gathered (pipe) > 0)
    ocs_block_write_header (pipe->block->data, (guint32)gathered (pipe));
}

static void
send_block (OcsPipe *pipe)
{
  if (gathered (pipe) == 0)
    return;
  close_block (pipe);
  ocs_link_write (pipe->link, pipe->block->data, pipe->block->len);
  g_byte_array_set_size (pipe->block, OCS_BLOCK_HEADER);
}

/* In the first turn after the callbacks are set: what was read before, then the link. */
static void
start (OcsPipe *pipe)
{
  g_autoptr (GBytes) rest = g_steal_pointer (&pipe->rest);

  feed (pipe, g_bytes_get_data (rest, NULL), g_bytes_get_size (rest));
  if (pipe->link == NULL)
    return;
  if (!pipe->ended)
    ocs_link_set_reading (pipe->link, TRUE);
  else
    on_link_end (pipe->link, pipe);
}

static void
on_link_ready (OcsLink *link, gpointer user_data)
{
  OcsPipe *pipe = g_rc_box_acquire (user_data);

  if (pipe->rest != NULL && pipe->callbacks != NULL)
    start (pipe);
  if (is_live (pipe))
    send_block (pipe);
  if (pipe->link != NULL && pipe->finishing && pipe->ended && ocs_link_pending (link) == 0) {
    ocs_pipe_free (pipe);
  } else if (is_live (pipe) && pipe->was_full && ocs_link_pending (link) < OCS_PIPE_FULL / 4) {
    pipe->was_full = FALSE;
    if (pipe->callbacks != NULL && pipe->callbacks->drained != NULL)
      pipe->callbacks->drained (pipe, pipe->user_data);
  }
  release (pipe);
}

static void
on_link_closed (OcsLink *link, gpointer user_data)
{
  tell_closed (user_data);
}

OcsPipe *
ocs_pipe_new (OcsLink *link, GBytes *rest, gboolean ended)
{
  static const OcsLinkCallbacks callbacks = {.bytes = on_link_bytes, .end = on_link_end, .ready = on_link_ready, .closed = on_link_closed};
  OcsPipe *pipe = g_rc_box_new0 (OcsPipe);

  pipe->link = link;
  pipe->rest = g_bytes_ref (rest);
  pipe->ended = ended;
  ocs_link_set_callbacks (link, &callbacks, pipe);
  ocs_link_set_marks (link, OCS_PIPE_FULL / 4, PIPE_CAP);
  ocs_link_set_room (link, ROOM);
  ocs_link_set_reading (link, FALSE);
  return pipe;
}

void
ocs_pipe_set_callbacks (OcsPipe *pipe, const OcsPipeCallbacks *callbacks, gpointer user_data)
{
  pipe->callbacks = callbacks;
  pipe->user_data = user_data;
  if (pipe->link != NULL)
    ocs_link_wake (pipe->link);
}

static void
make_block (OcsPipe *pipe)
{
  static const guint8 header[OCS_BLOCK_HEADER];

  if (pipe->block == NULL)
    pipe->block = g_byte_array_append (g_byte_array_new (), header, sizeof header);
}

static void
gather (OcsPipe *pipe, const guint8 *bytes, gsize length)
{
  make_block (pipe);
  /* It goes with the next turn of the main loop, if not before. */
  if (gathered (pipe) == 0)
    ocs_link_wake (pipe->link);
  g_byte_array_append (pipe->block, bytes, (guint)length);
}

void
ocs_pipe_write (OcsPipe *pipe, const guint8 *bytes, gsize length)
{
  while (length > 0 && pipe->link != NULL) {
    gsize part = MIN (length, GATHER_MAX - gathered (pipe));

    gather (pipe, bytes, part);
    if (gathered (pipe) == GATHER_MAX)
      send_block (pipe);
    bytes += part;
    length -= part;
  }
  pipe->was_full = pipe->was_full || ocs_pipe_is_full (pipe);
}

gboolean
ocs_pipe_is_full (OcsPipe *pipe)
{
  return pipe->link != NULL && ocs_link_pending (pipe->link) + gathered (pipe) >= OCS_PIPE_FULL;
}

/* What is gathered, the end and the trailer, at once. */
static void
send_end (OcsPipe *pipe, JsonObject *trailer)
{
  g_autofree char *text = ocs_json_write (trailer);
  gsize start = gathered (pipe) > 0 ? 0 : OCS_BLOCK_HEADER;
  guint8 header[OCS_BLOCK_HEADER];

  make_block (pipe);
  close_block (pipe);
  ocs_block_write_header (header, 0);
  g_byte_array_append (pipe->block, header, sizeof header);
  g_byte_array_append (pipe->block, (const guint8 *)text, (guint)strlen (text) + 1);
  ocs_link_write (pipe->link, pipe->block->data + start, pipe->block->len - start);
  g_byte_array_set_size (pipe->block, OCS_BLOCK_HEADER);
}

void
ocs_pipe_end_part (OcsPipe *pipe, JsonObject *trailer)
{
  g_autoptr (JsonObject) object = trailer;

  if (pipe->link != NULL)
    send_end (pipe, object);
  pipe->was_full = pipe->was_full || ocs_pipe_is_full (pipe);
}

void
ocs_pipe_finish (OcsPipe *pipe, JsonObject *trailer)
{
  g_autoptr (JsonObject) object = trailer != NULL ? trailer : json_object_new ();

  if (pipe->link == NULL) {
    ocs_pipe_free (pipe);
    return;
  }
  send_end (pipe, object);
  g_clear_pointer (&pipe->block, g_byte_array_unref);
  pipe->finishing = TRUE;
  pipe->callbacks = NULL;
  g_clear_pointer (&pipe->rest, g_bytes_unref);
  ocs_link_set_marks (pipe->link, 1, PIPE_CAP);
  ocs_link_set_reading (pipe->link, TRUE);
  ocs_link_wake (pipe->link);
}

void
ocs_pipe_free (OcsPipe *pipe)
{
  if (pipe == NULL)
    return;
  ocs_link_free (g_steal_pointer (&pipe->link));
  pipe->callbacks = NULL;
  release (pipe);
}
