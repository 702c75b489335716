/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/witness.h"
#include <openssl/evp.h>
#include <openssl/x509v3.h>

typedef EVP_PKEY OcsKey;
typedef X509 OcsCertificate;
typedef SSL_CTX OcsContext;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsKey, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsCertificate, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsContext, SSL_CTX_free)

#define FROM 1700000000
#define TO 1800000000

static void
set_name (X509_NAME *name, const char *field, const char *value)
{
  if (value != NULL)
    g_assert_cmpint (X509_NAME_add_entry_by_txt (name, field, MBSTRING_UTF8, (const guchar *)value, -1, -1, 0), ==, 1);
}

static X509 *
make_certificate (const char *subject, const char *issuer_cn, const char *issuer_o, const char *names)
{
  X509 *made = X509_new ();
  X509_EXTENSION *extension = names != NULL ? X509V3_EXT_conf_nid (NULL, NULL, NID_subject_alt_name, names) : NULL;

  set_name (X509_get_subject_name (made), "CN", subject);
  set_name (X509_get_issuer_name (made), "O", issuer_o);
  set_name (X509_get_issuer_name (made), "CN", issuer_cn);
  ASN1_TIME_set (X509_getm_notBefore (made), FROM);
  ASN1_TIME_set (X509_getm_notAfter (made), TO);
  if (extension != NULL)
    X509_add_ext (made, extension, -1);
  X509_EXTENSION_free (extension);
  return made;
}

static void
test_note (void)
{
  static const struct {
    const char *subject, *issuer_cn, *issuer_o, *names;
    const char *told_names, *told_issuer;
  } cases[] = {
      {"ocs", "Site CA", "Site", "DNS:a.example,IP:192.0.2.1,IP:2001:db8::1", "a.example, 192.0.2.1, 2001:db8::1", "Site CA"},
      {"ocs", NULL, "Site", NULL, "ocs", "Site"},
      {NULL, NULL, NULL, NULL, NULL, NULL},
      {"ocs", "a\"b\nc\x1b", NULL, "DNS:1,DNS:2,DNS:3,DNS:4,DNS:5", "1, 2, 3, 4", "a b c "},
      {"ocs", "Größe", NULL, "email:me@example", "ocs", "Größe"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsCertificate) one = make_certificate (cases[i].subject, cases[i].issuer_cn, cases[i].issuer_o, cases[i].names);
    g_autoptr (OcsPapers) papers = g_new0 (OcsPapers, 1);

    ocs_papers_note (papers, one, one);
    ocs_papers_note (papers, one, one); /* the last one counts, nothing leaks */
    g_assert_cmpstr (papers->names, ==, cases[i].told_names);
    g_assert_cmpstr (papers->issuer, ==, cases[i].told_issuer);
    g_assert_cmpint (papers->not_before, ==, FROM);
    g_assert_cmpint (papers->not_after, ==, TO);
  }
}

static void
test_take (void)
{
  g_autoptr (OcsWitness) witness = ocs_witness_new ();
  g_autoptr (OcsContext) checked = SSL_CTX_new (TLS_client_method ());
  g_autoptr (OcsContext) unchecked = SSL_CTX_new (TLS_client_method ());
  g_autoptr (OcsPapers) papers = NULL;

  SSL_CTX_set_verify (checked, SSL_VERIFY_PEER, NULL);
  ocs_witness_watch (witness, checked);
  ocs_witness_watch (witness, checked);
  ocs_witness_watch (witness, unchecked);
  g_assert_cmpint (SSL_CTX_get_verify_mode (checked), ==, SSL_VERIFY_PEER);
  g_assert_cmpint (SSL_CTX_get_verify_mode (unchecked), ==, SSL_VERIFY_NONE);
  g_assert_null (SSL_CTX_get_verify_callback (unchecked));
  g_assert_nonnull (SSL_CTX_get_verify_callback (checked));
  papers = ocs_witness_take (witness, checked);
  g_assert_nonnull (papers);
  g_assert_null (papers->issuer);
  g_assert_null (ocs_witness_take (witness, checked));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/witness/note", test_note);
  g_test_add_func ("/witness/take", test_take);
  return g_test_run ();
}
