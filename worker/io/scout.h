/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the worker has learnt about its ways: which failed lately, what the PAC file said, and by which one it went last. For the main
 * thread only; a call's thread works on what it was given, see trip.h. Of it all only the clock is kept over a restart,
 * by the ledger: a network may be another one by then. */
#pragma once
#include "worker/core/detours.h"
#include "worker/core/ways.h"

typedef struct _OcsScout OcsScout;

OcsScout *ocs_scout_new (void);
OcsScout *ocs_scout_ref (OcsScout *scout);
void ocs_scout_unref (OcsScout *scout);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsScout, ocs_scout_unref)

/* The network is another one: nothing that was learnt counts any more but by which way it went. */
void ocs_scout_forget (OcsScout *scout);

/* Other ways are set up: nothing that was learnt counts any more. */
void ocs_scout_reset (OcsScout *scout);

typedef struct {
  char *answer;  /* owned, nullable; what FindProxyForURL() said */
  char *problem; /* owned, nullable; why there is none */
  gboolean found;
} OcsPacAnswer;
OcsPacAnswer *ocs_pac_answer_copy (const OcsPacAnswer *answer); /* NULL for NULL */
void ocs_pac_answer_free (OcsPacAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPacAnswer, ocs_pac_answer_free)

/* key: names the PAC file and the server. borrowed, nullable. */
const OcsPacAnswer *ocs_scout_pac (OcsScout *scout, const char *key, gint64 now);
/* answer: transfer full. */
void ocs_scout_keep_pac (OcsScout *scout, const char *key, OcsPacAnswer *answer, gint64 now);

/* borrowed. */
OcsDetours *ocs_scout_detours (OcsScout *scout);

/* The way that worked last for a purpose (ocs_ways_purpose_name()), a Proxy with "why"; borrowed, NULL where there was none yet. */
JsonObject *ocs_scout_way (OcsScout *scout, const char *purpose);
void ocs_scout_keep_way (OcsScout *scout, const char *purpose, JsonObject *way);

/* What a proxy that nobody set up says of itself; borrowed, NULL where none is known. via: empty where there is none any more. */
const char *ocs_scout_via (OcsScout *scout);
void ocs_scout_keep_via (OcsScout *scout, const char *via);

/* How the login to a proxy was made last; proxy: "host:port". borrowed, NULL where none is known. */
const char *ocs_scout_auth (OcsScout *scout, const char *proxy);
void ocs_scout_keep_auth (OcsScout *scout, const char *proxy, const char *auth);

/* The server's clock as it was last heard, in milliseconds since 1970 at the start of this machine's (ocs_clock_monotonic()), and so also
 * true when this machine's clock is set. */
void ocs_scout_keep_clock (OcsScout *scout, gint64 start);
/* As it was kept; 0 where it was not heard. */
gint64 ocs_scout_clock (OcsScout *scout);
/* Seconds that this machine's clock is ahead of it; OCS_CLOCK_UNKNOWN where it was not heard. */
gint64 ocs_scout_skew (OcsScout *scout);

/* Why the PAC file cannot be used now; borrowed, nullable. */
const char *ocs_scout_pac_problem (OcsScout *scout);
