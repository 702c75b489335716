/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "worker/core/schedule.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000)
#define HOUR 3600

static void
test_start (void)
{
  OcsSchedule schedule;

  ocs_schedule_init (&schedule, 24);
  ocs_schedule_at_start (&schedule, NOW, 0.9);
  g_assert_cmpint (schedule.next_contact, ==, NOW); /* never contacted */

  schedule = (OcsSchedule) {.prolog_freq_hours = 24, .last_contact = NOW - 100, .last_success = NOW - 100, .next_contact = NOW + 5000};
  ocs_schedule_at_start (&schedule, NOW, 0.5);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 5000); /* stays */
  schedule.inventory_on_startup = TRUE;
  ocs_schedule_at_start (&schedule, NOW, 0.5);
  g_assert_cmpint (schedule.next_contact, ==, NOW);

  schedule = (OcsSchedule) {.prolog_freq_hours = 24, .last_contact = NOW - 90000, .next_contact = NOW - 3600};
  ocs_schedule_at_start (&schedule, NOW, 0.5);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 300); /* overdue: soon */
  schedule.next_contact = NOW - 3600;
  ocs_schedule_at_start (&schedule, NOW, 1.0);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 600);
}

static void
test_success (void)
{
  OcsSchedule schedule;

  ocs_schedule_init (&schedule, 10);
  schedule.failures = 7;
  ocs_schedule_after_success (&schedule, NOW, 10, 0.0);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 10 * HOUR);
  g_assert_cmpint (schedule.failures, ==, 0);
  g_assert_cmpint (schedule.last_success, ==, NOW);
  g_assert_cmpint (schedule.last_contact, ==, NOW);
  ocs_schedule_after_success (&schedule, NOW, 0, 1.0);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 10 * HOUR - 10 * HOUR / 20); /* early, never late */
  g_assert_cmpint (schedule.prolog_freq_hours, ==, 10);
}

static void
test_new_freq (void)
{
  OcsSchedule schedule;

  ocs_schedule_init (&schedule, 10);
  ocs_schedule_after_success (&schedule, NOW, 24, 0.25);
  g_assert_cmpint (schedule.prolog_freq_hours, ==, 24);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 6 * HOUR);
  ocs_schedule_after_success (&schedule, NOW, 48, 0.0);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 60);
  ocs_schedule_after_success (&schedule, NOW, 168, 1.0);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 168 * HOUR);
  ocs_schedule_after_success (&schedule, NOW, G_MAXINT64, 1.0);
  g_assert_cmpint (schedule.prolog_freq_hours, ==, OCS_SCHEDULE_HOURS_MAX);
  ocs_schedule_after_success (&schedule, NOW, G_MININT64, 1.0);
  g_assert_cmpint (schedule.prolog_freq_hours, ==, OCS_SCHEDULE_HOURS_MAX);
}

static void
test_back_off (void)
{
  OcsSchedule schedule;
  gint64 delays[12];

  ocs_schedule_init (&schedule, 10);
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++) {
    ocs_schedule_after_failure (&schedule, NOW, OCS_ERROR_UNREACHABLE, 0.0);
    delays[i] = schedule.next_contact - NOW;
  }
  g_assert_cmpint (delays[0], ==, 60);
  g_assert_cmpint (delays[1], ==, 120);
  g_assert_cmpint (delays[5], ==, 1920);
  g_assert_cmpint (delays[11], ==, 10 * HOUR);
  g_assert_cmpint (schedule.failures, ==, 12);
  g_assert_cmpint (schedule.last_contact, ==, NOW);
  g_assert_cmpint (schedule.last_success, ==, 0);
  schedule.failures = G_MAXINT32;
  ocs_schedule_after_failure (&schedule, NOW, OCS_ERROR_UNREACHABLE, 1.0);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 5 * HOUR); /* jitter: the upper half */
  g_assert_cmpint (schedule.failures, ==, G_MAXINT32);
}

/* Three tries at most within half an hour, however they fall. */
static void
test_login (void)
{
  OcsSchedule schedule;
  gint64 now = NOW;

  ocs_schedule_init (&schedule, 10);
  for (guint i = 0; i < 3; i++) {
    ocs_schedule_after_failure (&schedule, now, OCS_ERROR_PROXY_AUTH, 1.0);
    now = schedule.next_contact;
  }
  g_assert_cmpint (now, >, NOW + 1800);
  ocs_schedule_init (&schedule, 10);
  ocs_schedule_after_failure (&schedule, NOW, OCS_ERROR_SERVER_AUTH, 0.0);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 1200);
}

static void
test_clock (void)
{
  OcsSchedule schedule = {.prolog_freq_hours = 24, .last_contact = NOW, .last_success = NOW, .next_contact = NOW + 24 * HOUR};

  g_assert_false (ocs_schedule_check (&schedule, NOW, 0.5));
  g_assert_false (ocs_schedule_check (&schedule, NOW + 100 * HOUR, 0.5)); /* forward: simply due */
  g_assert_true (ocs_schedule_check (&schedule, NOW - 1000 * HOUR, 0.5));
  g_assert_cmpint (schedule.next_contact, ==, NOW - 1000 * HOUR + 12 * HOUR);
  g_assert_cmpint (schedule.last_success, ==, NOW - 1000 * HOUR);
  g_assert_false (ocs_schedule_check (&schedule, NOW - 1000 * HOUR, 0.5));

  schedule = (OcsSchedule) {.prolog_freq_hours = 1, .last_contact = NOW, .next_contact = NOW + 500 * HOUR};
  ocs_schedule_at_start (&schedule, NOW, 1.0);
  g_assert_cmpint (schedule.next_contact, ==, NOW + HOUR);
}

static void
test_random_range (void)
{
  OcsSchedule schedule;

  ocs_schedule_init (&schedule, 10);
  ocs_schedule_after_success (&schedule, NOW, 24, 1e9);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 24 * HOUR);
  ocs_schedule_after_success (&schedule, NOW, 24, -5.0);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 24 * HOUR);
}

static void
test_json (void)
{
  OcsSchedule schedule = {24, TRUE, 1, 2, 3, 4};
  OcsSchedule back;
  g_autoptr (JsonObject) object = ocs_schedule_to_json (&schedule);
  const char *text = "{\"prolog_freq_hours\":-3,\"last_contact\":-1,\"next_contact\":9223372036854775807,\"failures\":\"x\","
                     "\"inventory_on_startup\":7}";
  g_autoptr (JsonObject) odd = ocs_json_parse (text, strlen (text), NULL);

  ocs_schedule_from_json (&back, object);
  g_assert_cmpint (back.prolog_freq_hours, ==, 24);
  g_assert_true (back.inventory_on_startup);
  g_assert_cmpint (back.last_contact, ==, 1);
  g_assert_cmpint (back.last_success, ==, 2);
  g_assert_cmpint (back.next_contact, ==, 3);
  g_assert_cmpint (back.failures, ==, 4);
  g_assert_nonnull (odd);
  ocs_schedule_from_json (&back, odd);
  g_assert_cmpint (back.prolog_freq_hours, ==, OCS_SCHEDULE_DEFAULT_HOURS);
  g_assert_cmpint (back.last_contact, ==, 0);
  g_assert_cmpint (back.failures, ==, 0);
  g_assert_false (back.inventory_on_startup);
  g_assert_true (ocs_schedule_check (&back, NOW, 0.0));
  g_assert_cmpint (back.next_contact, ==, NOW);
}

static void
test_leave_alone (void)
{
  OcsSchedule schedule;

  ocs_schedule_init (&schedule, 2);
  ocs_schedule_after_failure (&schedule, NOW, OCS_ERROR_UNREACHABLE, 0.0);
  g_assert_cmpint (ocs_schedule_leave_alone (&schedule, NOW, 1000, 0.0), ==, NOW + 1000);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 1000);
  g_assert_cmpint (ocs_schedule_leave_alone (&schedule, NOW, 1000, 1.0), ==, NOW + 1100);
  /* Shorter than what we wait anyway; longer than the period, which a check would take for a clock that jumped. */
  g_assert_cmpint (ocs_schedule_leave_alone (&schedule, NOW, 10, 0.0), ==, NOW + 10);
  g_assert_cmpint (schedule.next_contact, ==, NOW + 1100);
  g_assert_cmpint (ocs_schedule_leave_alone (&schedule, NOW, 86400, 1.0), ==, NOW + 7200);
  g_assert_false (ocs_schedule_check (&schedule, NOW, 0.5));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schedule/start", test_start);
  g_test_add_func ("/schedule/success", test_success);
  g_test_add_func ("/schedule/new-freq", test_new_freq);
  g_test_add_func ("/schedule/back-off", test_back_off);
  g_test_add_func ("/schedule/login", test_login);
  g_test_add_func ("/schedule/clock", test_clock);
  g_test_add_func ("/schedule/random-range", test_random_range);
  g_test_add_func ("/schedule/json", test_json);
  g_test_add_func ("/schedule/leave alone", test_leave_alone);
  return g_test_run ();
}
