/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-signature"
#include "worker/core/signature.h"
#include "ipc/error.h"
#include "worker/core/digest.h"

#include <openssl/err.h>
#include <openssl/pem.h>

/* After pem.h, for the PEM forms. */
#include <openssl/cms.h>
#include <string.h>

#define PEM_MARK "-----BEGIN "
#define CHECK_FLAGS (CMS_BINARY | CMS_NOINTERN | CMS_NO_SIGNER_CERT_VERIFY)
#define MAKE_FLAGS (CMS_BINARY | CMS_DETACHED | CMS_NOCERTS | CMS_NOSMIMECAP)

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CMS_ContentInfo, CMS_ContentInfo_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

typedef STACK_OF (X509) OcsSigners;

static void
ocs_signers_free (OcsSigners *signers)
{
  sk_X509_pop_free (signers, X509_free);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsSigners, ocs_signers_free)

/* What OpenSSL says, for a message; its queue is empty afterwards. */
static const char *
reason (void)
{
  const char *text = ERR_reason_error_string (ERR_peek_last_error ());

  ERR_clear_error ();
  return text != NULL ? text : "it cannot be read";
}

static void
add (GString *text, const char *name, const char *value)
{
  g_string_append_printf (text, "%s %" G_GSIZE_FORMAT "\n%s\n", name, strlen (value), value);
}

char *
ocs_signature_text (const OcsInfo *info, const char *postcmd, GError **error)
{
  g_autoptr (GString) text = g_string_new ("OCS-COMPANION-PACKAGE 1\n");
  g_autofree char *hex = info->frags > 0 ? ocs_digest_to_hex (info->digest_algo, info->digest, error) : g_strdup ("");
  g_autofree char *digest = NULL;

  if (hex == NULL)
    return NULL;
  digest = info->frags > 0 ? g_strdup_printf ("%s:%s", info->digest_algo, hex) : g_strdup ("");
  add (text, "ID", info->id);
  add (text, "ACT", ocs_action_name (info->action));
  add (text, "PATH", info->path);
  add (text, "NAME", info->name);
  add (text, "COMMAND", info->command);
  add (text, "POSTCMD", postcmd != NULL ? postcmd : "");
  add (text, "DIGEST", digest);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The certificates of a PEM text; at least one. */
static OcsSigners *
read_signers (const char *pem, GError **error)
{
  g_autoptr (OcsSigners) signers = sk_X509_new_null ();
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, -1);
  X509 *certificate;

  while ((certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL)) != NULL)
    if (sk_X509_push (signers, certificate) <= 0)
      X509_free (certificate);
  if (sk_X509_num (signers) > 0) {
    ERR_clear_error (); /* the end of the text */
    return g_steal_pointer (&signers);
  }
  g_set_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED, "the file of RequireSignature= holds no certificate (%s): write PEM into it",
               reason ());
  return NULL;
}

static CMS_ContentInfo *
read_signature (const guint8 *bytes, gsize length, GError **error)
{
  g_autoptr (BIO) bio = length <= OCS_SIGNATURE_MAX ? BIO_new_mem_buf (bytes, (int)length) : NULL;
  gboolean is_pem = length > strlen (PEM_MARK) && memcmp (bytes, PEM_MARK, strlen (PEM_MARK)) == 0;
  g_autoptr (CMS_ContentInfo) cms = NULL;

  if (bio != NULL)
    cms = is_pem ? PEM_read_bio_CMS (bio, NULL, NULL, NULL) : d2i_CMS_bio (bio, NULL);
  if (cms == NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED, "the package's signature is no CMS file (%s): sign it again with ocs-sign",
                 reason ());
  else if (OBJ_obj2nid (CMS_get0_type (cms)) != NID_pkcs7_signed || CMS_is_detached (cms) != 1
           || sk_CMS_SignerInfo_num (CMS_get0_SignerInfos (cms)) < 1)
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED,
                 "the package's signature is no detached CMS signature: sign it again with ocs-sign");
  else
    return g_steal_pointer (&cms);
  ERR_clear_error ();
  return NULL;
}

gboolean
ocs_signature_check (const char *signers, const guint8 *signature, gsize length, const char *text, GError **error)
{
  g_autoptr (OcsSigners) known = read_signers (signers, error);
  g_autoptr (CMS_ContentInfo) cms = known != NULL ? read_signature (signature, length, error) : NULL;
  g_autoptr (BIO) content = BIO_new_mem_buf (text, -1);

  if (cms == NULL)
    return FALSE;
  if (CMS_verify (cms, known, NULL, content, NULL, CHECK_FLAGS) == 1) {
    ERR_clear_error ();
    return TRUE;
  }
  g_set_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED,
               "the package's signature is not right (%s): it is signed by somebody else than RequireSignature= names, or its action, "
               "command, POSTCMD or digest is another than was signed: look at the package, then sign it again with ocs-sign",
               reason ());
  return FALSE;
}

static GByteArray *
to_der (CMS_ContentInfo *cms)
{
  unsigned char *bytes = NULL;
  int length = i2d_CMS_ContentInfo (cms, &bytes);
  GByteArray *der = length > 0 ? g_byte_array_append (g_byte_array_new (), bytes, (guint)length) : NULL;

  OPENSSL_free (bytes);
  return der;
}

GByteArray *
ocs_signature_make (const char *key, const char *certificate, const char *text, GError **error)
{
  g_autoptr (BIO) key_bio = BIO_new_mem_buf (key, -1);
  g_autoptr (BIO) certificate_bio = BIO_new_mem_buf (certificate, -1);
  g_autoptr (BIO) content = BIO_new_mem_buf (text, -1);
  g_autoptr (EVP_PKEY) private_key = PEM_read_bio_PrivateKey (key_bio, NULL, NULL, (void *)"");
  g_autoptr (X509) signer = PEM_read_bio_X509 (certificate_bio, NULL, NULL, NULL);
  g_autoptr (CMS_ContentInfo) cms = NULL;
  GByteArray *der = NULL;

  if (private_key != NULL && signer != NULL && X509_check_private_key (signer, private_key) == 1)
    cms = CMS_sign (signer, private_key, NULL, content, MAKE_FLAGS);
  if (cms != NULL)
    der = to_der (cms);
  if (der == NULL)
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "cannot sign (%s): name a private key in PEM and its own certificate",
                 reason ());
  ERR_clear_error ();
  return der;
}
