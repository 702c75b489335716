/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/io/hasher.h"
#include <string.h>

#define MOST (3 * 1024 * 1024)

static guint8 *
make_bytes (void)
{
  guint8 *bytes = g_malloc (MOST);

  for (guint i = 0; i < MOST; i++)
    bytes[i] = (guint8)g_test_rand_int ();
  return bytes;
}

/* Whatever comes in whatever pieces has the digest of the whole. */
static void
test_pieces (void)
{
  static const gsize lengths[] = {0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 768 * 1024, MOST - 1, MOST};
  g_autofree guint8 *bytes = make_bytes ();

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++) {
    g_autofree char *expected = g_compute_checksum_for_data (G_CHECKSUM_MD5, bytes, lengths[i]);
    OcsHasher *hasher = ocs_hasher_new (ocs_digest_new ("MD5", NULL));
    g_autoptr (OcsDigest) digest = NULL;
    g_autoptr (GError) error = NULL;
    gsize part;

    for (gsize done = 0; done < lengths[i]; done += part) {
      part = (gsize)g_test_rand_int_range (1, 300 * 1024);
      part = MIN (part, lengths[i] - done);
      ocs_hasher_update (hasher, bytes + done, part);
    }
    digest = ocs_hasher_end (hasher);
    g_assert_true (ocs_digest_matches (digest, expected, NULL, &error));
    g_assert_no_error (error);
  }
}

/* What is hashed are the bytes as they were, not what the caller's buffer became. */
static void
test_copies (void)
{
  g_autofree guint8 *bytes = make_bytes ();
  g_autofree char *expected = g_compute_checksum_for_data (G_CHECKSUM_SHA256, bytes, MOST);
  OcsHasher *hasher = ocs_hasher_new (ocs_digest_new ("SHA256", NULL));
  g_autoptr (OcsDigest) digest = NULL;

  for (gsize done = 0; done < MOST; done += 128 * 1024) {
    ocs_hasher_update (hasher, bytes + done, 128 * 1024);
    memset (bytes + done, 0, 128 * 1024);
  }
  digest = ocs_hasher_end (hasher);
  g_assert_true (ocs_digest_matches (digest, expected, NULL, NULL));
}

/* Given up while its thread has work. */
static void
test_free (void)
{
  g_autofree guint8 *bytes = make_bytes ();

  for (guint i = 0; i < 8; i++) {
    g_autoptr (OcsHasher) hasher = ocs_hasher_new (ocs_digest_new ("SHA512", NULL));

    ocs_hasher_update (hasher, bytes, i * (MOST / 8));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hasher/pieces", test_pieces);
  g_test_add_func ("/hasher/copies", test_copies);
  g_test_add_func ("/hasher/free", test_free);
  return g_test_run ();
}
