/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a transfer ended: all that translate and distrust need to know to say it in words. */
#pragma once
#include "worker/courier/witness.h"
#include <curl/curl.h>

typedef enum {
  OCS_PURPOSE_EXCHANGE, /* the OCS server itself */
  OCS_PURPOSE_INFO,     /* the info file of a package */
  OCS_PURPOSE_OBJECT,   /* a part of a package, fetched or probed */
  OCS_PURPOSE_PAC,      /* a PAC file */
} OcsPurpose;

/* How a transfer ended. */
typedef struct {
  OcsPurpose purpose;
  const char *server;   /* borrowed; "host:port" of the URL */
  const char *proxy;    /* borrowed, nullable; "host:port" */
  gboolean tls;         /* the server had to show a certificate */
  gboolean proxy_login; /* a login was at hand for the proxy, for the server */
  gboolean server_login;
  gboolean proxy_withheld;    /* there is a login, but not for this proxy */
  gboolean ticket;            /* a Kerberos ticket was at hand for the proxy */
  const char *ticket_problem; /* borrowed, nullable; why one was wanted and is not there */
  const char *offers;         /* borrowed, nullable; Proxy-Authenticate */
  gboolean proxy_unspoken;    /* it asks for a login in no way that ProxyAuth= allows */
  CURLcode code;
  CURLproxycode proxy_code; /* the reason of CURLE_PROXY */
  long verify_result;       /* X509_V_ERR_… of OpenSSL */
  gboolean proxy_http;      /* it reads HTTP, and may answer itself */
  gboolean proxy_answer;    /* the answer is the proxy's own, as it says itself */
  gboolean proxy_tls;       /* the proxy had to show a certificate too */
  long proxy_verify_result; /* the same for that */
  gboolean proxy_system_ca; /* the system's authorities were asked for it, not those of ProxyCa */
  gboolean client_cert;     /* a certificate of this machine was at hand */
  const OcsPapers *papers;  /* borrowed, nullable; the certificate that was shown */
  gboolean system_ca;       /* the system's authorities were asked, not those of CaBundle */
  gint64 now;               /* of this machine's clock; seconds since 1970 */
  gint64 date;              /* what the last answer said of the time, 0 where there was none */
  gboolean connected;       /* a connection stood, to the proxy if there is one */
  int connect_status;       /* the last answer of the proxy to CONNECT, 0 where there was none */
  int status;               /* the answer, 0 where there was none */
  gint64 bytes;             /* of the body so far */
  const char *squid_error;  /* borrowed, nullable; "ERR_DNS_FAIL 0" */
  const char *proxy_status; /* borrowed, nullable; Proxy-Status */
  const char *location;     /* borrowed, nullable; where a redirect points */
  gint64 retry_after;       /* seconds that the answer asks us to wait, 0 where it does not */
  const char *detail;       /* borrowed, nullable; libcurl's own words */
} OcsEnding;
