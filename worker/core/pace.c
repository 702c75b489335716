/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/pace.h"
#include <math.h>

/* Measured with 50 and 150 clients behind one Squid: with many fragments the order alone spreads them, one fragment needs the longer timer.
 */
#define SITE_SIZE 1000.0
#define LONG_SECONDS 10.0
#define SHORT_SECONDS 3.0
#define MANY_FRAGMENTS 10

gint64
ocs_pace_after (const OcsPacing *pacing, int pri)
{
  gint64 cycles = MAX (pri, 0);

  return MAX (pacing->frag_latency, 0) + cycles * MAX (pacing->cycle_latency, 0)
         + cycles * MAX (pacing->period_latency, 0) / MAX (pacing->period_length, 1);
}

gint64
ocs_pace_share (gint64 fragments, double random)
{
  double longest = fragments >= MANY_FRAGMENTS ? SHORT_SECONDS : LONG_SECONDS;
  double lambda = log (SITE_SIZE) + 1.0;
  double x = CLAMP (random, 0.0, 1.0) * lambda / longest + lambda / (longest * (exp (lambda) - 1.0));

  return (gint64)(1000.0 * longest / lambda * log (x * (exp (lambda) - 1.0) * longest / lambda));
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
