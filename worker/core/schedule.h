/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the server is contacted next. By the wall clock, so that time asleep counts; random01 is 0 … 1. Pure. */
#pragma once
#include "ipc/error.h"
#include <glib.h>
#include <json-glib/json-glib.h>

#define OCS_SCHEDULE_DEFAULT_HOURS 10
#define OCS_SCHEDULE_HOURS_MAX (366 * 24)

/* Times are seconds since the epoch, 0 for never. */
typedef struct {
  gint64 prolog_freq_hours; /* always 1 … OCS_SCHEDULE_HOURS_MAX */
  gboolean inventory_on_startup;
  gint64 last_contact; /* last try */
  gint64 last_success;
  gint64 next_contact;
  gint64 failures; /* in a row */
} OcsSchedule;

void ocs_schedule_init (OcsSchedule *schedule, gint64 prolog_freq_hours);

/* At the worker's start: now where the server was never tried or INVENTORY_ON_STARTUP is set; within 10 minutes where a
 * contact was missed; otherwise the time stays. */
void ocs_schedule_at_start (OcsSchedule *schedule, gint64 now, double random01);
/* freq: PROLOG_FREQ of the reply in hours, 0 or less where it had none. A new value takes a random time in the whole period, so that a
 * fleet whose setting changed spreads out; otherwise up to a twentieth early, never late. */
void ocs_schedule_after_success (OcsSchedule *schedule, gint64 now, gint64 freq, double random01);
/* code: how it failed. 60 s, or 20 minutes where a login was not accepted, doubling with each failure, up to PROLOG_FREQ; of each the upper
 * half at random. */
void ocs_schedule_after_failure (OcsSchedule *schedule, gint64 now, OcsError code, double random01);
/* After ocs_schedule_after_failure(): seconds that the server asks to be left alone, and up to a tenth more so that not everybody comes
 * back at once; no longer than PROLOG_FREQ. Returns when it may be tried again. */
gint64 ocs_schedule_leave_alone (OcsSchedule *schedule, gint64 now, gint64 seconds, double random01);
/* Call it when the clock may have jumped (and at each wake-up): no time stays in the future that cannot be there.
 * TRUE where something was mended. */
gboolean ocs_schedule_check (OcsSchedule *schedule, gint64 now, double random01);

JsonObject *ocs_schedule_to_json (const OcsSchedule *schedule);
/* Tolerant: what is missing or odd gets its default. */
void ocs_schedule_from_json (OcsSchedule *schedule, JsonObject *object);
