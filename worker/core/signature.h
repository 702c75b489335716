/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The signature of a package, for sites that do not leave it to the server alone what runs as root. The file ID-sig lies beside the
 * package's info on the server: a detached CMS signature (RFC 5652, DER or PEM) over the text below. ocs-sign(1) makes it;
 * RequireSignature= names the file with the certificates whose owners may sign. Pure.
 *
 * The text, version 1, is built from what the info says and from the offer's POSTCMD, byte by byte:
 *
 *   OCS-COMPANION-PACKAGE 1 LF
 *   NAME SP LENGTH LF VALUE LF     for ID, ACT, PATH, NAME, COMMAND, POSTCMD, DIGEST in this order
 *
 * LENGTH is VALUE's in bytes, decimal; it makes the text unambiguous whatever VALUE holds. ACT is in capitals. PATH, NAME, COMMAND and
 * POSTCMD are as they are after XML's entities are read, empty where absent; the three are all in it, whatever ACT is. DIGEST is
 * ALGORITHM:HEX in capitals and lower case ("MD5:d41d8…"), empty without fragments. The fragments' number and way are not in it: other
 * bytes have another digest. */
#pragma once
#include "worker/core/info.h"

/* Of the file ID-sig, in bytes. */
#define OCS_SIGNATURE_MAX (64 * 1024)

/* postcmd: nullable. transfer full; NULL where the digest is none (see ocs_digest_to_hex()). */
char *ocs_signature_text (const OcsInfo *info, const char *postcmd, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether signature (length bytes; the file's content) is one over text by the owner of one of the certificates in signers (PEM, one or
 * more). What counts is that the certificate stands there: its issuer, purpose and dates do not, so that no clock and no third party has a
 * say; who may no longer sign is taken out of the file. Certificates in the signature itself are not looked at. Each signer that it names
 * must be known and right. OCS_ERROR_UNTRUSTED says what to do. */
gboolean ocs_signature_check (const char *signers, const guint8 *signature, gsize length, const char *text,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A signature over text in DER, transfer full. key and certificate: PEM; key without a passphrase. OCS_ERROR_INVALID_DATA. */
GByteArray *ocs_signature_make (const char *key, const char *certificate, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;
