/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-newkey"
#include "worker/sign/newkey.h"
#include "ipc/error.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <string.h>
#include <unistd.h>

/* Nobody looks at the dates, so they may be generous. */
#define LIFE (30L * 365 * 24 * 3600)
#define SERIAL_BYTES 16

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

/* Random: a signature names its signer by issuer and serial number. */
static gboolean
set_serial (X509 *certificate)
{
  guint8 bytes[SERIAL_BYTES];
  g_autoptr (BIGNUM) number = NULL;

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    return FALSE;
  bytes[0] = (guint8)((bytes[0] & 0x7f) | 0x40);
  number = BN_bin2bn (bytes, sizeof bytes, NULL);
  return number != NULL && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate)) != NULL;
}

static X509 *
make_certificate (EVP_PKEY *key, const char *name)
{
  g_autoptr (X509) certificate = X509_new ();
  X509_NAME *subject = X509_get_subject_name (certificate);

  if (X509_set_version (certificate, X509_VERSION_3) == 1 && set_serial (certificate)
      && X509_gmtime_adj (X509_getm_notBefore (certificate), 0) != NULL && X509_gmtime_adj (X509_getm_notAfter (certificate), LIFE) != NULL
      && X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) == 1
      && X509_set_issuer_name (certificate, subject) == 1 && X509_set_pubkey (certificate, key) == 1
      && X509_sign (certificate, key, EVP_sha256 ()) > 0)
    return g_steal_pointer (&certificate);
  return NULL;
}

/* Never over a file that is there: it may be the only copy of a key. */
static gboolean
write_new (const char *path, int mode, BIO *content, GError **error)
{
  char *bytes = NULL;
  long length = BIO_get_mem_data (content, &bytes);
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
  gboolean written = fd >= 0 && write (fd, bytes, (size_t)length) == length;
  int number = errno;

  if (fd >= 0)
    written = fsync (fd) == 0 && close (fd) == 0 && written;
  if (!written)
    g_set_error (error, OCS_ERROR, OCS_ERROR_DENIED, "cannot write %s: %s", path, g_strerror (number));
  return written;
}

gboolean
ocs_newkey_write (const char *key_path, const char *certificate_path, const char *name, GError **error)
{
  g_autoptr (EVP_PKEY) key = EVP_EC_gen ("P-256");
  g_autoptr (X509) certificate = key != NULL ? make_certificate (key, name) : NULL;
  g_autoptr (BIO) key_pem = BIO_new (BIO_s_secmem ());
  g_autoptr (BIO) certificate_pem = BIO_new (BIO_s_mem ());

  if (certificate == NULL || PEM_write_bio_PrivateKey (key_pem, key, NULL, NULL, 0, NULL, NULL) != 1
      || PEM_write_bio_X509 (certificate_pem, certificate) != 1) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "no key could be made: try a shorter --name");
    return FALSE;
  }
  if (!write_new (key_path, 0600, key_pem, error))
    return FALSE;
  if (write_new (certificate_path, 0644, certificate_pem, error))
    return TRUE;
  unlink (key_path);
  return FALSE;
}
