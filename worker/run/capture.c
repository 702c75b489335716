/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-capture"
#include "worker/run/capture.h"

#include <string.h>

struct _OcsCapture {
  GByteArray *head; /* owned */
  guint8 *ring;     /* owned; tail_max bytes; the newest byte stands before (tail_total % tail_max) */
  gsize head_max;
  gsize tail_max;
  guint64 tail_total; /* bytes that did not fit into head */
};

OcsCapture *
ocs_capture_new (gsize max)
{
  OcsCapture *capture = g_new0 (OcsCapture, 1);

  capture->head_max = max / 2;
  capture->tail_max = max - max / 2;
  capture->head = g_byte_array_new ();
  capture->ring = g_malloc (capture->tail_max);
  return capture;
}

void
ocs_capture_free (OcsCapture *capture)
{
  if (capture == NULL)
    return;
  g_byte_array_unref (capture->head);
  g_free (capture->ring);
  g_free (capture);
}

void
ocs_capture_push (OcsCapture *capture, const void *bytes, gsize length)
{
  const guint8 *next = bytes;
  gsize first = MIN (length, capture->head_max - capture->head->len);

  g_byte_array_append (capture->head, next, (guint)first);
  next += first;
  length -= first;
  if (length > capture->tail_max) {
    capture->tail_total += length - capture->tail_max;
    next += length - capture->tail_max;
    length = capture->tail_max;
  }
  while (length > 0) {
    gsize at = (gsize)(capture->tail_total % capture->tail_max);
    gsize piece = MIN (length, capture->tail_max - at);

    memcpy (capture->ring + at, next, piece);
    capture->tail_total += piece;
    next += piece;
    length -= piece;
  }
}

gboolean
ocs_capture_is_truncated (OcsCapture *capture)
{
  return capture->tail_total > capture->tail_max;
}

static char *
to_text (const guint8 *bytes, gsize length)
{
  g_autofree char *copy = g_malloc (length + 1);

  memcpy (copy, bytes, length);
  for (gsize i = 0; i < length; i++)
    if (copy[i] == '\0')
      copy[i] = '?';
  copy[length] = '\0';
  return g_utf8_make_valid (copy, (gssize)length);
}

char *
ocs_capture_text (OcsCapture *capture)
{
  GByteArray *whole = g_byte_array_new ();
  gsize at = (gsize)(capture->tail_total % capture->tail_max);
  char *text;

  if (capture->head->len > 0)
    g_byte_array_append (whole, capture->head->data, capture->head->len);
  if (ocs_capture_is_truncated (capture)) {
    g_autofree char *note = g_strdup_printf ("\n[… %" G_GUINT64_FORMAT " bytes left out …]\n", capture->tail_total - capture->tail_max);

    g_byte_array_append (whole, (const guint8 *)note, (guint)strlen (note));
    g_byte_array_append (whole, capture->ring + at, (guint)(capture->tail_max - at));
  }
  g_byte_array_append (whole, capture->ring, (guint)(ocs_capture_is_truncated (capture) ? at : capture->tail_total));
  text = whole->len > 0 ? to_text (whole->data, whole->len) : g_strdup ("");
  g_byte_array_unref (whole);
  return text;
}
