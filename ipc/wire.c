/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-wire"
#include "ipc/wire.h"
#include "ipc/address.h"
#include "ipc/block.h"
#include "ipc/error.h"
#include "ipc/frame.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "ipc/reply.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* A block and the header of the next one. */
#define READ_SIZE (OCS_BLOCK_MAX + OCS_BLOCK_HEADER)
/* Where a listener's queue is full, connecting is tried again after this many milliseconds. */
#define CONNECT_PAUSE 20

struct _OcsWire {
  OcsFramer *framer;         /* owned */
  GCancellable *cancellable; /* owned, nullable */
  guint8 *buffer;            /* owned; READ_SIZE bytes, made when the first byte is awaited */
  const guint8 *rest;        /* borrowed: in buffer or early; bytes of the upgraded stream */
  gsize rest_length;
  GBytes *early; /* owned, nullable; what came with the reply to an upgrade */
  int fd;
  int timeout; /* milliseconds, -1 for none */
};

static gboolean
is_cancelled (GCancellable *cancellable, GError **error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return FALSE;
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_CANCELLED, "cancelled");
  return TRUE;
}

/* FALSE when the time is over (or an error). events 0 waits for the cancellation only. */
static gboolean
wait_for (int fd, short events, int timeout, GCancellable *cancellable, GError **error)
{
  struct pollfd polls[2] = {{.fd = fd, .events = events}, {.fd = -1}};
  GPollFD cancel = {.fd = -1};
  gint64 end = timeout < 0 ? 0 : g_get_monotonic_time () + (gint64)timeout * 1000;
  gboolean watched = cancellable != NULL && g_cancellable_make_pollfd (cancellable, &cancel);
  int n;

  polls[1] = (struct pollfd) {.fd = cancel.fd, .events = POLLIN};
  do {
    gint64 left = timeout < 0 ? -1 : MAX (0, (end - g_get_monotonic_time () + 999) / 1000);

    n = poll (polls, 2, (int)left);
  } while (n < 0 && errno == EINTR);
  if (watched)
    g_cancellable_release_fd (cancellable);
  if (is_cancelled (cancellable, error))
    return FALSE;
  if (n > 0)
    return TRUE;
  if (n == 0)
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_TIMED_OUT, "the service did not answer in time: try again, or look at its log");
  else
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot wait for the service: %s", g_strerror (errno));
  return FALSE;
}

static int
open_socket (const char *path, int timeout, GCancellable *cancellable, GError **error)
{
  gint64 end = g_get_monotonic_time () + (gint64)timeout * 1000;

  while (TRUE) {
    g_autoptr (GError) busy = NULL;
    int fd = ocs_address_connect (path, &busy);

    if (fd >= 0)
      return fd;
    if (!g_error_matches (busy, OCS_ERROR, OCS_ERROR_BUSY) || (timeout >= 0 && g_get_monotonic_time () >= end)) {
      g_propagate_error (error, g_steal_pointer (&busy));
      return -1;
    }
    /* A full queue cannot be polled. */
    if (!wait_for (-1, 0, CONNECT_PAUSE, cancellable, error)) {
      if (error == NULL || !g_error_matches (*error, OCS_ERROR, OCS_ERROR_TIMED_OUT))
        return -1;
      g_clear_error (error);
    }
  }
}

OcsWire *
ocs_wire_open (const char *path, guint timeout, GCancellable *cancellable, GError **error)
{
  int milliseconds = timeout == 0 ? -1 : (int)MIN (timeout, G_MAXINT / 1000) * 1000;
  g_autoptr (GError) local = NULL;
  int fd = open_socket (path, milliseconds, cancellable, &local);
  OcsWire *wire;

  if (fd < 0) {
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  wire = g_new0 (OcsWire, 1);
  wire->fd = fd;
  wire->timeout = milliseconds;
  wire->framer = ocs_framer_new (OCS_REPLY_MAX);
  g_set_object (&wire->cancellable, cancellable);
  return wire;
}

void
ocs_wire_close (OcsWire *wire)
{
  if (wire == NULL)
    return;
  close (wire->fd);
  ocs_framer_free (wire->framer);
  g_clear_object (&wire->cancellable);
  g_clear_pointer (&wire->early, g_bytes_unref);
  g_free (wire->buffer);
  g_free (wire);
}

static gboolean
set_io_error (GError **error, int code)
{
  if (code == EPIPE || code == ECONNRESET)
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INTERRUPTED, "the service closed the connection: try again, or look at its log");
  else
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "cannot talk to the service: %s", g_strerror (code));
  return FALSE;
}

static gboolean
write_all (OcsWire *wire, struct iovec *parts, guint n, GError **error)
{
  while (n > 0) {
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = n};
    gssize sent = sendmsg (wire->fd, &message, MSG_NOSIGNAL);

    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!wait_for (wire->fd, POLLOUT, wire->timeout, wire->cancellable, error))
        return FALSE;
    } else if (sent < 0 && errno != EINTR) {
      return set_io_error (error, errno);
    }
    for (; n > 0 && sent >= (gssize)parts->iov_len; n--, parts++)
      sent -= (gssize)parts->iov_len;
    if (n > 0 && sent > 0) {
      parts->iov_base = (guint8 *)parts->iov_base + sent;
      parts->iov_len -= (gsize)sent;
    }
  }
  return TRUE;
}

/* Reads at least one byte, and at most so many, into the buffer; returns how many, 0 with error. */
static gsize
read_some (OcsWire *wire, gsize most, GError **error)
{
  if (wire->buffer == NULL)
    wire->buffer = g_malloc (READ_SIZE);
  while (!is_cancelled (wire->cancellable, error)) {
    gssize n = recv (wire->fd, wire->buffer, MIN (most, READ_SIZE), MSG_DONTWAIT);

    if (n > 0)
      return (gsize)n;
    if (n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) {
      set_io_error (error, n == 0 ? EPIPE : errno);
      return 0;
    }
    if (!wait_for (wire->fd, POLLIN, wire->timeout, wire->cancellable, error))
      return 0;
  }
  return 0;
}

static JsonObject *
read_message (OcsWire *wire, GError **error)
{
  g_autoptr (GError) local = NULL;
  JsonObject *message;

  while ((message = ocs_framer_pop (wire->framer, &local)) == NULL && local == NULL) {
    gsize n = read_some (wire, READ_SIZE, &local);

    if (n == 0 || !ocs_framer_push (wire->framer, wire->buffer, n, &local))
      break;
  }
  if (message == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return message;
}

gboolean
ocs_wire_send (OcsWire *wire, const char *method, JsonObject *parameters, OcsWireMode mode, GError **error)
{
  g_autoptr (JsonObject) message = json_object_new ();
  g_autofree char *text = NULL;
  struct iovec part;

  json_object_set_string_member (message, "method", method);
  json_object_set_object_member (message, "parameters", parameters != NULL ? parameters : json_object_new ());
  if (mode == OCS_WIRE_MORE)
    json_object_set_boolean_member (message, "more", TRUE);
  if (mode == OCS_WIRE_UPGRADE)
    json_object_set_boolean_member (message, "upgrade", TRUE);
  text = ocs_json_write (message);
  part = (struct iovec) {.iov_base = text, .iov_len = strlen (text) + 1};
  return write_all (wire, &part, 1, error);
}

JsonObject *
ocs_wire_receive (OcsWire *wire, gboolean *continues, GError **error)
{
  g_autoptr (JsonObject) reply = read_message (wire, error);
  JsonObject *parameters;

  if (reply == NULL || !ocs_reply_check (reply, error))
    return NULL;
  if (continues != NULL)
    *continues = ocs_json_bool (reply, "continues", FALSE);
  parameters = ocs_json_object (reply, "parameters");
  return parameters != NULL ? json_object_ref (parameters) : json_object_new ();
}

JsonObject *
ocs_wire_call (OcsWire *wire, const char *method, JsonObject *parameters, OcsWireMode mode, GError **error)
{
  if (!ocs_wire_send (wire, method, parameters, mode, error))
    return NULL;
  return ocs_wire_receive (wire, NULL, error);
}

gboolean
ocs_wire_send_data (OcsWire *wire, const guint8 *bytes, gsize length, GError **error)
{
  while (length > 0) {
    gsize size = MIN (length, OCS_BLOCK_MAX);
    guint8 header[OCS_BLOCK_HEADER];
    struct iovec parts[2] = {{.iov_base = header, .iov_len = sizeof header}, {.iov_base = (guint8 *)bytes, .iov_len = size}};

    ocs_block_write_header (header, (guint32)size);
    if (!write_all (wire, parts, 2, error))
      return FALSE;
    bytes += size;
    length -= size;
  }
  return TRUE;
}

gboolean
ocs_wire_send_end (OcsWire *wire, GError **error)
{
  static const char trailer[] = "{}";
  guint8 header[OCS_BLOCK_HEADER];
  struct iovec parts[2] = {{.iov_base = header, .iov_len = sizeof header}, {.iov_base = (char *)trailer, .iov_len = sizeof trailer}};

  ocs_block_write_header (header, 0);
  return write_all (wire, parts, 2, error);
}

/* Sees to it that there is at least one byte of the stream in rest; reads no more than most. */
static gboolean
fill_rest (OcsWire *wire, gsize most, GError **error)
{
  if (wire->rest_length > 0)
    return TRUE;
  if (wire->early == NULL) {
    wire->early = ocs_framer_steal_rest (wire->framer);
    wire->rest = g_bytes_get_data (wire->early, &wire->rest_length);
    if (wire->rest_length > 0)
      return TRUE;
  }
  wire->rest_length = read_some (wire, most, error);
  wire->rest = wire->buffer;
  return wire->rest_length > 0;
}

static gboolean
read_header (OcsWire *wire, guint32 *length, GError **error)
{
  guint8 header[OCS_BLOCK_HEADER];

  for (guint i = 0; i < OCS_BLOCK_HEADER; i++) {
    if (!fill_rest (wire, READ_SIZE, error))
      return FALSE;
    header[i] = *wire->rest++;
    wire->rest_length--;
  }
  if (ocs_block_read_header (header, length))
    return TRUE;
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the service sent a block that is too large: restart it");
  return FALSE;
}

static gboolean
read_block (OcsWire *wire, guint32 length, OcsWireSink sink, gpointer user_data, GError **error)
{
  if (sink == NULL) {
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the service sent data where none was expected: restart it");
    return FALSE;
  }
  while (length > 0) {
    gsize part;

    /* With the next header, so that each block is read, and written, in one piece. */
    if (!fill_rest (wire, length + OCS_BLOCK_HEADER, error))
      return FALSE;
    part = MIN (length, wire->rest_length);
    if (!sink (wire->rest, part, user_data, error))
      return FALSE;
    wire->rest += part;
    wire->rest_length -= part;
    length -= (guint32)part;
  }
  return TRUE;
}

/* No further than to its end: what follows may be the next object's. */
static JsonObject *
read_trailer (OcsWire *wire, GError **error)
{
  g_autoptr (GError) local = NULL;
  JsonObject *trailer = NULL;

  while (trailer == NULL && local == NULL && fill_rest (wire, READ_SIZE, &local)) {
    const guint8 *end = memchr (wire->rest, '\0', wire->rest_length);
    gsize part = end != NULL ? (gsize)(end + 1 - wire->rest) : wire->rest_length;

    if (ocs_framer_push (wire->framer, wire->rest, part, &local))
      trailer = ocs_framer_pop (wire->framer, &local);
    wire->rest += part;
    wire->rest_length -= part;
  }
  if (trailer == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return trailer;
}

JsonObject *
ocs_wire_receive_data (OcsWire *wire, OcsWireSink sink, gpointer user_data, GError **error)
{
  guint32 length;

  do {
    if (!read_header (wire, &length, error) || (length > 0 && !read_block (wire, length, sink, user_data, error)))
      return NULL;
  } while (length > 0);
  return read_trailer (wire, error);
}
