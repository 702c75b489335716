/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kerberos tickets for the proxy, got with a keytab and kept in memory only, in the cache that KRB5CCNAME names, where libcurl's
 * Negotiate finds them. Asking the KDC blocks, so it is done in a thread, one at a time; libcurl itself then has nothing to ask. */
#pragma once
#include <gio/gio.h>

/* What main() sets KRB5CCNAME to: gone with the process. */
#define OCS_TICKET_CACHE "MEMORY:ocs-courier"

typedef struct _OcsTickets OcsTickets;

OcsTickets *ocs_tickets_new (void);
/* A question to a KDC that is under way is left to end on its own. */
void ocs_tickets_free (OcsTickets *tickets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTickets, ocs_tickets_free)

/* A ticket for HTTP/proxy, by keytab (or what $CREDENTIALS_DIRECTORY has under its name), with the keytab's machine entry (NAME$, as
 * Windows domains have it), else its first. OCS_ERROR_PROXY_AUTH with the reason; the same reason comes at once for a while after a
 * failure, so that a silent KDC does not hold up every request. */
void ocs_tickets_get_async (OcsTickets *tickets, const char *keytab, const char *proxy, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
gboolean ocs_tickets_get_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether one is at hand that lasts for some minutes. */
gboolean ocs_tickets_have (OcsTickets *tickets, const char *keytab, const char *proxy);
