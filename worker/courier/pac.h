/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PAC files: what such a script says about one address. It is evaluated in a process of its own that is ended when it takes too long. */
#pragma once
#include <gio/gio.h>

#define OCS_PAC_MAX (256 * 1024) /* bytes of a script */
#define OCS_PAC_ANSWER_MAX 4096  /* of what is read of its answer, with a sign before it */

/* target: an http or https URL; only its scheme and host are shown to the script. program: ocs-pac; nullable: beside this program.
 * script: at most OCS_PAC_MAX bytes. */
void ocs_pac_find_async (const char *program, const char *script, const char *target, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data);
/* What FindProxyForURL() returned, as UTF-8; transfer full. OCS_ERROR_INVALID_DATA: the script is wrong; TIMED_OUT: it does not end;
 * UNSUPPORTED: there is no ocs-pac. */
char *ocs_pac_find_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
