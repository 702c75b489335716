/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/vault.h"
#include "ipc/error.h"
#include "worker/core/text.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#define SEPARATOR "|||"
#define BLOCK 16
#define CIPHERTEXT_MAX 4096

/* WindowsAgent ComHTTP/HTTPCrypt.cpp: the same 32 bytes in every agent since 2010, used raw. */
static const guint8 windows_key[32] = {0x76, 0x31, 0x7b, 0x21, 0x08, 0x2d, 0x27, 0x36, 0x43, 0x38, 0x45, 0x35, 0x36, 0x65, 0x49, 0x27,
                                       0x26, 0x4f, 0x41, 0x2f, 0x6d, 0x37, 0x21, 0x5e, 0x26, 0x6c, 0x3a, 0x65, 0x32, 0x33, 0x45, 0x23};

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

void
ocs_secret_free (char *secret)
{
  if (secret == NULL)
    return;
  OPENSSL_cleanse (secret, strlen (secret));
  g_free (secret);
}

/* g_base64_decode() skips what it does not know; a login must not be guessed. */
static guint8 *
decode_base64 (const char *text, gsize length, gsize *size)
{
  g_autofree char *copy = g_strndup (text, length);
  gsize digits = strspn (copy, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  gsize padding = strspn (copy + digits, "=");

  if (digits == 0 || digits + padding != length || length % 4 != 0 || padding > 2)
    return NULL;
  return g_base64_decode (copy, size);
}

/* The plain bytes into plain (ciphertext's size is enough); -1 where the padding is wrong. */
static int
decrypt (const guint8 *iv, const guint8 *ciphertext, int size, guint8 *plain)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  int length = 0, last = 0;

  if (context == NULL || EVP_DecryptInit_ex (context, EVP_aes_256_cbc (), NULL, windows_key, iv) != 1
      || EVP_DecryptUpdate (context, plain, &length, ciphertext, size) != 1 || EVP_DecryptFinal_ex (context, plain + length, &last) != 1)
    return -1;
  return length + last;
}

/* The text up to the first NUL byte; NULL where it cannot be a login: without a MAC, a wrong value passes as padding one time in 256. */
static char *
clean_text (const guint8 *plain, int length)
{
  const guint8 *nul = memchr (plain, 0, (gsize)length);
  char *text = ocs_text_from_bytes ((const char *)plain, nul != NULL ? (gsize)(nul - plain) : (gsize)length);

  if (!ocs_text_has_control (text))
    return text;
  ocs_secret_free (text);
  return NULL;
}

char *
ocs_vault_open_windows (const char *stored, GError **error)
{
  const char *separator = strstr (stored, SEPARATOR);
  g_autofree guint8 *iv = NULL;
  g_autofree guint8 *ciphertext = NULL;
  g_autofree guint8 *plain = NULL;
  gsize iv_size = 0, size = 0;
  char *text = NULL;
  int length;

  if (*stored == '\0')
    return g_strdup ("");
  if (separator == NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "is not in the encrypted form that the Windows agent writes");
    return NULL;
  }
  iv = decode_base64 (stored, (gsize)(separator - stored), &iv_size);
  ciphertext = decode_base64 (separator + strlen (SEPARATOR), strlen (separator + strlen (SEPARATOR)), &size);
  if (iv == NULL || ciphertext == NULL || iv_size != BLOCK || size % BLOCK != 0 || size > CIPHERTEXT_MAX) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "is a damaged copy of an encrypted value: copy the whole line again");
    return NULL;
  }
  plain = g_malloc0 (size + BLOCK);
  length = decrypt (iv, ciphertext, (int)size, plain);
  if (length >= 0)
    text = clean_text (plain, length);
  OPENSSL_cleanse (plain, size + BLOCK);
  if (text == NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "cannot be decrypted: set it again");
  return text;
}

/* What the Windows agent's single-byte reader shows right; UTF-8 where the text does not fit. The NUL byte at the end counts. */
static guint8 *
to_bytes (const char *plain, gsize *size)
{
  guint8 *bytes = g_malloc0 (strlen (plain) + 1);
  gsize length = 0;

  for (const char *at = plain; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar character = g_utf8_get_char_validated (at, -1);

    if (character > 0xff || (character >= 0x80 && character < 0xa0)) {
      memcpy (bytes, plain, strlen (plain) + 1);
      *size = strlen (plain) + 1;
      return bytes;
    }
    bytes[length++] = (guint8)character;
  }
  bytes[length] = 0;
  *size = length + 1;
  return bytes;
}

char *
ocs_vault_seal_windows (const char *plain, const guint8 iv[16])
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  gsize size = 0;
  guint8 *bytes = to_bytes (plain, &size);
  g_autofree guint8 *ciphertext = g_malloc0 (size + BLOCK);
  g_autofree char *iv_text = g_base64_encode (iv, BLOCK);
  g_autofree char *text = NULL;
  int length = 0, last = 0;
  gboolean sealed;

  sealed = context != NULL && EVP_EncryptInit_ex (context, EVP_aes_256_cbc (), NULL, windows_key, iv) == 1
           && EVP_EncryptUpdate (context, ciphertext, &length, bytes, (int)size) == 1
           && EVP_EncryptFinal_ex (context, ciphertext + length, &last) == 1;
  OPENSSL_cleanse (bytes, size);
  g_free (bytes);
  g_return_val_if_fail (sealed, NULL); /* AES-256-CBC is in every libcrypto */
  text = g_base64_encode (ciphertext, (gsize)(length + last));
  return g_strconcat (iv_text, SEPARATOR, text, NULL);
}

gboolean
ocs_vault_is_readable_on_windows (const char *plain)
{
  gsize size = 0;
  guint8 *bytes = to_bytes (plain, &size);
  gboolean narrow = size == (gsize)g_utf8_strlen (plain, -1) + 1;

  OPENSSL_cleanse (bytes, size);
  g_free (bytes);
  return narrow && (size / BLOCK + 1) * BLOCK % 3 != 0;
}
