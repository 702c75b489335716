/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-alarm"
#include "worker/alarm.h"
#include "ipc/error.h"
#include "worker/core/patience.h"
#include "worker/io/clock.h"

/* Longest sleep, so that a clock that was set and a machine that slept are noticed. */
#define SLEEP_MAX 300

typedef struct {
  OcsAlarm *alarm; /* borrowed: holds us */
  OcsPatience patience;
  guint wake; /* when it may */
} Cause;

struct _OcsAlarm {
  OcsSchedule *schedule; /* borrowed: outlives us */
  Cause causes[OCS_ALARM_N];
  gint64 leave_alone; /* when the server may be contacted again; monotonic milliseconds */
  guint wake;         /* by the schedule */
  OcsAlarmFunc on_due;
  gpointer user_data; /* borrowed: the agent */
};

static const OcsPatience patience[] = {
    /* Nobody clicks as often; a program may. */
    [OCS_ALARM_PEOPLE] = {.burst = 20, .every = 15 * 1000},
    /* Networks of containers, and a radio at the edge of its range, come and go all day. */
    [OCS_ALARM_NETWORK] = {.burst = 5, .every = 300 * 1000},
    /* Each try with a wrong password may be the one that locks the account. */
    [OCS_ALARM_LOGIN] = {.burst = 1, .every = 1200 * 1000},
};
G_STATIC_ASSERT (G_N_ELEMENTS (patience) == OCS_ALARM_N);

OcsAlarm *
ocs_alarm_new (OcsSchedule *schedule, OcsAlarmFunc on_due, gpointer user_data)
{
  OcsAlarm *alarm = g_new0 (OcsAlarm, 1);

  alarm->schedule = schedule;
  for (guint i = 0; i < OCS_ALARM_N; i++)
    alarm->causes[i] = (Cause) {.alarm = alarm, .patience = patience[i]};
  alarm->on_due = on_due;
  alarm->user_data = user_data;
  return alarm;
}

void
ocs_alarm_free (OcsAlarm *alarm)
{
  if (alarm == NULL)
    return;
  ocs_alarm_stop (alarm);
  g_free (alarm);
}

static gboolean
on_wake (gpointer user_data)
{
  OcsAlarm *alarm = user_data;
  gint64 now = ocs_clock_now ();

  alarm->wake = 0;
  (void)ocs_schedule_check (alarm->schedule, now, ocs_clock_random ());
  if (alarm->schedule->next_contact <= now)
    alarm->on_due (alarm->user_data);
  else
    alarm->wake = g_timeout_add_seconds ((guint)CLAMP (alarm->schedule->next_contact - now, 1, SLEEP_MAX), on_wake, alarm);
  return G_SOURCE_REMOVE;
}

static gboolean
on_cause_may (gpointer user_data)
{
  Cause *cause = user_data;

  cause->wake = 0;
  cause->alarm->on_due (cause->alarm->user_data);
  return G_SOURCE_REMOVE;
}

void
ocs_alarm_start (OcsAlarm *alarm)
{
  ocs_schedule_at_start (alarm->schedule, ocs_clock_now (), ocs_clock_random ());
  ocs_alarm_set (alarm);
}

void
ocs_alarm_set (OcsAlarm *alarm)
{
  g_clear_handle_id (&alarm->wake, g_source_remove);
  on_wake (alarm);
}

void
ocs_alarm_set_for (OcsAlarm *alarm, guint seconds)
{
  g_clear_handle_id (&alarm->wake, g_source_remove);
  alarm->wake = g_timeout_add_seconds (seconds, on_wake, alarm);
}

void
ocs_alarm_stop (OcsAlarm *alarm)
{
  g_clear_handle_id (&alarm->wake, g_source_remove);
  for (guint i = 0; i < OCS_ALARM_N; i++)
    g_clear_handle_id (&alarm->causes[i].wake, g_source_remove);
}

gboolean
ocs_alarm_hurry (OcsAlarm *alarm, OcsAlarmCause which)
{
  Cause *cause = &alarm->causes[which];
  gint64 wait;

  if (cause->wake != 0)
    return FALSE;
  wait = ocs_patience_take (&cause->patience, ocs_clock_monotonic ());
  if (wait == 0)
    return TRUE;
  g_message ("contacts are asked for too often: the next begins in %" G_GINT64_FORMAT " s", wait / 1000 + 1);
  cause->wake = g_timeout_add ((guint)MIN (wait, G_MAXINT), on_cause_may, cause);
  return FALSE;
}

void
ocs_alarm_succeed (OcsAlarm *alarm, gint64 freq)
{
  alarm->leave_alone = 0;
  ocs_schedule_after_success (alarm->schedule, ocs_clock_now (), freq, ocs_clock_random ());
}

void
ocs_alarm_fail (OcsAlarm *alarm, const GError *error)
{
  gint64 now = ocs_clock_now ();
  gint64 until;

  ocs_schedule_after_failure (alarm->schedule, now, ocs_error_code (error), ocs_clock_random ());
  until = ocs_schedule_leave_alone (alarm->schedule, now, ocs_error_retry_after (error), ocs_clock_random ());
  alarm->leave_alone = ocs_clock_monotonic () + (until - now) * 1000;
}

gboolean
ocs_alarm_is_left_alone (const OcsAlarm *alarm)
{
  return alarm->leave_alone > ocs_clock_monotonic ();
}
