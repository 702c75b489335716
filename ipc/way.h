/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By which way something was reached, and why by that one: the type Way of org.ocscompanion.Worker. */
#pragma once
#include <glib.h>
#include <json-glib/json-glib.h>

typedef enum {
  OCS_WHY_NONE,        /* direct: no proxy is set up; also an unknown one */
  OCS_WHY_CONFIGURED,  /* Proxy= */
  OCS_WHY_FALLBACK,    /* ProxyFallback=, or a further one in Proxy= */
  OCS_WHY_PAC,         /* the PAC file names it */
  OCS_WHY_FOUND,       /* a PAC file that was found by DNS names it */
  OCS_WHY_ENVIRONMENT, /* http_proxy and its like */
  OCS_WHY_BYPASSED,    /* direct: ProxyBypass= or no_proxy */
  OCS_WHY_PURPOSE,     /* direct: ProxyFor= does not name this purpose */
  OCS_WHY_PAC_DIRECT,  /* direct: the PAC file says so */
  OCS_WHY_LAST_RESORT, /* direct: no proxy can be reached and DirectFallback= allows it */
} OcsWhy;
#define OCS_WHY_N (OCS_WHY_LAST_RESORT + 1)
const char *ocs_why_name (OcsWhy why);
OcsWhy ocs_why_from_name (const char *name); /* name: nullable */

typedef struct {
  char *purpose; /* owned; server, info or fragments */
  char *kind;    /* owned; an ocs_proxy_kind_name() */
  char *host;    /* owned, nullable */
  gint64 port;
  OcsWhy why;
} OcsWay;

OcsWay *ocs_way_new (const char *purpose, const char *kind, const char *host, gint64 port, OcsWhy why);
void ocs_way_free (OcsWay *way);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsWay, ocs_way_free)

/* ways: element-type OcsWay, nullable: then empty. transfer full. */
JsonArray *ocs_ways_to_json (GPtrArray *ways);
GPtrArray *ocs_ways_from_json (JsonArray *array); /* array: nullable */
