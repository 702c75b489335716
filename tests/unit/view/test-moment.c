/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/moment.h"

/* 2023-11-14 22:13:20 UTC, a Tuesday. */
#define NOW G_GINT64_CONSTANT (1700000000)
#define HOUR 3600
#define DAY (24 * HOUR)

typedef struct {
  gint64 offset;
  const char *past;
  const char *future;
} Case;

static const Case cases[] = {
    {0, "today 22:13", "now"},
    {-60, "today 22:12", "now"},
    {-22 * HOUR, "today 00:13", "now"},
    {-23 * HOUR, "yesterday 23:13", "now"},
    {-2 * DAY, "12 Nov 22:13", "now"},
    {-400 * DAY, "10 Oct 2022 22:13", "now"},
    {1, "today 22:13", "in less than a minute"},
    {60, "today 22:14", "in 1 minute"},
    {149, "today 22:15", "in 2 minutes"},
    {59 * 60, "today 23:12", "in 59 minutes"},
    {59 * 60 + 40, "today 23:13", "in 1 hour"},
    {3 * HOUR, "tomorrow 01:13", "in 3 hours"},
    {DAY, "tomorrow 22:13", "tomorrow 22:13"},
    {14 * DAY, "28 Nov 22:13", "28 Nov 22:13"},
};

static void
test_table (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *past = ocs_moment_past (NOW + cases[i].offset, NOW, utc);
    g_autofree char *future = ocs_moment_future (NOW + cases[i].offset, NOW, utc);
    g_assert_cmpstr (past, ==, cases[i].past);
    g_assert_cmpstr (future, ==, cases[i].future);
  }
}

static void
test_none (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *past = ocs_moment_past (0, NOW, utc);
  g_autofree char *future = ocs_moment_future (0, NOW, utc);
  g_assert_cmpstr (past, ==, "never");
  g_assert_cmpstr (future, ==, "not planned");
}

/* The day changes at the reader's midnight, not at Greenwich's. */
static void
test_zone (void)
{
  g_autoptr (GTimeZone) east = g_time_zone_new_identifier ("+02:00");
  g_assert_nonnull (east);
  g_autofree char *past = ocs_moment_past (NOW - HOUR, NOW, east);
  g_assert_cmpstr (past, ==, "yesterday 23:13");
}

/* What a broken worker may send must not crash: beyond the year 9999 there is no calendar. */
static void
test_absurd (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *past = ocs_moment_past (G_MAXINT64, NOW, utc);
  g_autofree char *future = ocs_moment_future (G_MAXINT64, NOW, utc);
  g_autofree char *negative = ocs_moment_past (G_MININT64, NOW, utc);
  g_autofree char *span = ocs_moment_span (G_MAXINT64);
  g_autofree char *backwards = ocs_moment_span (-5);
  g_assert_cmpstr (past, ==, "at an unknown time");
  g_assert_cmpstr (future, ==, "at an unknown time");
  g_assert_cmpstr (negative, ==, "never");
  g_assert_nonnull (span);
  g_assert_cmpstr (backwards, ==, "less than a minute");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/moment/table", test_table);
  g_test_add_func ("/moment/none", test_none);
  g_test_add_func ("/moment/zone", test_zone);
  g_test_add_func ("/moment/absurd", test_absurd);
  return g_test_run ();
}
