/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The digest of a whole package, fed piece by piece, and its comparison with what the info file promises. Pure: reads no file. */
#pragma once
#include <glib.h>

typedef struct _OcsDigest OcsDigest;

/* algorithm: MD5, SHA1, SHA256 or SHA512, any case, also with a hyphen (DIGEST_ALGO of the info file). OCS_ERROR_UNSUPPORTED for
 * another one, or where the machine's crypto policy forbids it. */
OcsDigest *ocs_digest_new (const char *algorithm, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_digest_free (OcsDigest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsDigest, ocs_digest_free)

/* length in bytes. Must not be called after ocs_digest_matches(). */
void ocs_digest_update (OcsDigest *digest, const void *bytes, gsize length);

/* Ends the digest; may be called once. expected is hex in any case, or base64 with or without padding: its length tells which, encoding
 * (DIGEST_ENCODE: "Hexa" or "Base64", nullable) is only named in the message. The Perl agent writes base64 unpadded, PHP padded, and
 * consoles say one and mean the other.
 * OCS_ERROR_DIGEST: other bytes than promised, both values in hex. OCS_ERROR_INVALID_DATA: expected is not such a digest at all, so that
 * fetching again cannot help. */
gboolean ocs_digest_matches (OcsDigest *digest, const char *expected, const char *encoding, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* expected as above, as lower case hex; transfer full. OCS_ERROR_INVALID_DATA where it is no digest of that algorithm,
 * OCS_ERROR_UNSUPPORTED for another algorithm. Computes nothing. */
char *ocs_digest_to_hex (const char *algorithm, const char *expected, GError **error) G_GNUC_WARN_UNUSED_RESULT;
