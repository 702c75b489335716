/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/pace.h"
#include <math.h>

/* Measured with 50 and 150 clients behind one Squid. */
#define SITE_SIZE 1000.0
#define LONG_SECONDS 10.0
#define MANY_FRAGMENTS 10
#define CROWD_SECONDS 3.0
#define CROWD_SECONDS_IN_ALL 30.0
#define CLAIM_SECONDS 1.0
/* Bytes a second: a quarter of a line of 20 Mbit/s. */
#define HEAL_RATE 625000.0
#define HEAL_LONGEST 1800.0
#define FOLLOW_SECONDS 60.0
#define ROUND_SECONDS 60
#define COMING_MS 500
#define SILENT_SHORTEST 5
#define SILENT_SECONDS 120.0
#define RETRY_FIRST 60
#define RETRY_UNLIKELY 600
#define RETRY_LONGEST (6 * 3600)
#define RETRY_ASKED_MAX (24 * 3600)
/* Less than ocs_package_next() takes for a clock that was set back. */
#define PAUSE_LONGEST (24 * 3600 - 60)

gint64
ocs_pace_after (const OcsPacing *pacing, int pri)
{
  gint64 cycles = MAX (pri, 0);

  gint64 pause = MAX (pacing->frag_latency, 0) + cycles * MAX (pacing->cycle_latency, 0)
                 + cycles * MAX (pacing->period_latency, 0) / MAX (pacing->period_length, 1);

  return MIN (pause, PAUSE_LONGEST);
}

static double
backoff (double longest, double random)
{
  double lambda = log (SITE_SIZE) + 1.0;
  double x = CLAMP (random, 0.0, 1.0) * lambda / longest + lambda / (longest * (exp (lambda) - 1.0));

  return longest / lambda * log (x * (exp (lambda) - 1.0) * longest / lambda);
}

gint64
ocs_pace_share (gint64 fragments, double random)
{
  if (fragments >= MANY_FRAGMENTS)
    return (gint64)(1000.0 * LONG_SECONDS * CLAMP (random, 0.0, 1.0));
  return (gint64)(1000.0 * backoff (LONG_SECONDS, random));
}

gint64
ocs_pace_crowd (gint64 fragments, double random)
{
  double longest = MIN (CROWD_SECONDS, CROWD_SECONDS_IN_ALL / (double)MAX (fragments, 1));

  return (gint64)(1000.0 * backoff (longest, random));
}

gint64
ocs_pace_claim (double random)
{
  return (gint64)(1000.0 * backoff (CLAIM_SECONDS, random));
}

gint64
ocs_pace_follow (gint64 fragments, double random)
{
  return (gint64)backoff (MAX (FOLLOW_SECONDS / (double)MAX (fragments, 1), LONG_SECONDS), random);
}

gint64
ocs_pace_rest (gint64 bytes, double random)
{
  return ocs_pace_heal (bytes, random);
}

gint64
ocs_pace_round (gint64 now)
{
  return MAX (now, 0) / ROUND_SECONDS;
}

gboolean
ocs_pace_is_coming (int status, gboolean squid, int waited)
{
  return status == 504 && !squid && waited >= COMING_MS;
}

gint64
ocs_pace_heal (gint64 bytes, double random)
{
  return (gint64)backoff (CLAMP ((double)bytes / HEAL_RATE, LONG_SECONDS, HEAL_LONGEST), random);
}

gint64
ocs_pace_silent (double random)
{
  return SILENT_SHORTEST + (gint64)backoff (SILENT_SECONDS, random);
}

gint64
ocs_pace_retry (gint64 failures, gboolean retryable, gint64 asked, double random)
{
  gint64 wait = retryable ? RETRY_FIRST : RETRY_UNLIKELY;

  for (gint64 i = 0; i < failures && wait < RETRY_LONGEST; i++)
    wait *= 2;
  wait = MIN (wait, RETRY_LONGEST);
  wait = wait / 2 + (gint64)(CLAMP (random, 0.0, 1.0) * ((double)wait / 2.0));
  return MAX (wait, CLAMP (asked, 0, RETRY_ASKED_MAX));
}

static gint64
common_divisor (gint64 a, gint64 b)
{
  while (b != 0) {
    gint64 rest = a % b;

    a = b;
    b = rest;
  }
  return a;
}

gint64
ocs_pace_order (guint32 seed, gint64 index, gint64 n)
{
  gint64 stride = seed == 0 ? 1 : 1 + (seed >> 8) % n;

  while (common_divisor (stride, n) != 1)
    stride++;
  return (seed % n + index * stride) % n;
}
