/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/signature.h"
#include <openssl/pem.h>

/* After pem.h, for the PEM forms. */
#include <openssl/cms.h>
#include <string.h>

/* Made for this test, valid for one day: dates do not count. */
static const char one_key[] = "-----BEGIN PRIVATE KEY-----\n"
                              "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAeZ/FsB7KMhRHAcb\n"
                              "lE0jbrsetAWF9fDM0BNp1xN9/xWhRANCAAQXUFLdpO3C4K1cMifG7f7tJQnFpO5m\n"
                              "+2KGiZL/GKIo+Ri/nK53XfFofxewRQeMgdEolqarH2cXtGmSuBeijGSj\n"
                              "-----END PRIVATE KEY-----\n";
static const char one[] = "-----BEGIN CERTIFICATE-----\n"
                          "MIIBcjCCARegAwIBAgIUSlZnCPa7jRx2r+HdA3CtKieDwSkwCgYIKoZIzj0EAwIw\n"
                          "DjEMMAoGA1UEAwwDb25lMB4XDTI2MTEyMjE3NDAyOVoXDTI2MTEyMzE3NDAyOVow\n"
                          "DjEMMAoGA1UEAwwDb25lMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEF1BS3aTt\n"
                          "wuCtXDInxu3+7SUJxaTuZvtihomS/xiiKPkYv5yud13xaH8XsEUHjIHRKJamqx9n\n"
                          "F7RpkrgXooxko6NTMFEwHQYDVR0OBBYEFIH4X2IU+EK4NXF5xCssl8YDJ0RlMB8G\n"
                          "A1UdIwQYMBaAFIH4X2IU+EK4NXF5xCssl8YDJ0RlMA8GA1UdEwEB/wQFMAMBAf8w\n"
                          "CgYIKoZIzj0EAwIDSQAwRgIhAOS3cvbbwBZ0jAl0eNnvgKIi5mdf0TRVzyPQTVbU\n"
                          "eYIwAiEAwpyoBUmEQv2WI6erG/I8Bd4iVh5kKqzZv4wr/KhlYNw=\n"
                          "-----END CERTIFICATE-----\n";
static const char two_key[] = "-----BEGIN PRIVATE KEY-----\n"
                              "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1GXPSlk8ftQmC6NJ\n"
                              "KtEN5mUyaWyd1PNzPZf2J2FObqChRANCAAT42vqt7ADbpAqZaQ+GwIataOckihNJ\n"
                              "UkiJGizs3xfA01A9V9HKPDX0vXz1QbVCv2Sx0YJ5k8kJ9kZFpXbG6tUB\n"
                              "-----END PRIVATE KEY-----\n";
static const char two[] = "-----BEGIN CERTIFICATE-----\n"
                          "MIIBcDCCARegAwIBAgIUU+e2bvhDG9DaOiCOuEDIqdtCHgkwCgYIKoZIzj0EAwIw\n"
                          "DjEMMAoGA1UEAwwDdHdvMB4XDTI2MTEyMjE3NDAyOVoXDTI2MTEyMzE3NDAyOVow\n"
                          "DjEMMAoGA1UEAwwDdHdvMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+Nr6rewA\n"
                          "26QKmWkPhsCGrWjnJIoTSVJIiRos7N8XwNNQPVfRyjw19L189UG1Qr9ksdGCeZPJ\n"
                          "CfZGRaV2xurVAaNTMFEwHQYDVR0OBBYEFDrmen/IcEL3MA3XN86QMZcAdQS/MB8G\n"
                          "A1UdIwQYMBaAFDrmen/IcEL3MA3XN86QMZcAdQS/MA8GA1UdEwEB/wQFMAMBAf8w\n"
                          "CgYIKoZIzj0EAwIDRwAwRAIgPS22AK4Fenyqa+wLWe2z+otS0d5VIi7iiSwKKsxp\n"
                          "9mQCIH+ptJ2hB4zJhNxktGUnmF38rxtRteVWq/3n5rluZl3c\n"
                          "-----END CERTIFICATE-----\n";

#define TEXT "OCS-COMPANION-PACKAGE 1\nID 2\n17\n"

static GByteArray *
sign (const char *key, const char *certificate, const char *text)
{
  g_autoptr (GError) error = NULL;
  GByteArray *signature = ocs_signature_make (key, certificate, text, &error);

  g_assert_no_error (error);
  return signature;
}

static gboolean
check (const char *signers, const GByteArray *signature, const char *text)
{
  g_autoptr (GError) error = NULL;
  gboolean right = ocs_signature_check (signers, signature->data, signature->len, text, &error);

  if (!right)
    g_assert_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED);
  return right;
}

static void
test_right (void)
{
  g_autoptr (GByteArray) signature = sign (one_key, one, TEXT);
  g_autofree char *both = g_strconcat (two, "some words between\n", one, NULL);

  g_assert_true (check (one, signature, TEXT));
  g_assert_true (check (both, signature, TEXT));
}

static void
test_wrong (void)
{
  g_autoptr (GByteArray) signature = sign (one_key, one, TEXT);
  g_autoptr (GByteArray) empty = g_byte_array_new ();
  g_autoptr (GByteArray) large = g_byte_array_new ();

  g_assert_false (check (two, signature, TEXT));
  g_assert_false (check (one, signature, TEXT "x"));
  g_assert_false (check (one, signature, ""));
  g_assert_false (check ("", signature, TEXT));
  g_assert_false (check (one_key, signature, TEXT));
  g_assert_false (check ("-----BEGIN CERTIFICATE-----\nxxxx\n-----END CERTIFICATE-----\n", signature, TEXT));
  g_assert_false (check (one, empty, TEXT));
  g_byte_array_append (large, signature->data, signature->len);
  g_byte_array_set_size (large, OCS_SIGNATURE_MAX + 1);
  g_assert_false (check (one, large, TEXT));
}

/* No byte of it can be changed so that it is still taken for another text, and nothing crashes. */
static void
test_each_byte (void)
{
  g_autoptr (GByteArray) signature = sign (one_key, one, TEXT);

  for (guint i = 0; i < signature->len; i++) {
    signature->data[i] ^= 0x41;
    g_assert_false (check (one, signature, TEXT "x"));
    signature->data[i] ^= 0x41;
    check (one, signature, TEXT);
  }
  for (guint length = 0; length < signature->len; length++)
    g_assert_false (ocs_signature_check (one, signature->data, length, TEXT, NULL));
}

/* What openssl cms makes, with flags: with the text in it, with the signer's certificate in it, by two signers. */
static GByteArray *
make_cms (const char *const keys[], const char *const certificates[], unsigned int flags, gboolean pem)
{
  BIO *content = BIO_new_mem_buf (TEXT, -1);
  BIO *out = BIO_new (BIO_s_mem ());
  CMS_ContentInfo *cms = CMS_sign (NULL, NULL, NULL, content, CMS_BINARY | CMS_PARTIAL | flags);
  GByteArray *bytes = g_byte_array_new ();
  char *data = NULL;
  long length;

  for (guint i = 0; keys[i] != NULL; i++) {
    BIO *key_bio = BIO_new_mem_buf (keys[i], -1);
    BIO *certificate_bio = BIO_new_mem_buf (certificates[i], -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey (key_bio, NULL, NULL, NULL);
    X509 *certificate = PEM_read_bio_X509 (certificate_bio, NULL, NULL, NULL);

    g_assert_nonnull (CMS_add1_signer (cms, certificate, key, NULL, flags));
    EVP_PKEY_free (key);
    X509_free (certificate);
    BIO_free (key_bio);
    BIO_free (certificate_bio);
  }
  /* OpenSSL does not end what nobody has signed; it writes it all the same. */
  if (keys[0] != NULL)
    g_assert_cmpint (CMS_final (cms, content, NULL, CMS_BINARY | flags), ==, 1);
  g_assert_cmpint (pem ? PEM_write_bio_CMS (out, cms) : i2d_CMS_bio (out, cms), ==, 1);
  length = BIO_get_mem_data (out, &data);
  g_byte_array_append (bytes, (const guint8 *)data, (guint)length);
  BIO_free (content);
  BIO_free (out);
  CMS_ContentInfo_free (cms);
  return bytes;
}

static void
test_other_forms (void)
{
  const char *const keys[] = {one_key, two_key, NULL};
  const char *const certificates[] = {one, two, NULL};
  g_autofree char *both = g_strconcat (one, two, NULL);
  g_autoptr (GByteArray) pem = make_cms ((const char *[]) {one_key, NULL}, (const char *[]) {one, NULL}, CMS_DETACHED, TRUE);
  g_autoptr (GByteArray) attached = make_cms ((const char *[]) {one_key, NULL}, (const char *[]) {one, NULL}, 0, FALSE);
  g_autoptr (GByteArray) stranger = make_cms ((const char *[]) {two_key, NULL}, (const char *[]) {two, NULL}, CMS_DETACHED, FALSE);
  g_autoptr (GByteArray) pair = make_cms (keys, certificates, CMS_DETACHED, FALSE);
  g_autoptr (GByteArray) nobody = make_cms ((const char *[]) {NULL}, (const char *[]) {NULL}, CMS_DETACHED, FALSE);

  g_assert_true (check (one, pem, TEXT));
  g_assert_false (check (one, attached, TEXT));
  /* It brings its own certificate, which is nobody's here. */
  g_assert_false (check (one, stranger, TEXT));
  g_assert_true (check (two, stranger, TEXT));
  g_assert_false (check (one, pair, TEXT));
  g_assert_true (check (both, pair, TEXT));
  g_assert_false (check (one, nobody, TEXT));
}

static void
test_making_fails (void)
{
  static const struct {
    const char *key;
    const char *certificate;
  } cases[] = {{two_key, one}, {one, one}, {one_key, one_key}, {"", one}, {one_key, ""}};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (ocs_signature_make (cases[i].key, cases[i].certificate, TEXT, &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  }
}

static OcsInfo *
make_info (const char *name, const char *value)
{
  static const char *const usual[][2] = {
      {"ID", "17"},
      {"PRI", "5"},
      {"ACT", "execute"},
      {"DIGEST", "1B2M2Y8AsgTpgAmY7PhCfg"},
      {"FRAGS", "2"},
      {"PROTO", "HTTP"},
      {"DIGEST_ALGO", "md5"},
      {"DIGEST_ENCODE", "base64"},
      {"COMMAND", "echo é\nb"},
  };
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  OcsInfo *info;

  for (guint i = 0; i < G_N_ELEMENTS (usual); i++)
    g_hash_table_insert (attributes, (gpointer)usual[i][0], (gpointer)usual[i][1]);
  if (name != NULL)
    g_hash_table_insert (attributes, (gpointer)name, (gpointer)value);
  info = ocs_info_from_attributes (attributes, g_hash_table_lookup (attributes, "ID"), &error);
  g_assert_no_error (error);
  return info;
}

static void
test_text (void)
{
  g_autoptr (OcsInfo) info = make_info (NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = ocs_signature_text (info, "REBOOT", &error);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==,
                   "OCS-COMPANION-PACKAGE 1\nID 2\n17\nACT 7\nEXECUTE\nPATH 0\n\nNAME 0\n\nCOMMAND 9\necho é\nb\nPOSTCMD 6\nREBOOT\n"
                   "DIGEST 36\nMD5:d41d8cd98f00b204e9800998ecf8427e\n");
}

/* Each thing that decides what root does makes another text; what a caching site may change does not. */
static void
test_what_is_covered (void)
{
  static const struct {
    const char *name;
    const char *value;
    gboolean covered;
  } cases[] = {
      {"ID", "18", TRUE},
      {"ACT", "LAUNCH", TRUE},
      {"NAME", "x", TRUE},
      {"PATH", "/x", TRUE},
      {"COMMAND", "echo é\nb ", TRUE},
      {"DIGEST", "00000000000000000000000000000000", TRUE},
      {"FRAGS", "0", TRUE},
      {"FRAGS", "3", FALSE},
      {"DIGEST", "D41D8CD98F00B204E9800998ECF8427E", FALSE},
      {"PROTO", "HTTPS", FALSE},
      {"PRI", "1", FALSE},
      {"NOTIFY_TEXT", "x", FALSE},
  };
  g_autoptr (OcsInfo) usual = make_info (NULL, NULL);
  g_autofree char *text = ocs_signature_text (usual, NULL, NULL);
  g_autofree char *with_command = ocs_signature_text (usual, "x", NULL);

  g_assert_cmpstr (text, !=, with_command);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsInfo) info = make_info (NULL, NULL);
    g_autofree char *other = NULL;

    /* LAUNCH needs a NAME, so that is set by hand. */
    if (g_str_equal (cases[i].name, "ACT")) {
      info->action = OCS_ACTION_LAUNCH;
    } else {
      ocs_info_free (info);
      info = make_info (cases[i].name, cases[i].value);
    }
    other = ocs_signature_text (info, "", NULL);
    g_test_message ("%s=%s", cases[i].name, cases[i].value);
    g_assert_cmpint (g_strcmp0 (text, other) != 0, ==, cases[i].covered);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signature/right", test_right);
  g_test_add_func ("/signature/wrong", test_wrong);
  g_test_add_func ("/signature/each-byte", test_each_byte);
  g_test_add_func ("/signature/other-forms", test_other_forms);
  g_test_add_func ("/signature/making-fails", test_making_fails);
  g_test_add_func ("/signature/text", test_text);
  g_test_add_func ("/signature/what-is-covered", test_what_is_covered);
  return g_test_run ();
}
