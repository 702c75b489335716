/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the bytes of an answer came from, read from what caches write into its header. Pure; it trusts nothing: a lie only
 * makes the figures wrong, the digest judges the bytes. */
#pragma once
#include "ipc/status.h"

/* All borrowed and nullable; a field that came several times is joined by ", " in the order of the lines. */
typedef struct {
  int status;
  gboolean refresh;           /* the request said no-cache */
  const char *cache_status;   /* RFC 9211: the nearest cache is the last */
  const char *x_cache;        /* Squid, CDNs, many Varnish configurations */
  const char *x_cache_lookup; /* Squid: what it found before it asked anybody */
  const char *x_cache_status; /* nginx's $upstream_cache_status, under one of the names that people give it */
  const char *x_varnish;      /* two numbers for a hit */
  const char *age;
  const char *via; /* Apache Traffic Server writes its codes here */
  const char *x_squid_error;
  const char *x_served_by; /* Fastly, whose X-Cache names nobody */
  const char *server;      /* Apache Traffic Server puts itself in the origin's place, and so do content networks */
} OcsVerdictHeaders;

/* The nearest cache that says something decides; a cache of a content network beyond the WAN is not asked. */
OcsVerdict ocs_verdict_read (const OcsVerdictHeaders *headers);

/* Whether the bytes crossed no WAN. */
gboolean ocs_verdict_is_from_cache (OcsVerdict verdict);
