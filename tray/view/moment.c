/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Times in words. A past time is named by its clock, since that never goes stale while it is read; a time to come by its distance
 * while it is near. Must not read a clock, the environment or the zone files: all come in. */
#define G_LOG_DOMAIN "ocs-moment"
#include "tray/view/moment.h"

#include <glib/gi18n-lib.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static GDateTime *
local_time (gint64 time, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time);
  return utc ? g_date_time_to_timezone (utc, zone) : NULL;
}

/* Days by the calendar, not by 24 hours: 23:59 is yesterday two minutes later. */
static int
days_between (GDateTime *from, GDateTime *to)
{
  g_autoptr (GDate) first = g_date_new_dmy (g_date_time_get_day_of_month (from), (GDateMonth)g_date_time_get_month (from),
                                            (GDateYear)g_date_time_get_year (from));
  g_autoptr (GDate) last =
      g_date_new_dmy (g_date_time_get_day_of_month (to), (GDateMonth)g_date_time_get_month (to), (GDateYear)g_date_time_get_year (to));
  return g_date_days_between (first, last);
}

static char *
calendar (gint64 time, gint64 now, GTimeZone *zone)
{
  g_autoptr (GDateTime) then = local_time (time, zone);
  g_autoptr (GDateTime) today = local_time (now, zone);
  if (then == NULL || today == NULL)
    return g_strdup (_ ("at an unknown time"));
  int days = days_between (today, then);
  if (days == 0)
    return g_date_time_format (then, C_ ("g_date_time_format", "today %H:%M"));
  if (days == -1)
    return g_date_time_format (then, C_ ("g_date_time_format", "yesterday %H:%M"));
  if (days == 1)
    return g_date_time_format (then, C_ ("g_date_time_format", "tomorrow %H:%M"));
  if (g_date_time_get_year (then) == g_date_time_get_year (today))
    return g_date_time_format (then, C_ ("g_date_time_format", "%-d %b %H:%M"));
  return g_date_time_format (then, C_ ("g_date_time_format", "%-d %b %Y %H:%M"));
}

char *
ocs_moment_past (gint64 time, gint64 now, GTimeZone *zone)
{
  if (time <= 0)
    return g_strdup (_ ("never"));
  return calendar (time, now, zone);
}

char *
ocs_moment_future (gint64 time, gint64 now, GTimeZone *zone)
{
  if (time <= 0)
    return g_strdup (_ ("not planned"));
  if (time <= now)
    return g_strdup (_ ("now"));
  if (time - now >= DAY)
    return calendar (time, now, zone);
  g_autofree char *span = ocs_moment_span (time - now);
  return g_strdup_printf (C_ ("a span of time", "in %s"), span);
}

char *
ocs_moment_span (gint64 seconds)
{
  gint64 bounded = CLAMP (seconds, 0, G_MAXINT);
  gint64 minutes = (bounded + MINUTE / 2) / MINUTE;
  gint64 hours = (bounded + HOUR / 2) / HOUR;
  if (seconds < MINUTE)
    return g_strdup (_ ("less than a minute"));
  if (minutes < 60)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d minute", "%d minutes", (gulong)minutes), (int)minutes);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d hour", "%d hours", (gulong)hours), (int)MIN (hours, G_MAXINT));
}
