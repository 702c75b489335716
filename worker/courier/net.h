/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libcurl's multi interface in the main loop: one per process, so that connections, TLS sessions and logins are kept and used again.
 * It knows nothing of requests, see transfer.h. */
#pragma once
#include "worker/courier/witness.h"
#include <curl/curl.h>
#include <glib.h>

typedef struct _OcsNet OcsNet;

/* easy has been taken out of the net before. */
typedef void (*OcsNetFunc) (CURL *easy, CURLcode code, gpointer user_data);

/* Runs in the default main context. curl_global_init() must have been called. */
OcsNet *ocs_net_new (void);
/* Every transfer must have been removed. */
void ocs_net_free (OcsNet *net);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsNet, ocs_net_free)

/* Starts easy. on_done comes from the main loop, never from within this call. */
gboolean ocs_net_add (OcsNet *net, CURL *easy, OcsNetFunc on_done, gpointer user_data, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Stops easy; on_done is not called. Not from within a callback of libcurl. */
void ocs_net_remove (OcsNet *net, CURL *easy);

/* A handle keeps what it has learnt of a login (the nonce of Digest, what a proxy accepts), so it is kept under a key that names whom
 * it talked to. NULL key: always a new one. transfer full; every option of a kept one still stands. */
CURL *ocs_net_take (OcsNet *net, const char *key);
/* Of all connections of net; borrowed. */
OcsWitness *ocs_net_witness (OcsNet *net);
/* easy: transfer full. */
void ocs_net_give (OcsNet *net, const char *key, CURL *easy);
