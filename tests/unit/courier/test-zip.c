/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/courier/zip.h"
#include <string.h>
#include <zlib.h>

#define CAP (1024 * 1024)

static GByteArray *
pack (const char *text, gsize length)
{
  g_autoptr (OcsZip) zip = ocs_zip_new (64 * CAP);
  g_autoptr (GError) error = NULL;
  GByteArray *packed;

  /* In odd pieces, as they come from a pipe. */
  for (gsize at = 0; at < length; at += 7001)
    g_assert_true (ocs_zip_add (zip, (const guint8 *)text + at, MIN (7001, length - at), &error));
  packed = ocs_zip_finish (zip, &error);
  g_assert_no_error (error);
  return packed;
}

static void
test_round_trip (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GByteArray) packed = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "<NAME>package-%u</NAME>", i * 2654435761u);
  packed = pack (text->str, text->len);
  g_assert_cmpuint (packed->data[0], ==, 0x78);
  g_assert_true (ocs_zip_is_packed (packed->data, packed->len));
  plain = ocs_zip_unpack (packed->data, packed->len, CAP, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), text->str, text->len);
}

static void
test_empty (void)
{
  g_autoptr (GByteArray) packed = pack ("", 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = ocs_zip_unpack (packed->data, packed->len, CAP, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (plain), ==, 0);
}

static void
test_gzip (void)
{
  guint8 packed[256];
  z_stream stream = {.next_in = (Bytef *)"<?xml?>", .avail_in = 7, .next_out = packed, .avail_out = sizeof packed};
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = NULL;

  g_assert_cmpint (deflateInit2 (&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  g_assert_cmpint (deflate (&stream, Z_FINISH), ==, Z_STREAM_END);
  g_assert_true (ocs_zip_is_packed (packed, stream.total_out));
  plain = ocs_zip_unpack (packed, stream.total_out, CAP, &error);
  deflateEnd (&stream);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), "<?xml?>", 7);
}

/* Without the checksum at the end, as the Windows agent writes it. */
static void
test_unfinished (void)
{
  g_autoptr (GByteArray) packed = pack ("<REPLY/>", 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) plain = ocs_zip_unpack (packed->data, packed->len - 4, CAP, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), "<REPLY/>", 8);
}

static void
test_bomb (void)
{
  g_autofree char *zeros = g_malloc0 (32 * CAP);
  g_autoptr (GByteArray) packed = pack (zeros, 32 * CAP);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (packed->len, <, CAP);
  g_assert_null (ocs_zip_unpack (packed->data, packed->len, CAP, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
}

static void
test_damaged (void)
{
  g_autoptr (GByteArray) packed = pack ("some text that is long enough to be packed", 42);
  g_autoptr (GError) error = NULL;

  memset (packed->data + 4, 0xff, 8);
  g_assert_null (ocs_zip_unpack (packed->data, packed->len, CAP, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
}

static void
test_too_much (void)
{
  g_autoptr (OcsZip) zip = ocs_zip_new (10);
  g_autoptr (GError) error = NULL;

  g_assert_true (ocs_zip_add (zip, (const guint8 *)"0123456789", 10, &error));
  g_assert_false (ocs_zip_add (zip, (const guint8 *)"0", 1, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
}

static void
test_is_packed (void)
{
  g_assert_false (ocs_zip_is_packed ((const guint8 *)"<?xml", 5));
  g_assert_false (ocs_zip_is_packed ((const guint8 *)"x", 1));
  g_assert_false (ocs_zip_is_packed ((const guint8 *)"x<html>", 7));
  g_assert_true (ocs_zip_is_packed ((const guint8 *)"\x78\x01", 2));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/zip/round-trip", test_round_trip);
  g_test_add_func ("/zip/empty", test_empty);
  g_test_add_func ("/zip/gzip", test_gzip);
  g_test_add_func ("/zip/unfinished", test_unfinished);
  g_test_add_func ("/zip/bomb", test_bomb);
  g_test_add_func ("/zip/damaged", test_damaged);
  g_test_add_func ("/zip/too-much", test_too_much);
  g_test_add_func ("/zip/is-packed", test_is_packed);
  return g_test_run ();
}
