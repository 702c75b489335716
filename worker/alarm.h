/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the next contact begins: by the schedule, or sooner for people or a network that has changed, but never as a storm. */
#pragma once
#include "worker/core/schedule.h"

typedef struct _OcsAlarm OcsAlarm;
typedef void (*OcsAlarmFunc) (gpointer user_data);
/* LOGIN: a network that has changed, where a login was not accepted. */
typedef enum { OCS_ALARM_PEOPLE, OCS_ALARM_NETWORK, OCS_ALARM_LOGIN, OCS_ALARM_N } OcsAlarmCause;

/* schedule: borrowed: outlives us. on_due: a contact is to begin. */
OcsAlarm *ocs_alarm_new (OcsSchedule *schedule, OcsAlarmFunc on_due, gpointer user_data);
void ocs_alarm_free (OcsAlarm *alarm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsAlarm, ocs_alarm_free)

/* The worker starts. */
void ocs_alarm_start (OcsAlarm *alarm);
/* Calls on_due when the schedule says so; at once where that is now. */
void ocs_alarm_set (OcsAlarm *alarm);
/* Calls on_due after so many seconds. */
void ocs_alarm_set_for (OcsAlarm *alarm, guint seconds);
/* A contact begins: nothing is due until one of the above. */
void ocs_alarm_stop (OcsAlarm *alarm);

/* Whether a contact may begin now for that cause; otherwise on_due is called as soon as it may. */
gboolean ocs_alarm_hurry (OcsAlarm *alarm, OcsAlarmCause cause) G_GNUC_WARN_UNUSED_RESULT;

/* How a contact ended, for the schedule. freq: see ocs_schedule_after_success(). error: may ask to be left alone; nullable. */
void ocs_alarm_succeed (OcsAlarm *alarm, gint64 freq);
void ocs_alarm_fail (OcsAlarm *alarm, const GError *error);
/* The server has asked not to be contacted before later; only people may. */
gboolean ocs_alarm_is_left_alone (const OcsAlarm *alarm);
