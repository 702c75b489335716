/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passwords for ocsctl: from a descriptor or typed, never from the command line. */
#pragma once
#include <glib.h>

/* Whether name is a key that holds a password, by any name that it has (Pwd, ProxyPwd, PROXY_PWD, [HTTP]Pwd). */
gboolean ocs_secret_is_key (const char *name);
/* All that fd holds; transfer full. OCS_ERROR_INVALID_DATA where it cannot be read or holds more than some lines. */
char *ocs_secret_read (int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Asks on the terminal, without showing what is typed. OCS_ERROR_FAILED where there is none. */
char *ocs_secret_prompt (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
