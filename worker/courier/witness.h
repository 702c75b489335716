/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keeps what a TLS peer showed of itself while its certificate is checked: libcurl says only that it was not accepted, people need to
 * know by whom it is signed, for whom and for when. It must not change the outcome of the check. */
#pragma once
#include <glib.h>
#include <openssl/ssl.h>

typedef struct _OcsWitness OcsWitness;

typedef struct {
  char *names;       /* owned, nullable; "a.example, b.example": whom the server's certificate is made out to */
  char *issuer;      /* owned, nullable; who signed the certificate that was not accepted */
  gint64 not_before; /* seconds since 1970, of the certificate that was not accepted; 0 where unknown */
  gint64 not_after;
  gboolean asked; /* the peer asked for a certificate of ours */
} OcsPapers;

OcsWitness *ocs_witness_new (void);
/* Every connection must have been closed. */
void ocs_witness_free (OcsWitness *witness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsWitness, ocs_witness_free)

/* context: of a connection that begins. witness must outlive it. Where certificates are not checked, only asked is noted. */
void ocs_witness_watch (OcsWitness *witness, SSL_CTX *context);
/* What was seen since; nullable, transfer full. context need not exist any more. */
OcsPapers *ocs_witness_take (OcsWitness *witness, const SSL_CTX *context);
void ocs_papers_free (OcsPapers *papers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPapers, ocs_papers_free)

/* Reads one certificate into papers, that of the server itself and the one that is being judged. For tests. */
void ocs_papers_note (OcsPapers *papers, X509 *leaf, X509 *judged);
