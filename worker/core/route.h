/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to a server as one courier call carries it: proxy, certificates, and only the logins that this way needs. Pure. */
#pragma once
#include "worker/core/settings.h"
#include "worker/core/trust.h"
#include <json-glib/json-glib.h>

typedef enum {
  OCS_ROUTE_SERVER,   /* PROLOG, INVENTORY, results: the only one that may log in to the server */
  OCS_ROUTE_INFO,     /* a package's description, judged by the rules of trust */
  OCS_ROUTE_FRAGMENT, /* package bytes: the digest judges them */
} OcsRoutePurpose;

/* The type Route of org.ocscompanion.Courier, transfer full. ca_pem: nullable; what CaBundle holds. */
JsonObject *ocs_route_build (const OcsSettings *settings, OcsRoutePurpose purpose, const OcsInfoTrust *info_trust, const char *ca_pem);
