/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The logins in ocsinventory.ini as this machine writes them: {aes-256-gcm}BASE64(nonce, ciphertext, tag) under a key that only this
 * machine has (io/machinekey.h). A value is bound to its place: it opens under no other key's name, and no byte of it can be changed.
 * Pure. */
#pragma once
#include <glib.h>

#define OCS_SEAL_KEY_SIZE 32
#define OCS_SEAL_NONCE_SIZE 12
/* Bytes of a login; more is refused. */
#define OCS_SEAL_PLAIN_MAX 1024

/* Whether stored is in this form, whole or damaged. */
gboolean ocs_seal_is_sealed (const char *stored);
/* place: "ProxyPwd", the key's name in the table. nonce: random for each call. NULL where plain is too long; otherwise transfer full. */
char *ocs_seal_close (const char *plain, const char *place, const guint8 key[OCS_SEAL_KEY_SIZE], const guint8 nonce[OCS_SEAL_NONCE_SIZE]);
/* key: NULL where this machine has none. OCS_ERROR_INVALID_DATA, whose message never holds the value. Free with ocs_secret_free(). */
char *ocs_seal_open (const char *stored, const char *place, const guint8 *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
