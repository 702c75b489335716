/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-digest"
#include "worker/core/digest.h"
#include "ipc/error.h"

#include <openssl/evp.h>
#include <string.h>

struct _OcsDigest {
  EVP_MD_CTX *context; /* owned */
  gsize length;        /* of the value, in bytes */
};

typedef struct {
  const char *name;
  const char *hyphenated; /* nullable */
  gsize length;           /* of the value, in bytes */
} Algorithm;

static const Algorithm algorithms[] = {{"MD5", NULL, 16}, {"SHA1", "SHA-1", 20}, {"SHA256", "SHA-256", 32}, {"SHA512", "SHA-512", 64}};

static const Algorithm *
find_algorithm (const char *wanted)
{
  for (guint i = 0; wanted != NULL && i < G_N_ELEMENTS (algorithms); i++) {
    const Algorithm *algorithm = &algorithms[i];

    if (g_ascii_strcasecmp (wanted, algorithm->name) == 0)
      return algorithm;
    if (algorithm->hyphenated != NULL && g_ascii_strcasecmp (wanted, algorithm->hyphenated) == 0)
      return algorithm;
  }
  return NULL;
}

static const Algorithm *
known_algorithm (const char *wanted, GError **error)
{
  const Algorithm *known = find_algorithm (wanted);

  if (known == NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED,
                 "DIGEST_ALGO=\"%s\" is not known: build the package with MD5, SHA1, SHA256 or SHA512", wanted != NULL ? wanted : "");
  return known;
}

OcsDigest *
ocs_digest_new (const char *algorithm, GError **error)
{
  g_autoptr (OcsDigest) digest = NULL;
  const Algorithm *known = known_algorithm (algorithm, error);
  EVP_MD *method;

  if (known == NULL)
    return NULL;
  digest = g_new0 (OcsDigest, 1);
  digest->context = EVP_MD_CTX_new ();
  method = EVP_MD_fetch (NULL, known->name, NULL);
  if (method == NULL || digest->context == NULL || EVP_DigestInit_ex2 (digest->context, method, NULL) != 1) {
    EVP_MD_free (method);
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED,
                 "the crypto policy of this machine forbids %s: build the package with SHA256 or SHA512", known->name);
    return NULL;
  }
  digest->length = (gsize)EVP_MD_get_size (method);
  EVP_MD_free (method);
  return g_steal_pointer (&digest);
}

void
ocs_digest_free (OcsDigest *digest)
{
  if (digest == NULL)
    return;
  EVP_MD_CTX_free (digest->context);
  g_free (digest);
}

void
ocs_digest_update (OcsDigest *digest, const void *bytes, gsize length)
{
  if (EVP_DigestUpdate (digest->context, bytes, length) != 1)
    g_critical ("digest was updated after its end");
}

static char *
to_hex (const guint8 *bytes, gsize length)
{
  GString *hex = g_string_sized_new (length * 2);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", bytes[i]);
  return g_string_free (hex, FALSE);
}

static gboolean
decode_hex (const char *text, guint8 *value, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    int high = g_ascii_xdigit_value (text[2 * i]);
    int low = high < 0 ? -1 : g_ascii_xdigit_value (text[2 * i + 1]);

    if (low < 0)
      return FALSE;
    value[i] = (guint8)(high * 16 + low);
  }
  return TRUE;
}

static gboolean
decode_base64 (const char *text, gsize text_length, guint8 *value, gsize length)
{
  g_autofree char *padded = NULL;
  g_autofree guchar *decoded = NULL;
  gsize decoded_length = 0;

  for (gsize i = 0; i < text_length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '+' && text[i] != '/')
      return FALSE;
  padded = g_strdup_printf ("%.*s%.*s", (int)text_length, text, (int)((4 - text_length % 4) % 4), "===");
  decoded = g_base64_decode (padded, &decoded_length);
  if (decoded_length != length)
    return FALSE;
  memcpy (value, decoded, length);
  return TRUE;
}

/* Hex takes 2n characters and base64 n·4/3 rounded up: for one algorithm the two are never equal. */
static gboolean
decode (const char *expected, guint8 *value, gsize length)
{
  g_autofree char *text = g_strstrip (g_strdup (expected));
  gsize text_length = strlen (text);

  if (text_length == 2 * length)
    return decode_hex (text, value, length);
  while (text_length > 0 && text[text_length - 1] == '=')
    text_length--;
  return text_length == (length * 4 + 2) / 3 && decode_base64 (text, text_length, value, length);
}

static gboolean
read_expected (const char *expected, const char *encoding, guint8 *value, gsize length, GError **error)
{
  if (decode (expected != NULL ? expected : "", value, length))
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA,
               "DIGEST=\"%.200s\" (DIGEST_ENCODE=\"%s\") is no digest of %" G_GSIZE_FORMAT " bytes: build the package again",
               expected != NULL ? expected : "", encoding != NULL ? encoding : "", length);
  return FALSE;
}

gboolean
ocs_digest_matches (OcsDigest *digest, const char *expected, const char *encoding, GError **error)
{
  guint8 actual[EVP_MAX_MD_SIZE];
  guint8 promised[EVP_MAX_MD_SIZE];
  g_autofree char *actual_hex = NULL;
  g_autofree char *promised_hex = NULL;

  if (EVP_DigestFinal_ex (digest->context, actual, NULL) != 1) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "the digest could not be finished");
    return FALSE;
  }
  if (!read_expected (expected, encoding, promised, digest->length, error))
    return FALSE;
  if (memcmp (actual, promised, digest->length) == 0)
    return TRUE;
  actual_hex = to_hex (actual, digest->length);
  promised_hex = to_hex (promised, digest->length);
  g_set_error (error, OCS_ERROR, OCS_ERROR_DIGEST, "the bytes have the digest %s, the package promises %s", actual_hex, promised_hex);
  return FALSE;
}

char *
ocs_digest_to_hex (const char *algorithm, const char *expected, GError **error)
{
  const Algorithm *known = known_algorithm (algorithm, error);
  guint8 value[EVP_MAX_MD_SIZE];

  if (known == NULL || !read_expected (expected, NULL, value, known->length, error))
    return NULL;
  return to_hex (value, known->length);
}
