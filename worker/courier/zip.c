/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/zip.h"
#include "ipc/error.h"
#include <zlib.h>

#define CHUNK (64 * 1024)
/* 15 bits of window, + 32: zlib or gzip by their headers. */
#define WINDOW_ANY (15 + 32)

struct _OcsZip {
  z_stream stream;
  gsize max;
  gsize seen;
  GByteArray *packed; /* owned until finished */
};

OcsZip *
ocs_zip_new (gsize max)
{
  OcsZip *zip = g_new0 (OcsZip, 1);

  zip->max = max;
  zip->packed = g_byte_array_new ();
  /* Fails only without memory, as g_new() would. */
  if (deflateInit (&zip->stream, 6) != Z_OK)
    g_error ("no memory for zlib");
  return zip;
}

void
ocs_zip_free (OcsZip *zip)
{
  if (zip == NULL)
    return;
  deflateEnd (&zip->stream);
  if (zip->packed != NULL)
    g_byte_array_unref (zip->packed);
  g_free (zip);
}

/* Runs deflate until it takes no more input and, with Z_FINISH, has no more output. */
static int
zip_run (OcsZip *zip, int flush)
{
  guint8 chunk[CHUNK];
  int result;

  do {
    zip->stream.next_out = chunk;
    zip->stream.avail_out = sizeof chunk;
    result = deflate (&zip->stream, flush);
    g_byte_array_append (zip->packed, chunk, (guint)(sizeof chunk - zip->stream.avail_out));
  } while (result == Z_OK && zip->stream.avail_out == 0);
  return result;
}

gboolean
ocs_zip_add (OcsZip *zip, const guint8 *bytes, gsize length, GError **error)
{
  if (length > zip->max - zip->seen) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the message to the server is larger than %" G_GSIZE_FORMAT " MiB",
                 zip->max >> 20);
    return FALSE;
  }
  zip->seen += length;
  zip->stream.next_in = (Bytef *)bytes;
  zip->stream.avail_in = (uInt)length;
  zip_run (zip, Z_NO_FLUSH);
  return TRUE;
}

GByteArray *
ocs_zip_finish (OcsZip *zip, GError **error)
{
  zip->stream.next_in = NULL;
  zip->stream.avail_in = 0;
  if (zip_run (zip, Z_FINISH) != Z_STREAM_END) {
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_FAILED, "packing the message to the server failed");
    return NULL;
  }
  return g_steal_pointer (&zip->packed);
}

gboolean
ocs_zip_is_packed (const guint8 *bytes, gsize length)
{
  if (length < 2)
    return FALSE;
  if (bytes[0] == 0x1f && bytes[1] == 0x8b)
    return TRUE;
  return (bytes[0] & 0x0f) == Z_DEFLATED && (bytes[0] >> 4) <= 7 && ((guint)bytes[0] << 8 | bytes[1]) % 31 == 0;
}

GBytes *
ocs_zip_unpack (const guint8 *bytes, gsize length, gsize max, GError **error)
{
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  guint8 chunk[CHUNK];
  z_stream stream = {.next_in = (Bytef *)bytes, .avail_in = (uInt)MIN (length, G_MAXUINT)};
  int result;

  if (inflateInit2 (&stream, WINDOW_ANY) != Z_OK)
    g_error ("no memory for zlib");
  do {
    stream.next_out = chunk;
    stream.avail_out = sizeof chunk;
    result = inflate (&stream, Z_NO_FLUSH);
    g_byte_array_append (plain, chunk, (guint)(sizeof chunk - stream.avail_out));
  } while (result == Z_OK && plain->len <= max);
  inflateEnd (&stream);
  if (plain->len > max) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the answer is refused: it unpacks to more than %" G_GSIZE_FORMAT " KiB",
                 max >> 10);
    return NULL;
  }
  if (result != Z_STREAM_END && result != Z_BUF_ERROR) {
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the answer is damaged: its zlib data cannot be unpacked");
    return NULL;
  }
  return g_byte_array_free_to_bytes (g_steal_pointer (&plain));
}
