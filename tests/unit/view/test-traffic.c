/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "tray/view/traffic.h"
#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000) /* 2023-11-14 22:13:20 UTC */

static OcsTraffic *
build (const char *text)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (JsonObject) reply = ocs_json_parse (text, strlen (text), NULL);
  return ocs_traffic_from_json (reply, NOW, utc);
}

static const OcsTrafficDay *
day (const OcsTraffic *traffic, int back)
{
  return traffic->days->pdata[OCS_TRAFFIC_DAYS - 1 - back];
}

static void
test_days (void)
{
  g_autoptr (OcsTraffic) traffic = build ("{\"days\":[{\"day\":\"2023-10-01\",\"from_cache\":9,\"from_wan\":9},"
                                          "{\"day\":\"2023-11-13\",\"from_cache\":3000,\"from_wan\":1000},"
                                          "{\"day\":\"2023-11-14\",\"from_cache\":0,\"from_wan\":1000}]}");
  g_assert_cmpuint (traffic->days->len, ==, OCS_TRAFFIC_DAYS);
  g_assert_cmpint (traffic->most, ==, 4000);
  g_assert_cmpint (day (traffic, 0)->from_wan, ==, 1000);
  g_assert_cmpint (day (traffic, 1)->from_cache, ==, 3000);
  g_assert_cmpint (day (traffic, 2)->from_cache, ==, 0);
  g_assert_cmpstr (day (traffic, 1)->name, ==, "13 Nov");
  g_assert_cmpstr (day (traffic, 2)->words, ==, "12 Nov: nothing");
  g_assert_nonnull (strstr (traffic->words, "(60 % saved)"));
}

static void
test_bad (void)
{
  static const char *const texts[] = {
      "{}", "{\"days\":7}", "{\"days\":[7,null,[],{},{\"day\":5},{\"day\":\"2023-11-14\",\"from_cache\":-7,\"from_wan\":\"x\"}]}"};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (OcsTraffic) traffic = build (texts[i]);
    g_assert_cmpuint (traffic->days->len, ==, OCS_TRAFFIC_DAYS);
    g_assert_cmpint (traffic->most, ==, 0);
    g_assert_cmpstr (traffic->words, ==, "In 30 days: nothing");
  }
  g_autoptr (OcsTraffic) most =
      build ("{\"days\":[{\"day\":\"2023-11-14\",\"from_cache\":9223372036854775807,\"from_wan\":9223372036854775807}]}");
  g_assert_cmpint (most->most, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/traffic/days", test_days);
  g_test_add_func ("/traffic/bad", test_bad);
  return g_test_run ();
}
