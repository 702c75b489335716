/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/schedule.h"
#include "ipc/json.h"

#define HOUR G_GINT64_CONSTANT (3600)
#define RETRY_FIRST 60
#define LOGIN_FIRST 1200 /* domains lock an account after a few wrong passwords within half an hour */
#define OVERDUE_WITHIN 600
#define FRESH_MINIMUM 60 /* a new period must not end with an immediate second contact */
#define EARLY_PART 20
#define LATER_PART 10

static gint64
part_of (gint64 seconds, double random01)
{
  return (gint64)((double)seconds * CLAMP (random01, 0.0, 1.0));
}

static gint64
period (const OcsSchedule *schedule)
{
  return schedule->prolog_freq_hours * HOUR;
}

void
ocs_schedule_init (OcsSchedule *schedule, gint64 prolog_freq_hours)
{
  *schedule = (OcsSchedule) {
      .prolog_freq_hours = prolog_freq_hours >= 1 ? MIN (prolog_freq_hours, OCS_SCHEDULE_HOURS_MAX) : OCS_SCHEDULE_DEFAULT_HOURS,
  };
}

void
ocs_schedule_at_start (OcsSchedule *schedule, gint64 now, double random01)
{
  (void)ocs_schedule_check (schedule, now, random01);
  if (schedule->inventory_on_startup || schedule->last_contact == 0)
    schedule->next_contact = now;
  else if (schedule->next_contact <= now)
    schedule->next_contact = now + part_of (OVERDUE_WITHIN, random01);
}

void
ocs_schedule_after_success (OcsSchedule *schedule, gint64 now, gint64 freq, double random01)
{
  gint64 hours = MIN (freq, OCS_SCHEDULE_HOURS_MAX);
  gboolean is_new = freq > 0 && hours != schedule->prolog_freq_hours;

  schedule->last_contact = now;
  schedule->last_success = now;
  schedule->failures = 0;
  if (is_new) {
    schedule->prolog_freq_hours = hours;
    schedule->next_contact = now + MAX (part_of (period (schedule), random01), FRESH_MINIMUM);
  } else
    schedule->next_contact = now + period (schedule) - part_of (period (schedule) / EARLY_PART, random01);
}

void
ocs_schedule_after_failure (OcsSchedule *schedule, gint64 now, OcsError code, double random01)
{
  gboolean login = code == OCS_ERROR_PROXY_AUTH || code == OCS_ERROR_SERVER_AUTH;
  gint64 delay = login ? LOGIN_FIRST : RETRY_FIRST;

  for (gint64 i = 0; i < schedule->failures && delay < period (schedule); i++)
    delay *= 2;
  delay = MIN (delay, period (schedule));
  schedule->last_contact = now;
  schedule->next_contact = now + delay - part_of (delay / 2, random01);
  if (schedule->failures < G_MAXINT32)
    schedule->failures++;
}

gint64
ocs_schedule_leave_alone (OcsSchedule *schedule, gint64 now, gint64 seconds, double random01)
{
  gint64 until = now + MIN (seconds + part_of (seconds / LATER_PART, random01), period (schedule));

  schedule->next_contact = MAX (schedule->next_contact, until);
  return until;
}

gboolean
ocs_schedule_check (OcsSchedule *schedule, gint64 now, double random01)
{
  gboolean mended = FALSE;

  if (schedule->next_contact > now + period (schedule)) {
    schedule->next_contact = now + part_of (period (schedule), random01);
    mended = TRUE;
  }
  if (schedule->last_contact > now) {
    schedule->last_contact = now;
    mended = TRUE;
  }
  if (schedule->last_success > now) {
    schedule->last_success = now;
    mended = TRUE;
  }
  return mended;
}

JsonObject *
ocs_schedule_to_json (const OcsSchedule *schedule)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "prolog_freq_hours", schedule->prolog_freq_hours);
  json_object_set_boolean_member (object, "inventory_on_startup", schedule->inventory_on_startup);
  json_object_set_int_member (object, "last_contact", schedule->last_contact);
  json_object_set_int_member (object, "last_success", schedule->last_success);
  json_object_set_int_member (object, "next_contact", schedule->next_contact);
  json_object_set_int_member (object, "failures", schedule->failures);
  return object;
}

static gint64
read_time (JsonObject *object, const char *member)
{
  /* Far below overflow in sums, far above any date. */
  return CLAMP (ocs_json_int (object, member, 0), 0, G_GINT64_CONSTANT (1) << 50);
}

void
ocs_schedule_from_json (OcsSchedule *schedule, JsonObject *object)
{
  ocs_schedule_init (schedule, ocs_json_int (object, "prolog_freq_hours", OCS_SCHEDULE_DEFAULT_HOURS));
  schedule->inventory_on_startup = ocs_json_bool (object, "inventory_on_startup", FALSE);
  schedule->last_contact = read_time (object, "last_contact");
  schedule->last_success = read_time (object, "last_success");
  schedule->next_contact = read_time (object, "next_contact");
  schedule->failures = CLAMP (ocs_json_int (object, "failures", 0), 0, G_MAXINT32);
}
