/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hours of the clock on the wall: SCHEDULE of a package, and the windows in which bytes may cross the WAN. An hour that daylight saving
 * skips is right after the gap; one that it repeats is there once. Pure: the zone is an argument. */
#pragma once
#include <glib.h>

/* SCHEDULE as the console writes it, "YYYY/MM/DD hh:mm"; 0 where text is empty or nothing of the kind. */
gint64 ocs_hours_schedule (const char *text, GTimeZone *zone);

typedef struct _OcsHours OcsHours;

/* "22:00-06:00", "Mon-Fri 20:00-06:00, Sat, Sun": windows with commas between, each with days, hours, or both; hours that end before they
 * begin end on the next day. NULL where text is not understood: *why then says what, transfer full. */
OcsHours *ocs_hours_parse (const char *text, char **why);
void ocs_hours_free (OcsHours *hours);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsHours, ocs_hours_free)

/* 0 where a window is open at now, else when the next one opens. hours: NULL is always open. */
gint64 ocs_hours_opens (const OcsHours *hours, GTimeZone *zone, gint64 now);
