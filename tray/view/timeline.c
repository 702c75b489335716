/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outcomes of contacts to marks on a line. Must not draw, nor read a clock. */
#define G_LOG_DOMAIN "ocs-timeline"
#include "tray/view/timeline.h"

#include "ipc/error.h"
#include "tray/view/moment.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>

#define DAY (24 * 60 * 60)
#define LENGTH ((gint64)OCS_TIMELINE_DAYS * DAY)

static void
mark_free (gpointer data)
{
  OcsMark *mark = data;
  g_free (mark->words);
  g_free (mark);
}

static void
day_free (gpointer data)
{
  OcsTimelineDay *day = data;
  g_free (day->name);
  g_free (day);
}

static OcsMarkShape
shape_of (const OcsOutcome *outcome)
{
  OcsError code = outcome->reason ? ocs_error_from_nick (outcome->reason->code) : OCS_ERROR_FAILED;
  switch (outcome->kind) {
  case OCS_OUTCOME_SENT:
    return OCS_MARK_DISC;
  case OCS_OUTCOME_CONTACTED:
  case OCS_OUTCOME_SWITCHED_OFF:
    return OCS_MARK_RING;
  case OCS_OUTCOME_QUEUED:
    return OCS_MARK_DASH;
  case OCS_OUTCOME_FAILED:
  default:
    return code == OCS_ERROR_UNREACHABLE || code == OCS_ERROR_PROXY_UNREACHABLE ? OCS_MARK_DASH : OCS_MARK_CROSS;
  }
}

static OcsMark *
mark_new (const OcsOutcome *outcome, gint64 now, GTimeZone *zone)
{
  OcsMark *mark = g_new0 (OcsMark, 1);
  g_autofree char *words = ocs_words_outcome (outcome);
  g_autofree char *when = ocs_moment_past (outcome->time, now, zone);
  mark->place = 1.0 - (double)(now - outcome->time) / (double)LENGTH;
  mark->shape = shape_of (outcome);
  mark->words = g_strdup_printf (C_ ("when: what happened", "%s: %s"), when, words);
  return mark;
}

/* Midnights by the calendar: a day of 23 or 25 hours is one. */
static void
add_days (OcsTimeline *timeline, gint64 now, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, zone) : NULL;
  for (int back = OCS_TIMELINE_DAYS; local && back >= 0; back--) {
    g_autoptr (GDateTime) then = g_date_time_add_days (local, -back);
    g_autoptr (GDateTime) midnight = then ? g_date_time_new (zone, g_date_time_get_year (then), g_date_time_get_month (then),
                                                             g_date_time_get_day_of_month (then), 0, 0, 0)
                                          : NULL;
    gint64 time = midnight ? g_date_time_to_unix (midnight) : 0;
    if (midnight == NULL || time < now - LENGTH || time > now)
      continue;
    OcsTimelineDay *day = g_new0 (OcsTimelineDay, 1);
    day->place = 1.0 - (double)(now - time) / (double)LENGTH;
    day->name = g_date_time_format (midnight, C_ ("g_date_time_format, a day of the week, short", "%a"));
    g_ptr_array_add (timeline->days, day);
  }
}

static char *
sum_up (const OcsTimeline *timeline)
{
  guint crosses = 0;
  guint count = timeline->marks->len;
  for (guint i = 0; i < count; i++) {
    const OcsMark *mark = timeline->marks->pdata[i];
    crosses += mark->shape == OCS_MARK_CROSS;
  }
  if (count == 0)
    return g_strdup (_ ("No contact in the last 7 days"));
  g_autofree char *all =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u contact in the last 7 days", "%u contacts in the last 7 days", count), count);
  if (crosses == 0)
    return g_steal_pointer (&all);
  g_autofree char *bad = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u failed", "%u failed", crosses), crosses);
  return g_strdup_printf (C_ ("contacts, failed ones", "%s, %s"), all, bad);
}

OcsTimeline *
ocs_timeline_build (const GPtrArray *contacts, gint64 now, GTimeZone *zone)
{
  OcsTimeline *timeline = g_new0 (OcsTimeline, 1);
  timeline->marks = g_ptr_array_new_with_free_func (mark_free);
  timeline->days = g_ptr_array_new_with_free_func (day_free);
  for (guint i = 0; i < contacts->len; i++) {
    const OcsOutcome *outcome = contacts->pdata[i];
    if (outcome->time > now - LENGTH && outcome->time <= now)
      g_ptr_array_add (timeline->marks, mark_new (outcome, now, zone));
  }
  add_days (timeline, now, zone);
  timeline->words = sum_up (timeline);
  return timeline;
}

void
ocs_timeline_free (OcsTimeline *timeline)
{
  g_ptr_array_unref (timeline->marks);
  g_ptr_array_unref (timeline->days);
  g_free (timeline->words);
  g_free (timeline);
}
