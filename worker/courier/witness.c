/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-witness"
#include "worker/courier/witness.h"
#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define NAMES_MAX 4
#define NAME_MAX_LENGTH 100

struct _OcsWitness {
  GHashTable *seen; /* SSL_CTX, as a key only: it may have gone → OcsPapers */
};

typedef GENERAL_NAMES OcsGeneralNames;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsGeneralNames, GENERAL_NAMES_free)

OcsWitness *
ocs_witness_new (void)
{
  OcsWitness *witness = g_new0 (OcsWitness, 1);

  witness->seen = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)ocs_papers_free);
  return witness;
}

void
ocs_witness_free (OcsWitness *witness)
{
  if (witness == NULL)
    return;
  g_hash_table_unref (witness->seen);
  g_free (witness);
}

void
ocs_papers_free (OcsPapers *papers)
{
  if (papers == NULL)
    return;
  g_free (papers->names);
  g_free (papers->issuer);
  g_free (papers);
}

/* What strangers wrote, for a line of text: short and without control characters. */
static char *
dup_plain (const char *bytes, gsize length)
{
  g_autofree char *copy = g_strndup (bytes, MIN (length, NAME_MAX_LENGTH));
  char *text = g_utf8_make_valid (copy, -1);

  for (char *at = text; *at != '\0'; at++)
    if ((guchar)*at < ' ' || *at == 0x7f || *at == '"')
      *at = ' ';
  return text;
}

static char *
dup_entry (const X509_NAME *name, int nid)
{
  int index = X509_NAME_get_index_by_NID (name, nid, -1);
  const X509_NAME_ENTRY *entry = index >= 0 ? X509_NAME_get_entry (name, index) : NULL;
  unsigned char *utf8 = NULL;
  int length = entry != NULL ? ASN1_STRING_to_UTF8 (&utf8, X509_NAME_ENTRY_get_data (entry)) : -1;
  char *text = length > 0 ? dup_plain ((const char *)utf8, (gsize)length) : NULL;

  OPENSSL_free (utf8);
  return text;
}

/* The name that people know an authority by. */
static char *
dup_name (const X509_NAME *name)
{
  static const int nids[] = {NID_commonName, NID_organizationName, NID_organizationalUnitName};
  char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (nids) && text == NULL; i++)
    text = dup_entry (name, nids[i]);
  return text;
}

static char *
dup_general_name (const GENERAL_NAME *name)
{
  int type;
  const ASN1_STRING *value = GENERAL_NAME_get0_value (name, &type);
  char address[INET6_ADDRSTRLEN] = "";

  if (type == GEN_DNS)
    return dup_plain ((const char *)ASN1_STRING_get0_data (value), (gsize)ASN1_STRING_length (value));
  if (type != GEN_IPADD)
    return NULL;
  inet_ntop (ASN1_STRING_length (value) == 4 ? AF_INET : AF_INET6, ASN1_STRING_get0_data (value), address, sizeof (address));
  return ASN1_STRING_length (value) == 4 || ASN1_STRING_length (value) == 16 ? g_strdup (address) : NULL;
}

static char *
dup_names (X509 *leaf)
{
  g_autoptr (OcsGeneralNames) names = X509_get_ext_d2i (leaf, NID_subject_alt_name, NULL, NULL);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  int count = names != NULL ? sk_GENERAL_NAME_num (names) : 0;

  for (int i = 0; i < count && texts->len < NAMES_MAX; i++) {
    char *text = dup_general_name (sk_GENERAL_NAME_value (names, i));

    if (text != NULL)
      g_ptr_array_add (texts, text);
  }
  if (texts->len == 0)
    return dup_name (X509_get_subject_name (leaf));
  g_ptr_array_add (texts, NULL);
  return g_strjoinv (", ", (GStrv)texts->pdata);
}

static gint64
read_time (const ASN1_TIME *time)
{
  struct tm parts;

  return time != NULL && ASN1_TIME_to_tm (time, &parts) == 1 ? (gint64)timegm (&parts) : 0;
}

void
ocs_papers_note (OcsPapers *papers, X509 *leaf, X509 *judged)
{
  g_free (papers->names);
  g_free (papers->issuer);
  papers->names = leaf != NULL ? dup_names (leaf) : NULL;
  papers->issuer = judged != NULL ? dup_name (X509_get_issuer_name (judged)) : NULL;
  papers->not_before = judged != NULL ? read_time (X509_get0_notBefore (judged)) : 0;
  papers->not_after = judged != NULL ? read_time (X509_get0_notAfter (judged)) : 0;
}

/* Called for each certificate of the chain that is right, the server's own last, and for the first that is wrong. */
static int
on_openssl_verify (int good, X509_STORE_CTX *store)
{
  const SSL *tls = X509_STORE_CTX_get_ex_data (store, SSL_get_ex_data_X509_STORE_CTX_idx ());
  const SSL_CTX *context = tls != NULL ? SSL_get_SSL_CTX (tls) : NULL;
  const OcsWitness *witness = context != NULL ? SSL_CTX_get_app_data (context) : NULL;
  OcsPapers *papers = witness != NULL ? g_hash_table_lookup (witness->seen, context) : NULL;

  if (papers != NULL && (!good || X509_STORE_CTX_get_error_depth (store) == 0))
    ocs_papers_note (papers, X509_STORE_CTX_get0_cert (store), X509_STORE_CTX_get_current_cert (store));
  return good;
}

/* Called when the server asks for a certificate; what is set up by then is shown. */
static int
on_openssl_asked (SSL *tls, void *user_data)
{
  const OcsWitness *witness = user_data;
  OcsPapers *papers = g_hash_table_lookup (witness->seen, SSL_get_SSL_CTX (tls));

  if (papers != NULL)
    papers->asked = TRUE;
  return 1;
}

void
ocs_witness_watch (OcsWitness *witness, SSL_CTX *context)
{
  int mode = SSL_CTX_get_verify_mode (context);

  SSL_CTX_set_app_data (context, witness);
  SSL_CTX_set_cert_cb (context, on_openssl_asked, witness);
  if ((mode & SSL_VERIFY_PEER) != 0)
    SSL_CTX_set_verify (context, mode, on_openssl_verify);
  g_hash_table_replace (witness->seen, context, g_new0 (OcsPapers, 1));
}

OcsPapers *
ocs_witness_take (OcsWitness *witness, const SSL_CTX *context)
{
  gpointer papers = NULL;

  g_hash_table_steal_extended (witness->seen, context, NULL, &papers);
  return papers;
}
