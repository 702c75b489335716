/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A token bucket: so many bytes a second over the line, for all transfers of this process together. Pure: time is an argument. */
#pragma once
#include <glib.h>

typedef struct {
  gint64 tokens; /* bytes that may come; negative after a piece that was larger */
  gint64 at;     /* when they were counted last; microseconds of a clock that only goes forward, 0 for never */
} OcsBucket;

/* Milliseconds until the next piece may be taken, 0 for now. rate: bytes a second, positive. At most one second's worth is saved up. */
gint64 ocs_bucket_wait (OcsBucket *bucket, gint64 rate, gint64 now);
/* A piece was taken, however large. */
void ocs_bucket_take (OcsBucket *bucket, gint64 bytes);
