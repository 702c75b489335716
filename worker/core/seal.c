/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-seal"
#include "worker/core/seal.h"
#include "ipc/error.h"
#include "worker/core/text.h"
#include "worker/core/vault.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#define MARK "{aes-256-gcm}"
#define TAG_SIZE 16
#define OVERHEAD (OCS_SEAL_NONCE_SIZE + TAG_SIZE)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

gboolean
ocs_seal_is_sealed (const char *stored)
{
  return g_str_has_prefix (stored, MARK);
}

/* out: of size bytes. */
static gboolean
encrypt (const char *plain, int size, const char *place, const guint8 *key, const guint8 *nonce, guint8 *out, guint8 *tag)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  int length = 0;

  return context != NULL && EVP_EncryptInit_ex (context, EVP_aes_256_gcm (), NULL, key, nonce) == 1
         && EVP_EncryptUpdate (context, NULL, &length, (const guint8 *)place, (int)strlen (place)) == 1
         && EVP_EncryptUpdate (context, out, &length, (const guint8 *)plain, size) == 1
         && EVP_EncryptFinal_ex (context, out + length, &length) == 1
         && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, tag) == 1;
}

static gboolean
decrypt (const guint8 *sealed, int size, const char *place, const guint8 *key, guint8 *plain)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  const guint8 *ciphertext = sealed + OCS_SEAL_NONCE_SIZE;
  guint8 tag[TAG_SIZE];
  int length = 0;

  memcpy (tag, ciphertext + size, TAG_SIZE);
  return context != NULL && EVP_DecryptInit_ex (context, EVP_aes_256_gcm (), NULL, key, sealed) == 1
         && EVP_DecryptUpdate (context, NULL, &length, (const guint8 *)place, (int)strlen (place)) == 1
         && EVP_DecryptUpdate (context, plain, &length, ciphertext, size) == 1
         && EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, tag) == 1
         && EVP_DecryptFinal_ex (context, plain + length, &length) == 1;
}

char *
ocs_seal_close (const char *plain, const char *place, const guint8 key[OCS_SEAL_KEY_SIZE], const guint8 nonce[OCS_SEAL_NONCE_SIZE])
{
  gsize size = strlen (plain);
  g_autofree guint8 *sealed = NULL;
  g_autofree char *text = NULL;
  gboolean done;

  if (size > OCS_SEAL_PLAIN_MAX)
    return NULL;
  sealed = g_malloc0 (size + OVERHEAD);
  memcpy (sealed, nonce, OCS_SEAL_NONCE_SIZE);
  done = encrypt (plain, (int)size, place, key, nonce, sealed + OCS_SEAL_NONCE_SIZE, sealed + OCS_SEAL_NONCE_SIZE + size);
  g_return_val_if_fail (done, NULL); /* AES-256-GCM is in every libcrypto */
  text = g_base64_encode (sealed, size + OVERHEAD);
  return g_strconcat (MARK, text, NULL);
}

char *
ocs_seal_open (const char *stored, const char *place, const guint8 *key, GError **error)
{
  const char *text = stored + strlen (MARK);
  g_autofree guint8 *sealed = NULL;
  char *plain = NULL;
  gsize size = 0;

  if (key == NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA,
                 "was encrypted by another machine, or the key of this one is gone: set it again");
    return NULL;
  }
  if (strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") == strlen (text))
    sealed = g_base64_decode (text, &size);
  if (sealed != NULL && size >= OVERHEAD && size <= OCS_SEAL_PLAIN_MAX + OVERHEAD) {
    plain = g_malloc0 (size - OVERHEAD + 1);
    if (decrypt (sealed, (int)(size - OVERHEAD), place, key, (guint8 *)plain) && strlen (plain) == size - OVERHEAD
        && g_utf8_validate (plain, -1, NULL) && !ocs_text_has_control (plain))
      return plain;
    OPENSSL_cleanse (plain, size - OVERHEAD);
    g_free (plain);
  }
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA,
               "cannot be decrypted: it was encrypted by another machine or for another key, or is damaged: set it again");
  return NULL;
}
