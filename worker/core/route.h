/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to a server as one courier call carries it (the type Route of org.ocscompanion.Courier): proxy, certificates, and only the
 * logins that this way needs. The worker builds it, the courier reads it. It holds secrets; freeing wipes them, best effort. Pure. */
#pragma once
#include "worker/core/settings.h"
#include "worker/core/trust.h"
#include <json-glib/json-glib.h>

typedef enum {
  OCS_ROUTE_SERVER,   /* PROLOG, INVENTORY, results: the only one that may log in to the server */
  OCS_ROUTE_INFO,     /* a package's description, judged by the rules of trust */
  OCS_ROUTE_FRAGMENT, /* package bytes: the digest judges them */
} OcsRoutePurpose;

/* PEM texts: what is in the files that the settings name. All nullable and borrowed. */
typedef struct {
  const char *ca;
  const char *client_cert; /* with client_key or not at all */
  const char *client_key;  /* secret */
} OcsRoutePem;

/* The type Route of org.ocscompanion.Courier, transfer full, without a proxy: ocs_ways_plan() says which there may be. The client's
 * certificate is for the server and for info, never for a fragment.
 */
JsonObject *ocs_route_build (const OcsSettings *settings, OcsRoutePurpose purpose, const OcsInfoTrust *info_trust, const OcsRoutePem *pem);

typedef struct {
  OcsProxyKind proxy_kind;
  char *proxy_host; /* owned, nullable without a proxy; an IPv6 address without brackets */
  int proxy_port;
  char *proxy_user;        /* owned, nullable, secret */
  char *proxy_password;    /* owned, nullable, secret */
  gboolean proxy_withheld; /* there is a login, but not for this proxy, which only a PAC file names */
  char *proxy_ca_pem;      /* owned, nullable; for TLS to the proxy: without it the system's store decides */
  OcsProxyAuth proxy_auth;
  char *proxy_keytab; /* owned, nullable; a path */
  gboolean verify;
  gboolean system_ca;
  char *ca_pem;           /* owned, nullable */
  char *client_cert;      /* owned, nullable; PEM */
  char *client_key;       /* owned, nullable, secret; NULL exactly where client_cert is */
  char *user;             /* owned, nullable, secret; for the server */
  char *password;         /* owned, nullable, secret */
  int connect_timeout;    /* seconds */
  int stall_timeout;      /* seconds without a byte */
  gint64 bandwidth;       /* bytes a second over the WAN, 0 for no limit */
  gint64 bandwidth_other; /* the same in the hours that bandwidth_hours leaves out */
  char *bandwidth_hours;  /* owned, nullable: always; see hours.h */
} OcsRoute;

/* object: nullable. OCS_ERROR_INVALID_DATA where something is missing or odd. */
OcsRoute *ocs_route_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_route_free (OcsRoute *route);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsRoute, ocs_route_free)

/* "host:port" of the proxy for messages, NULL without one. transfer full. */
char *ocs_route_dup_proxy_name (const OcsRoute *route);
