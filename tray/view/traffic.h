/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of packages by day, for a plot. Pure. */
#pragma once
#include <json-glib/json-glib.h>

#define OCS_TRAFFIC_DAYS 30

typedef struct {
  char *name; /* owned; "22 Nov" */
  gint64 from_cache;
  gint64 from_wan;
  char *words; /* owned; "22 Nov: 12 MB from the cache, 3 MB over the line" */
} OcsTrafficDay;

typedef struct {
  GPtrArray *days; /* owned; element-type OcsTrafficDay; always OCS_TRAFFIC_DAYS, the last is today */
  gint64 most;     /* bytes of the greatest day */
  char *scale;     /* owned; the same in words */
  char *words;     /* owned; the sum of all */
} OcsTraffic;

/* The reply to GetTraffic; what is not a day of the last ones is passed over. now: seconds since the epoch. Transfer full. */
OcsTraffic *ocs_traffic_from_json (JsonObject *reply, gint64 now, GTimeZone *zone);
void ocs_traffic_free (OcsTraffic *traffic);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTraffic, ocs_traffic_free)
