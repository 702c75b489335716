/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "worker/core/traffic.h"

static const OcsTrafficDay *
row (GArray *days, guint at)
{
  return &g_array_index (days, OcsTrafficDay, at);
}

static void
test_days (void)
{
  g_autoptr (GArray) days = ocs_traffic_new ();

  ocs_traffic_add (days, "2026-11-22", TRUE, 10);
  ocs_traffic_add (days, "2026-11-22", FALSE, 3);
  ocs_traffic_add (days, "2026-11-24", TRUE, 1);
  /* The clock was set back, to a day without a row and to one with. */
  ocs_traffic_add (days, "2026-11-23", TRUE, 5);
  ocs_traffic_add (days, "2026-11-22", TRUE, 10);
  g_assert_cmpuint (days->len, ==, 3);
  g_assert_cmpstr (row (days, 0)->day, ==, "2026-11-22");
  g_assert_cmpint (row (days, 0)->from_cache, ==, 20);
  g_assert_cmpint (row (days, 0)->from_wan, ==, 3);
  g_assert_cmpstr (row (days, 1)->day, ==, "2026-11-23");
  g_assert_cmpstr (row (days, 2)->day, ==, "2026-11-24");
}

static void
test_odd (void)
{
  g_autoptr (GArray) days = ocs_traffic_new ();

  ocs_traffic_add (days, NULL, TRUE, 10);
  ocs_traffic_add (days, "22.11.2026", TRUE, 10);
  ocs_traffic_add (days, "2026-11-2x", TRUE, 10);
  ocs_traffic_add (days, "2026-11-22 ", TRUE, 10);
  ocs_traffic_add (days, "2026-11-22", TRUE, 0);
  ocs_traffic_add (days, "2026-11-22", TRUE, -5);
  g_assert_cmpuint (days->len, ==, 0);
}

static void
test_old_days_go (void)
{
  g_autoptr (GArray) days = ocs_traffic_new ();

  for (int i = 0; i < 100; i++) {
    g_autofree char *day = g_strdup_printf ("20%02d-01-01", i);

    ocs_traffic_add (days, day, TRUE, 1 + i);
  }
  ocs_traffic_add (days, "1999-01-01", TRUE, 7);
  g_assert_cmpuint (days->len, ==, OCS_TRAFFIC_DAYS_MAX);
  g_assert_cmpstr (row (days, 0)->day, ==, "2040-01-01");
  ocs_traffic_add (days, "2040-06-01", TRUE, 7);
  g_assert_cmpstr (row (days, 0)->day, ==, "2040-06-01");
  g_assert_cmpuint (days->len, ==, OCS_TRAFFIC_DAYS_MAX);
}

static void
test_json (void)
{
  static const char text[] = "{\"days\":[{\"day\":\"2026-11-22\",\"from_cache\":5,\"from_wan\":6},7,{\"day\":1},{},{\"day\":\"2026-11-22\","
                             "\"from_wan\":1},{\"day\":\"x\",\"from_wan\":1}]}";
  g_autoptr (JsonObject) object = ocs_json_parse (text, sizeof text - 1, NULL);
  g_autoptr (GArray) days = ocs_traffic_from_json (ocs_json_array (object, "days"));
  g_autoptr (JsonArray) back = ocs_traffic_to_json (days);
  g_autoptr (GArray) again = ocs_traffic_from_json (back);
  g_autoptr (GArray) none = ocs_traffic_from_json (NULL);

  g_assert_cmpuint (again->len, ==, 1);
  g_assert_cmpint (row (again, 0)->from_cache, ==, 5);
  g_assert_cmpint (row (again, 0)->from_wan, ==, 7);
  g_assert_cmpuint (none->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/traffic/days", test_days);
  g_test_add_func ("/traffic/odd", test_odd);
  g_test_add_func ("/traffic/old days go", test_old_days_go);
  g_test_add_func ("/traffic/json", test_json);
  return g_test_run ();
}
