/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place where codes of libcurl, HTTP and Squid become an OCS_ERROR with a line that says what to do. Pure. */
#pragma once
#include <curl/curl.h>
#include <glib.h>

typedef enum {
  OCS_PURPOSE_EXCHANGE, /* the OCS server itself */
  OCS_PURPOSE_INFO,     /* the info file of a package */
  OCS_PURPOSE_OBJECT,   /* a part of a package, fetched or probed */
} OcsPurpose;

/* How a transfer ended. */
typedef struct {
  OcsPurpose purpose;
  const char *server;   /* borrowed; "host:port" of the URL */
  const char *proxy;    /* borrowed, nullable; "host:port" */
  gboolean proxy_login; /* a login was at hand for the proxy, for the server */
  gboolean server_login;
  CURLcode code;
  CURLproxycode proxy_code; /* the reason of CURLE_PROXY */
  long verify_result;       /* X509_V_ERR_… of OpenSSL */
  gboolean connected;       /* a connection stood, to the proxy if there is one */
  int connect_status;       /* the last answer of the proxy to CONNECT, 0 where there was none */
  int status;               /* the answer, 0 where there was none */
  gint64 bytes;             /* of the body so far */
  const char *squid_error;  /* borrowed, nullable; "ERR_DNS_FAIL 0" */
  const char *location;     /* borrowed, nullable; where a redirect points */
  const char *detail;       /* borrowed, nullable; libcurl's own words */
} OcsEnding;

/* FALSE with an error unless ending is a full answer with status 200 or 206. */
gboolean ocs_translate (const OcsEnding *ending, GError **error) G_GNUC_WARN_UNUSED_RESULT;
