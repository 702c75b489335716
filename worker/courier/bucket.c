/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/bucket.h"

/* After so long the bucket is full, whatever the clock says. */
#define IDLE_MAX (60 * G_TIME_SPAN_SECOND)

gint64
ocs_bucket_wait (OcsBucket *bucket, gint64 rate, gint64 now)
{
  gint64 elapsed = bucket->at != 0 ? CLAMP (now - bucket->at, 0, IDLE_MAX) : IDLE_MAX;

  bucket->tokens = MIN (bucket->tokens + elapsed * rate / G_TIME_SPAN_SECOND, rate);
  bucket->at = now;
  return bucket->tokens >= 0 ? 0 : -bucket->tokens * 1000 / rate + 1;
}

void
ocs_bucket_take (OcsBucket *bucket, gint64 bytes)
{
  bucket->tokens -= bytes;
}
