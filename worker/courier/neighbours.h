/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who else is on this machine's network: a datagram to the discard port of each address makes the kernel ask for its owner, whose answer
 * then stands in the kernel's table. No raw socket and no privilege is needed. */
#pragma once
#include <gio/gio.h>

typedef struct {
  char *network;     /* owned; "192.0.2.0" */
  guint prefix;      /* bits; 20 … 30 */
  char *address;     /* owned; ours there */
  GStrv from;        /* owned; addresses from which the server may be reached */
  guint gap;         /* milliseconds between two addresses */
  char *server_host; /* owned; the server, or the proxy before it */
  guint16 server_port;
} OcsSearch;

void ocs_search_free (OcsSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsSearch, ocs_search_free)

/* Blocking, for a thread: at most ten minutes. IP → MAC of those who answered; OCS_ERROR_REFUSED where the server is reached by another way
 * than from, OCS_ERROR_CANCELLED. transfer full. */
GHashTable *ocs_neighbours_find (const OcsSearch *search, GCancellable *cancellable, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds from the text of /proc/net/arp (proc(5)) what is on the network and complete. Pure. */
void ocs_neighbours_parse (const char *text, const OcsSearch *search, GHashTable *found);
