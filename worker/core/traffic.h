/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Package bytes by day, from the site's cache and over the WAN: what the cache has spared. Pure: the day is an argument. */
#pragma once
#include "ipc/status.h"

#define OCS_TRAFFIC_DAYS_MAX 60

typedef struct {
  char day[11]; /* "2026-11-22", local */
  gint64 from_cache;
  gint64 from_wan;
} OcsTrafficDay;

/* Element-type OcsTrafficDay, the newest last. Transfer full. */
GArray *ocs_traffic_new (void);
/* day: "YYYY-MM-DD", anything else is not counted. A clock that was set back counts on where its day is. */
void ocs_traffic_add (GArray *days, const char *day, gboolean from_cache, gint64 bytes);
/* As GetTraffic tells it; transfer full. */
JsonArray *ocs_traffic_to_json (const GArray *days);
/* Tolerant. array: nullable. Transfer full. */
GArray *ocs_traffic_from_json (JsonArray *array);
