/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at a byte only when the message it belongs to is wanted: what follows an upgrade is not JSON and must not be judged as such.
 * Memory: at most message_max and what one push brought. */
#define G_LOG_DOMAIN "ocs-frame"
#include "ipc/frame.h"
#include "ipc/error.h"
#include "ipc/limits.h"
#include "ipc/parse.h"
#include <string.h>

struct _OcsFramer {
  GByteArray *bytes; /* owned */
  gsize message_max;
  guint nodes_max;
  gsize start;   /* of the message that comes next */
  gsize scanned; /* up to here the brackets are counted */
  guint depth;
  gboolean in_string;
  gboolean escaped;
  gboolean whole; /* bytes[scanned] is the NUL that ends the message */
  gboolean dead;
};

OcsFramer *
ocs_framer_new (gsize message_max)
{
  OcsFramer *framer = g_new0 (OcsFramer, 1);

  framer->bytes = g_byte_array_new ();
  framer->message_max = message_max;
  framer->nodes_max = message_max <= OCS_WORKER_MESSAGE_MAX ? OCS_WORKER_NODES_MAX : OCS_NODES_MAX;
  return framer;
}

void
ocs_framer_free (OcsFramer *framer)
{
  if (framer == NULL)
    return;
  g_byte_array_unref (framer->bytes);
  g_free (framer);
}

/* Gives the room of what was popped back; that of a large message at once, so that a thousand idle peers hold nothing. */
static void
compact (OcsFramer *framer)
{
  gsize rest = framer->bytes->len - framer->start;

  if (framer->start == 0)
    return;
  if (rest == 0 && framer->bytes->len > 4096) {
    g_byte_array_unref (framer->bytes);
    framer->bytes = g_byte_array_new ();
  } else {
    g_byte_array_remove_range (framer->bytes, 0, (guint)framer->start);
  }
  framer->scanned -= framer->start;
  framer->start = 0;
}

static void
scan_byte (OcsFramer *framer, guint8 byte)
{
  if (framer->escaped) {
    framer->escaped = FALSE;
  } else if (framer->in_string) {
    framer->escaped = byte == '\\';
    framer->in_string = byte != '"';
  } else if (byte == '"') {
    framer->in_string = TRUE;
  } else if (byte == '{' || byte == '[') {
    framer->depth++;
  } else if ((byte == '}' || byte == ']') && framer->depth > 0) {
    framer->depth--;
  }
}

static gboolean
die (OcsFramer *framer, GError **error, const char *why)
{
  framer->dead = TRUE;
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, why);
  return FALSE;
}

/* Goes on to the NUL that ends the message, or to the end of what there is. */
static gboolean
scan (OcsFramer *framer, GError **error)
{
  if (framer->dead)
    return die (framer, error, "the stream is broken by an earlier message");
  while (!framer->whole && framer->scanned < framer->bytes->len) {
    guint8 byte = framer->bytes->data[framer->scanned];

    if (byte == '\0') {
      framer->whole = TRUE;
      break;
    }
    scan_byte (framer, byte);
    framer->scanned++;
    if (framer->depth > OCS_NESTING_MAX)
      return die (framer, error, "the message has too many brackets in each other");
    if (framer->scanned - framer->start > framer->message_max)
      return die (framer, error, "the message is too long");
  }
  return TRUE;
}

gboolean
ocs_framer_push (OcsFramer *framer, const void *bytes, gsize length, GError **error)
{
  compact (framer);
  if (!framer->dead && length > 0)
    g_byte_array_append (framer->bytes, bytes, (guint)length);
  return scan (framer, error);
}

JsonObject *
ocs_framer_pop (OcsFramer *framer, GError **error)
{
  g_autoptr (JsonObject) message = NULL;

  if (!scan (framer, error) || !framer->whole)
    return NULL;
  message = ocs_parse_object ((const char *)framer->bytes->data + framer->start, framer->scanned - framer->start, framer->nodes_max, error);
  framer->scanned++;
  framer->start = framer->scanned;
  framer->depth = 0;
  framer->in_string = FALSE;
  framer->escaped = FALSE;
  framer->whole = FALSE;
  framer->dead = message == NULL;
  if (framer->start == framer->bytes->len)
    compact (framer);
  return g_steal_pointer (&message);
}

GBytes *
ocs_framer_steal_rest (OcsFramer *framer)
{
  GBytes *rest = g_bytes_new (framer->bytes->data + framer->start, framer->bytes->len - framer->start);

  g_byte_array_set_size (framer->bytes, 0);
  framer->start = framer->scanned = 0;
  framer->depth = 0;
  framer->in_string = framer->escaped = framer->whole = FALSE;
  return rest;
}
