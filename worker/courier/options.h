/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns a request into options of libcurl. Every option that any request uses is set each time, since handles are used again. */
#pragma once
#include "worker/core/route.h"
#include "worker/courier/translate.h"
#include <curl/curl.h>

/* All borrowed; nothing is used after ocs_transfer_new() but post, which is referenced. */
typedef struct {
  const OcsRoute *route;
  OcsPurpose purpose; /* the server's login is sent for OCS_PURPOSE_EXCHANGE only */
  const char *url;
  const char *user_agent;
  const char *const *headers; /* nullable; whole lines, NULL at the end */
  GByteArray *post;           /* nullable; makes it a POST */
  gboolean head;              /* HEAD */
  gboolean refresh;           /* the headers say no-cache, for the verdict */
  gboolean held;              /* the headers say only-if-cached: what comes crossed no line, however often it was asked for */
  gboolean fresh;             /* by a connection and a login of its own */
  gboolean ticket;            /* there is a Kerberos ticket for the proxy */
  const char *ticket_problem; /* nullable; why there is none although one is wanted */
  gsize body_max;             /* bytes; 0 for none: only together with the callback data */
} OcsOptions;

/* Checks URL, User-Agent and headers; returns "host:port" of the URL, transfer full. */
char *ocs_options_check (const OcsOptions *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a Kerberos ticket for the proxy should be fetched first. */
gboolean ocs_options_wants_ticket (const OcsRoute *route);
/* CURLAUTH_… that the proxy could be answered with; 0 for none. */
long ocs_options_proxy_methods (const OcsRoute *route, gboolean ticket);
/* Names whom a login belongs to; NULL without a login, or where nothing is to be kept. transfer full. */
char *ocs_options_dup_key (const OcsOptions *request);
/* transfer full, nullable; must live as long as the transfer. */
struct curl_slist *ocs_options_lines (const OcsOptions *request);
gboolean ocs_options_apply (const OcsOptions *request, CURL *easy, struct curl_slist *lines, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Counts the requests that are begun into asked, which is to live until ocs_options_forget(); nothing before libcurl 7.80. */
void ocs_options_count (CURL *easy, guint *asked);
/* Takes logins, certificates and pointers out again. */
void ocs_options_forget (CURL *easy);
