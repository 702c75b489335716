/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/hours.h"
#include <stdio.h>
#include <string.h>

#define DAY_MINUTES (24 * 60)
#define WINDOWS_MAX 64

typedef struct {
  gboolean days[7]; /* on which it begins; Monday first */
  int from;         /* minutes of the day */
  int length;       /* minutes, by the clock */
} Window;

struct _OcsHours {
  GArray *windows; /* owned; element-type Window */
};

gint64
ocs_hours_schedule (const char *text, GTimeZone *zone)
{
  int year, month, day, hour, minute;
  g_autoptr (GDateTime) time = NULL;

  if (text == NULL || sscanf (text, "%4d/%2d/%2d %2d:%2d", &year, &month, &day, &hour, &minute) != 5)
    return 0;
  time = g_date_time_new (zone, year, month, day, hour, minute, 0);
  return time != NULL ? g_date_time_to_unix (time) : 0;
}

static int
read_day (const char *text, gsize length)
{
  static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

  for (guint i = 0; i < G_N_ELEMENTS (days) && length == 3; i++)
    if (g_ascii_strncasecmp (text, days[i], 3) == 0)
      return (int)i;
  return -1;
}

/* "Sat" or "Mon-Fri", also over the end of the week. */
static gboolean
read_days (const char *word, gboolean *days)
{
  gsize first_length = strcspn (word, "-");
  int first = read_day (word, first_length);
  const char *rest = word + first_length;
  int last = *rest == '-' ? read_day (rest + 1, strlen (rest + 1)) : first;

  if (first < 0 || last < 0)
    return FALSE;
  for (int day = first;; day = (day + 1) % 7) {
    days[day] = TRUE;
    if (day == last)
      return TRUE;
  }
}

static gboolean
read_clock (const char **at, int *minutes)
{
  const char *text = *at;
  int hour, minute;

  if (!g_ascii_isdigit (text[0]))
    return FALSE;
  hour = *text++ - '0';
  if (g_ascii_isdigit (*text))
    hour = hour * 10 + (*text++ - '0');
  if (text[0] != ':' || !g_ascii_isdigit (text[1]) || !g_ascii_isdigit (text[2]))
    return FALSE;
  minute = (text[1] - '0') * 10 + (text[2] - '0');
  *at = text + 3;
  *minutes = hour * 60 + minute;
  return minute < 60 && *minutes <= DAY_MINUTES;
}

static gboolean
read_hours (const char *word, Window *window)
{
  int to = 0;

  if (!read_clock (&word, &window->from) || *word++ != '-' || !read_clock (&word, &to) || *word != '\0' || window->from == DAY_MINUTES)
    return FALSE;
  window->length = to > window->from ? to - window->from : to + DAY_MINUTES - window->from;
  return to != window->from;
}

static gboolean
read_window (const char *text, Window *window)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);
  gboolean any_days = FALSE, any_hours = FALSE;

  window->length = DAY_MINUTES;
  for (guint i = 0; words[i] != NULL; i++) {
    if (*words[i] == '\0')
      continue;
    if (!any_hours && read_days (words[i], window->days))
      any_days = TRUE;
    else if (!any_hours && read_hours (words[i], window))
      any_hours = TRUE;
    else
      return FALSE;
  }
  for (guint day = 0; day < 7 && !any_days; day++)
    window->days[day] = TRUE;
  return any_days || any_hours;
}

OcsHours *
ocs_hours_parse (const char *text, char **why)
{
  g_autoptr (OcsHours) hours = g_new0 (OcsHours, 1);
  g_auto (GStrv) parts = g_strsplit (text, ",", WINDOWS_MAX + 1);

  *why = NULL;
  hours->windows = g_array_new (FALSE, TRUE, sizeof (Window));
  for (guint i = 0; parts[i] != NULL; i++) {
    Window window = {{FALSE}, 0, 0};

    if (i == WINDOWS_MAX || !read_window (parts[i], &window)) {
      *why = g_strdup_printf ("'%.40s' is no window of time", i < WINDOWS_MAX ? g_strstrip (parts[i]) : "…");
      return NULL;
    }
    g_array_append_val (hours->windows, window);
  }
  if (hours->windows->len > 0)
    return g_steal_pointer (&hours);
  *why = g_strdup ("nothing is no window of time");
  return NULL;
}

void
ocs_hours_free (OcsHours *hours)
{
  if (hours == NULL)
    return;
  g_array_unref (hours->windows);
  g_free (hours);
}

/* The instant of so many minutes after the midnight with which day begins, by the clock on the wall. */
static gint64
instant (GDateTime *day, GTimeZone *zone, int minutes)
{
  g_autoptr (GDateTime) shifted = g_date_time_add_days (day, minutes / DAY_MINUTES);
  int rest = minutes % DAY_MINUTES;
  g_autoptr (GDateTime) time = g_date_time_new (zone, g_date_time_get_year (shifted), g_date_time_get_month (shifted),
                                                g_date_time_get_day_of_month (shifted), rest / 60, rest % 60, 0);

  return time != NULL ? g_date_time_to_unix (time) : 0;
}

gint64
ocs_hours_opens (const OcsHours *hours, GTimeZone *zone, gint64 now)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now);
  g_autoptr (GDateTime) here = utc != NULL ? g_date_time_to_timezone (utc, zone) : NULL;
  gint64 next = 0;

  if (hours == NULL || here == NULL)
    return 0;
  for (int ahead = -1; ahead <= 7; ahead++) {
    g_autoptr (GDateTime) day = g_date_time_add_days (here, ahead);

    for (guint i = 0; i < hours->windows->len; i++) {
      const Window *window = &g_array_index (hours->windows, Window, i);
      gint64 begins, ends;

      if (!window->days[g_date_time_get_day_of_week (day) - 1])
        continue;
      begins = instant (day, zone, window->from);
      ends = instant (day, zone, window->from + window->length);
      /* Wholly in an hour that is skipped: right after it, as long as it would have been. */
      if (ends <= begins)
        ends = begins + window->length * 60;
      if (begins <= now && now < ends)
        return 0;
      if (begins > now && (next == 0 || begins < next))
        next = begins;
    }
  }
  return next;
}
