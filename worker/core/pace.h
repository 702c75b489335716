/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long a machine keeps off the line: after a fragment that crossed it, and before the first, so that a site does not fetch the same
 * object fifty times. Pure. */
#pragma once
#include "worker/core/reply.h"

/* Seconds after a fragment that came over the WAN, for a package of priority pri: a cycle gives each package one fragment where the
 * cycle's number is a multiple of PRI, and 0 knows no cycles (UnixAgent Modules/Download.pm). What a cache served is not waited for. A day
 * at most. */
gint64 ocs_pace_after (const OcsPacing *pacing, int pri);

/* Milliseconds before the first fragment is asked for where the cache does not hold it. One or few: a truncated exponential timer as of
 * RFC 5740 (its RandomBackoff), so that of any number of machines few begin, and the others find what those have fetched. Many, which each
 * machine fetches in an order of its own: evenly spread, as the crowd at the end of that timer would meet at the same fragments. */
gint64 ocs_pace_share (gint64 fragments, double random);

/* The same among a crowd before any later one. Short, and shorter the more there are: a machine waits for all of a package half a minute
 * at most. Where few are left, all want the same ones, and who begins in the same tenth of a second fetches in vain. */
gint64 ocs_pace_crowd (gint64 fragments, double random);

/* Milliseconds before a machine that seems to be the first asks again whether it is: the same timer, far longer than two answers of a
 * server lie apart. */
gint64 ocs_pace_claim (double random);

/* Seconds before a machine that has found others at work, behind a cache that does not say what it holds, looks whether they have a
 * fragment yet: the same timer. Nobody knows how large one is before it has come; of few, each may be. */
gint64 ocs_pace_follow (gint64 fragments, double random);

/* The same before it takes the others, as long as so many bytes may take those who fetch them. */
gint64 ocs_pace_rest (gint64 bytes, double random);

/* Which minute now is: in this one and the next it counts that somebody has begun. */
gint64 ocs_pace_round (gint64 now);

/* Whether a cache that was asked for an object, and said so many milliseconds later that it does not hold it, fetches it at this moment.
 * squid: it is one, which never thinks about it, however far away it stands.
 * Traffic Server waits for an object that it is writing, ten times 50 ms and more, before it says no. Asked for the whole, it would then
 * fetch it a second time, and keep neither while such requests overlap (measured with 9.2.9, where one fragment crossed 47 times). */
gboolean ocs_pace_is_coming (int status, gboolean squid, int waited);

/* Seconds before a cache with wrong bytes is passed: the same timer, as long as healing a package of that many bytes may take, so that of
 * a site one machine heals and the others find it done. */
gint64 ocs_pace_heal (gint64 bytes, double random);

/* Seconds before a fragment that fell silent behind a cache is tried again: the timer of one fragment, long enough for somebody to find out
 * that the cache stands still and to fetch past it. */
gint64 ocs_pace_silent (double random);

/* Seconds before what failed is tried again, after so many failures before in a row: doubled each time, up to six hours. retryable: it may
 * work without anybody changing anything. asked: what the other side wants (Retry-After), 0 for nothing; a day at most. */
gint64 ocs_pace_retry (gint64 failures, gboolean retryable, gint64 asked, double random);

/* The place of the index'th fragment in this machine's own order, 0 … n - 1: machines that start together meet at no second object. */
gint64 ocs_pace_order (guint32 seed, gint64 index, gint64 n);
