/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/digest.h"

#include <string.h>

/* Values of the three bytes "abc": RFC 1321 A.5, FIPS 180 examples; base64 by "openssl dgst -binary | base64". */
#define MD5_HEX "900150983cd24fb0d6963f7d28e17f72"
#define SHA1_HEX "a9993e364706816aba3e25717850c26c9cd0d89d"
#define SHA256_HEX "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define SHA512_HEX                                                                                                                         \
  "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"

typedef struct {
  const char *name;
  const char *algorithm;
  const char *expected;
  const char *encoding;
  int code; /* -1 where it matches */
} Case;

static const Case cases[] = {
    {"md5-hex", "MD5", MD5_HEX, "Hexa", -1},
    {"md5-upper", "md5", "900150983CD24FB0D6963F7D28E17F72", "HEXA", -1},
    {"md5-space", "MD5", " " MD5_HEX "\n", "Hexa", -1},
    {"md5-base64", "MD5", "kAFQmDzST7DWlj99KOF/cg==", "Base64", -1},
    {"md5-base64-unpadded", "MD5", "kAFQmDzST7DWlj99KOF/cg", "base64", -1},
    {"md5-base64-called-hex", "MD5", "kAFQmDzST7DWlj99KOF/cg==", "Hexa", -1},
    {"md5-hex-called-base64", "MD5", MD5_HEX, "Base64", -1},
    {"md5-no-encoding", "MD5", MD5_HEX, NULL, -1},
    {"sha1", "SHA1", SHA1_HEX, "Hexa", -1},
    {"sha1-hyphen", "sha-1", SHA1_HEX, "Hexa", -1},
    {"sha1-base64", "SHA1", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "Base64", -1},
    {"sha256", "Sha256", SHA256_HEX, "Hexa", -1},
    {"sha256-base64", "SHA256", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0", "Base64", -1},
    {"sha512", "SHA512", SHA512_HEX, "Hexa", -1},
    {"other-bytes", "MD5", "900150983cd24fb0d6963f7d28e17f73", "Hexa", OCS_ERROR_DIGEST},
    {"other-bytes-base64", "MD5", "AAFQmDzST7DWlj99KOF/cg==", "Base64", OCS_ERROR_DIGEST},
    {"empty", "MD5", "", "Hexa", OCS_ERROR_INVALID_DATA},
    {"null", "MD5", NULL, "Hexa", OCS_ERROR_INVALID_DATA},
    {"wrong-length", "MD5", "9001", "Hexa", OCS_ERROR_INVALID_DATA},
    {"of-another-algorithm", "SHA1", MD5_HEX, "Hexa", OCS_ERROR_INVALID_DATA},
    {"not-hex", "MD5", "g00150983cd24fb0d6963f7d28e17f72", "Hexa", OCS_ERROR_INVALID_DATA},
    {"not-hex-at-the-end", "MD5", "900150983cd24fb0d6963f7d28e17f7g", "Hexa", OCS_ERROR_INVALID_DATA},
    {"not-base64", "MD5", "kAFQmDzST7DW*j99KOF/cg==", "Base64", OCS_ERROR_INVALID_DATA},
    {"padding-inside", "MD5", "kAFQmDzST7D=lj99KOF/cg==", "Base64", OCS_ERROR_INVALID_DATA},
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsDigest) digest = ocs_digest_new (c->algorithm, &error);
  gboolean matches;

  g_assert_no_error (error);
  ocs_digest_update (digest, "a", 1);
  ocs_digest_update (digest, "", 0);
  ocs_digest_update (digest, "bc", 2);
  matches = ocs_digest_matches (digest, c->expected, c->encoding, &error);
  g_assert_cmpint (matches, ==, c->code < 0);
  if (c->code >= 0)
    g_assert_error (error, OCS_ERROR, c->code);
  else
    g_assert_no_error (error);
}

static void
test_message (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsDigest) digest = ocs_digest_new ("MD5", NULL);

  ocs_digest_update (digest, "abc", 3);
  g_assert_false (ocs_digest_matches (digest, "AAAAAAAAAAAAAAAAAAAAAA==", "Base64", &error));
  g_assert_nonnull (strstr (error->message, MD5_HEX));
  g_assert_nonnull (strstr (error->message, "00000000000000000000000000000000"));
}

static void
test_unknown (void)
{
  static const char *const names[] = {"", "MD4", "SHA3-256", "sha", "MD5 "};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (ocs_digest_new (names[i], &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED);
  }
  g_assert_null (ocs_digest_new (NULL, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/digest/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/digest/message", test_message);
  g_test_add_func ("/digest/unknown", test_unknown);
  return g_test_run ();
}
