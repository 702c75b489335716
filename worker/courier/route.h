/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How to get to a server: the type Route of org.ocscompanion.Courier, checked. It holds secrets; freeing wipes them, best effort. */
#pragma once
#include "ipc/status.h"
#include <json-glib/json-glib.h>

typedef struct {
  OcsProxyKind proxy_kind;
  char *proxy_host; /* owned, nullable without a proxy; an IPv6 address without brackets */
  int proxy_port;
  char *proxy_user;     /* owned, nullable, secret */
  char *proxy_password; /* owned, nullable, secret */
  gboolean verify;
  gboolean system_ca;
  char *ca_pem;        /* owned, nullable */
  char *user;          /* owned, nullable, secret; for the server */
  char *password;      /* owned, nullable, secret */
  int connect_timeout; /* seconds */
  int stall_timeout;   /* seconds without a byte */
} OcsRoute;

/* object: nullable. OCS_ERROR_INVALID_DATA where something is missing or odd. */
OcsRoute *ocs_route_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_route_free (OcsRoute *route);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsRoute, ocs_route_free)

/* "host:port" of the proxy for messages, NULL without one. transfer full. */
char *ocs_route_dup_proxy_name (const OcsRoute *route);
