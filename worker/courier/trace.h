/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a request came and what it met, for the diagnosis: the type Course of org.ocscompanion.Courier, but for its traffic. */
#pragma once
#include "worker/courier/head.h"
#include <curl/curl.h>
#include <json-glib/json-glib.h>

typedef struct {
  gboolean proxied;     /* there is a proxy */
  gboolean socks_login; /* it speaks SOCKS, and there is a login for it */
  gboolean tunnel;      /* the server is asked through one */
  int connect_status;   /* the proxy's answer to CONNECT, 0 where there was none */
  int status;           /* the server's answer, 0 where there was none */
  gint64 resolve_us;    /* microseconds since the start, 0 where it did not come so far; the next two likewise */
  gint64 connect_us;
  gint64 tls_us;
  long allowed;        /* CURLAUTH_… that we could answer the proxy */
  long offered;        /* CURLAUTH_… that the proxy asked for, 0 where it did not ask */
  const OcsHead *head; /* borrowed; of the newest answer */
} OcsTraceFacts;

/* transfer full. */
JsonObject *ocs_trace_build (const OcsTraceFacts *facts);

/* The way that a proxy was logged in to: the safest of those that both know, "basic", "digest", "ntlm", "negotiate"; NULL where nothing
 * was asked for and it is not the only one. */
const char *ocs_trace_login (long allowed, long offered);

/* The words of the header that forbid a shared cache to keep the answer, "Cache-Control: no-store"; NULL where it may (RFC 9111 section 3).
 * transfer full. */
char *ocs_trace_dup_uncacheable (const OcsHead *head);
