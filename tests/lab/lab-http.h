/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTTP and HTTPS of the test server: libmicrohttpd run from the GLib main loop, so nothing needs a lock and a slow reply
 * (a suspended connection and a timer) holds nobody up. Knows nothing of OCS. */
#pragma once
#include "tests/lab/lab-reply.h"

typedef struct _OcsLabHttp OcsLabHttp;

/* Answers one request; transfer full. */
typedef OcsLabReply *(*OcsLabHandler) (OcsLabRequest *request, gpointer user_data);

/* rules and log (element-type JsonObject, one for each request but those under /_lab/) are shared with the caller and outlive this. */
OcsLabHttp *ocs_lab_http_new (GPtrArray *rules, GPtrArray *log, OcsLabHandler handler, gpointer user_data);
/* Ends all connections, also stalled ones. */
void ocs_lab_http_free (OcsLabHttp *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLabHttp, ocs_lab_http_free)

/* Listens on 127.0.0.1. port 0 picks a free one. cert and key: PEM text, both NULL for plain HTTP. Returns the port, 0 on error. */
guint16 ocs_lab_http_listen (OcsLabHttp *http, guint16 port, const char *cert, const char *key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
