/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/hours.h"

static GTimeZone *
berlin (void)
{
  GTimeZone *zone = g_time_zone_new_identifier ("CET-1CEST,M3.5.0,M10.5.0/3");

  g_assert_nonnull (zone);
  return zone;
}

static gint64
at (const char *utc)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (utc, NULL);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time);
}

static void
test_schedule (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  g_assert_cmpint (ocs_hours_schedule ("1970/01/01 01:30", zone), ==, 5400);
  g_assert_cmpint (ocs_hours_schedule ("2026/1/2 3:04", zone), ==, at ("2026-01-02T03:04:00Z"));
  g_assert_cmpint (ocs_hours_schedule ("", zone), ==, 0);
  g_assert_cmpint (ocs_hours_schedule (NULL, zone), ==, 0);
  g_assert_cmpint (ocs_hours_schedule ("tomorrow", zone), ==, 0);
  g_assert_cmpint (ocs_hours_schedule ("2026/13/40 25:61", zone), ==, 0);
  g_assert_cmpint (ocs_hours_schedule ("2026/02/30 10:00", zone), ==, 0);
}

/* An hour that is skipped runs right after; one that repeats is one moment. */
static void
test_schedule_daylight (void)
{
  g_autoptr (GTimeZone) zone = berlin ();
  gint64 repeated;

  g_assert_cmpint (ocs_hours_schedule ("2026/03/29 01:59", zone), ==, at ("2026-03-29T00:59:00Z"));
  g_assert_cmpint (ocs_hours_schedule ("2026/03/29 02:00", zone), ==, at ("2026-03-29T01:00:00Z"));
  g_assert_cmpint (ocs_hours_schedule ("2026/03/29 02:30", zone), ==, at ("2026-03-29T01:00:00Z"));
  g_assert_cmpint (ocs_hours_schedule ("2026/03/29 03:00", zone), ==, at ("2026-03-29T01:00:00Z"));
  repeated = ocs_hours_schedule ("2026/10/25 02:30", zone);
  g_assert_true (repeated == at ("2026-10-25T00:30:00Z") || repeated == at ("2026-10-25T01:30:00Z"));
  g_assert_cmpint (ocs_hours_schedule ("2026/10/25 03:00", zone), ==, at ("2026-10-25T02:00:00Z"));
}

static gint64
opens (const char *text, GTimeZone *zone, const char *utc)
{
  g_autofree char *why = NULL;
  g_autoptr (OcsHours) hours = ocs_hours_parse (text, &why);

  g_assert_cmpstr (why, ==, NULL);
  g_assert_nonnull (hours);
  return ocs_hours_opens (hours, zone, at (utc));
}

/* 2026-11-22 is a Sunday. */
static void
test_windows (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_utc ();

  g_assert_cmpint (ocs_hours_opens (NULL, zone, 5), ==, 0);
  g_assert_cmpint (opens ("9:00-17:00", zone, "2026-11-22T08:59:59Z"), ==, at ("2026-11-22T09:00:00Z"));
  g_assert_cmpint (opens ("9:00-17:00", zone, "2026-11-22T09:00:00Z"), ==, 0);
  g_assert_cmpint (opens ("9:00-17:00", zone, "2026-11-22T16:59:59Z"), ==, 0);
  g_assert_cmpint (opens ("9:00-17:00", zone, "2026-11-22T17:00:00Z"), ==, at ("2026-11-23T09:00:00Z"));
  g_assert_cmpint (opens ("22:00-06:00", zone, "2026-11-22T05:59:00Z"), ==, 0);
  g_assert_cmpint (opens ("22:00-06:00", zone, "2026-11-22T06:00:00Z"), ==, at ("2026-11-22T22:00:00Z"));
  g_assert_cmpint (opens ("22:00-06:00", zone, "2026-11-22T23:00:00Z"), ==, 0);
  g_assert_cmpint (opens ("Mon-Fri 20:00-06:00, sat, Sun", zone, "2026-11-22T12:00:00Z"), ==, 0);
  g_assert_cmpint (opens ("Mon-Fri 20:00-06:00, sat, Sun", zone, "2026-11-23T00:00:00Z"), ==, at ("2026-11-23T20:00:00Z"));
  g_assert_cmpint (opens ("Mon-Fri 20:00-06:00", zone, "2026-11-28T05:00:00Z"), ==, 0);
  g_assert_cmpint (opens ("Mon-Fri 20:00-06:00", zone, "2026-11-28T06:00:00Z"), ==, at ("2026-11-30T20:00:00Z"));
  g_assert_cmpint (opens ("Sat-Mon", zone, "2026-11-24T00:00:00Z"), ==, at ("2026-11-28T00:00:00Z"));
  g_assert_cmpint (opens ("Sun 0:00-24:00", zone, "2026-11-22T23:59:00Z"), ==, 0);
  g_assert_cmpint (opens ("12:00-13:00, 12:30-14:00", zone, "2026-11-22T13:30:00Z"), ==, 0);
}

static void
test_windows_daylight (void)
{
  g_autoptr (GTimeZone) zone = berlin ();
  gint64 begins;

  /* 02:00 to 03:00 is not there: an hour right after it. */
  g_assert_cmpint (opens ("02:00-03:00", zone, "2026-03-29T00:59:59Z"), ==, at ("2026-03-29T01:00:00Z"));
  g_assert_cmpint (opens ("02:00-03:00", zone, "2026-03-29T01:00:00Z"), ==, 0);
  g_assert_cmpint (opens ("02:00-03:00", zone, "2026-03-29T01:59:59Z"), ==, 0);
  g_assert_cmpint (opens ("02:00-03:00", zone, "2026-03-29T02:00:00Z"), ==, at ("2026-03-30T00:00:00Z"));
  g_assert_cmpint (opens ("02:15-02:45", zone, "2026-03-29T01:10:00Z"), ==, 0);
  /* It is there twice: open once. */
  g_assert_cmpint (opens ("01:00-04:00", zone, "2026-10-25T00:30:00Z"), ==, 0);
  g_assert_cmpint (opens ("01:00-04:00", zone, "2026-10-25T02:59:00Z"), ==, 0);
  begins = opens ("02:00-03:00", zone, "2026-10-24T23:59:00Z");
  g_assert_true (begins == at ("2026-10-25T00:00:00Z") || begins == at ("2026-10-25T01:00:00Z"));
  g_assert_cmpint (opens ("02:00-03:00", zone, "2026-10-25T01:30:00Z"), ==, 0);
  g_assert_cmpint (opens ("02:00-03:00", zone, "2026-10-25T02:00:00Z"), ==, at ("2026-10-26T01:00:00Z"));
}

static void
test_odd (void)
{
  const char *const odd[] = {"",       "9-17",     "09:00",       "09:00-09:00", "25:00-26:00", "09:60-10:00", "9:00-17:00 Mon", "Mon-",
                             "Monday", "Mon--Tue", "24:00-03:00", "9:00-17:00,", "9:00 -17:00", "always",      "9:00-17:00x"};

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autofree char *why = NULL;
    g_autoptr (OcsHours) hours = ocs_hours_parse (odd[i], &why);

    g_test_message ("%s", odd[i]);
    g_assert_null (hours);
    g_assert_nonnull (why);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hours/schedule", test_schedule);
  g_test_add_func ("/hours/schedule-daylight", test_schedule_daylight);
  g_test_add_func ("/hours/windows", test_windows);
  g_test_add_func ("/hours/windows-daylight", test_windows_daylight);
  g_test_add_func ("/hours/odd", test_odd);
  return g_test_run ();
}
