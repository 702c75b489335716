/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/alarm.h"
#include "worker/io/clock.h"

typedef struct {
  OcsSchedule schedule;
  OcsAlarm *alarm; /* owned */
  guint due;
} Case;

static void
on_due (gpointer user_data)
{
  ((Case *)user_data)->due++;
}

static void
set_up (Case *c, gconstpointer data)
{
  ocs_schedule_init (&c->schedule, 10);
  c->schedule.last_contact = ocs_clock_now ();
  c->schedule.next_contact = ocs_clock_now () + 3600;
  c->alarm = ocs_alarm_new (&c->schedule, on_due, c);
}

static void
tear_down (Case *c, gconstpointer data)
{
  ocs_alarm_free (c->alarm);
}

static guint
hurry_often (Case *c, OcsAlarmCause cause, guint times)
{
  guint had = 0;

  for (guint i = 0; i < times; i++)
    had += ocs_alarm_hurry (c->alarm, cause);
  return had;
}

/* A network that comes and goes must neither call the server all day nor take the people's turn. */
static void
test_storms (Case *c, gconstpointer data)
{
  g_assert_cmpuint (hurry_often (c, OCS_ALARM_NETWORK, 100), ==, 5);
  g_assert_cmpuint (hurry_often (c, OCS_ALARM_LOGIN, 100), ==, 1);
  g_assert_cmpuint (hurry_often (c, OCS_ALARM_PEOPLE, 100), ==, 20);
  /* A contact of the schedule is one for those who wait too; what they may ask for does not grow by it. */
  ocs_alarm_stop (c->alarm);
  ocs_alarm_set (c->alarm);
  g_assert_cmpuint (hurry_often (c, OCS_ALARM_NETWORK, 100) + hurry_often (c, OCS_ALARM_PEOPLE, 100), ==, 0);
  g_assert_cmpuint (c->due, ==, 0);
}

static void
test_due (Case *c, gconstpointer data)
{
  ocs_alarm_set (c->alarm);
  g_assert_cmpuint (c->due, ==, 0);
  c->schedule.next_contact = ocs_clock_now () - 1;
  ocs_alarm_set (c->alarm);
  g_assert_cmpuint (c->due, ==, 1);
  /* The clock was set back by years. */
  c->schedule.next_contact = ocs_clock_now () + 3 * 365 * 24 * 3600;
  ocs_alarm_set (c->alarm);
  g_assert_cmpint (c->schedule.next_contact, <=, ocs_clock_now () + 10 * 3600);
}

static void
test_left_alone (Case *c, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_BUSY, "later");

  ocs_alarm_fail (c->alarm, NULL);
  g_assert_false (ocs_alarm_is_left_alone (c->alarm));
  ocs_error_set_retry_after (error, 1800);
  ocs_alarm_fail (c->alarm, error);
  g_assert_true (ocs_alarm_is_left_alone (c->alarm));
  g_assert_cmpint (c->schedule.next_contact, >=, ocs_clock_now () + 1790);
  ocs_alarm_succeed (c->alarm, 0);
  g_assert_cmpint (c->schedule.failures, ==, 0);
  g_assert_false (ocs_alarm_is_left_alone (c->alarm));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/alarm/storms", Case, NULL, set_up, test_storms, tear_down);
  g_test_add ("/alarm/due", Case, NULL, set_up, test_due, tear_down);
  g_test_add ("/alarm/left-alone", Case, NULL, set_up, test_left_alone, tear_down);
  return g_test_run ();
}
