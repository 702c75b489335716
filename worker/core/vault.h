/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The logins in ocsinventory.ini. The Windows agent stores BASE64(IV)|||BASE64(AES-256-CBC) under a key that is the same in every copy
 * of it (WindowsAgent ComHTTP/HTTPCrypt.cpp): that hides a login from a glance, it does not protect it. Pure. */
#pragma once
#include <glib.h>

/* Reads both forms that Windows agents wrote: with a NUL byte at the end of the text (since 2011) and without. Empty for an empty value.
 * Fails closed with OCS_ERROR_INVALID_DATA: whatever does not decrypt to clean text gives no login at all. The message never holds the
 * value. Free with ocs_secret_free(). */
char *ocs_vault_open_windows (const char *stored, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The form that the Windows agents since 2011 read; iv: random for each value. Latin-1 where plain can be written in it. */
char *ocs_vault_seal_windows (const char *plain, const guint8 iv[16]);
/* Whether those agents read that form of plain as it is: not a text of 31-46 or 79-94 bytes, since their Base64 reader wants a padding
 * sign, and none with characters beyond Latin-1. */
gboolean ocs_vault_is_readable_on_windows (const char *plain);

/* Wipes, then frees. NULL is fine. */
void ocs_secret_free (char *secret);
