/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times in words, for people. Pure: the clock and the time zone come in as arguments. */
#pragma once
#include <glib.h>

/* A time that has been: "today 14:02", "yesterday 14:02", "21 Nov 14:02", with the year where it is another one; "never" for 0.
 * time, now: seconds since the epoch. Transfer full. */
char *ocs_moment_past (gint64 time, gint64 now, GTimeZone *zone);

/* A time that is to come: "now", "in 12 minutes", "in 3 hours", "tomorrow 08:00", "28 Nov 08:00"; "not planned" for 0. Transfer full. */
char *ocs_moment_future (gint64 time, gint64 now, GTimeZone *zone);

/* "less than a minute", "12 minutes", "3 hours". seconds below 0 count as 0. Transfer full. */
char *ocs_moment_span (gint64 seconds);
