/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "worker/core/course.h"
#include <string.h>

static OcsCourse *
read_course (const char *text)
{
  g_autoptr (JsonObject) object = ocs_json_parse (text, strlen (text), NULL);

  g_assert_nonnull (object);
  return ocs_course_from_json (object);
}

static void
test_whole (void)
{
  g_autoptr (OcsCourse) course =
      read_course ("{\"traffic\":{\"http_status\":200,\"bytes\":5,\"verdict\":\"hit\",\"first_byte_ms\":7,\"total_ms\":9,\"date\":3,"
                   "\"proxy\":\"p:1\"},\"reached\":\"answered\",\"resolve_ms\":1,\"connect_ms\":2,\"offers\":[\"digest\",\"basic\"],"
                   "\"auth\":\"digest\",\"uncacheable\":\"Vary: *\",\"page\":true,\"before\":{\"error\":\"proxy-unreachable\","
                   "\"message\":\"gone\"}}");

  g_assert_cmpint (course->reached, ==, OCS_REACHED_ANSWERED);
  g_assert_cmpint (course->status, ==, 200);
  g_assert_cmpint (course->verdict, ==, OCS_VERDICT_HIT);
  g_assert_cmpint (course->first_ms, ==, 7);
  g_assert_cmpstr (course->offers, ==, "digest, basic");
  g_assert_cmpstr (course->auth, ==, "digest");
  g_assert_cmpstr (course->before->message, ==, "gone");
  g_assert_true (course->page);
  g_assert_true (ocs_course_is_good (course));
  g_assert_false (ocs_course_is_ocs (course));
}

static void
test_odd (void)
{
  g_autoptr (OcsCourse) none = ocs_course_from_json (NULL);
  g_autoptr (OcsCourse) course = read_course ("{\"traffic\":[],\"reached\":\"mars\",\"offers\":[1,{},\"x\"],\"error\":\"busy\"}");

  g_assert_cmpint (none->reached, ==, OCS_REACHED_NOTHING);
  g_assert_cmpstr (none->offers, ==, "");
  g_assert_false (ocs_course_is_good (none));
  g_assert_cmpint (course->reached, ==, OCS_REACHED_NOTHING);
  g_assert_cmpstr (course->offers, ==, "x");
  g_assert_cmpstr (course->reason->code, ==, "busy");
  g_assert_cmpstr (course->reason->message, ==, "busy");
}

static void
test_no_of_a_proxy (void)
{
  static const struct {
    const char *code;
    const char *proxy;
    OcsReached reached;
  } cases[] = {
      {"proxy-auth", "p:1", OCS_REACHED_CONNECTED},       {"proxy-refused", "p:1", OCS_REACHED_CONNECTED},
      {"unreachable", "p:1", OCS_REACHED_CONNECTED},      {"unreachable", NULL, OCS_REACHED_RESOLVED},
      {"proxy-unreachable", "p:1", OCS_REACHED_RESOLVED}, {"timed-out", "p:1", OCS_REACHED_RESOLVED},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *proxy = cases[i].proxy != NULL ? g_strdup_printf ("{\"proxy\":\"%s\"}", cases[i].proxy) : g_strdup ("{}");
    g_autofree char *text =
        g_strdup_printf ("{\"traffic\":%s,\"reached\":\"resolved\",\"resolve_ms\":4,\"error\":\"%s\"}", proxy, cases[i].code);
    g_autoptr (OcsCourse) course = read_course (text);

    g_assert_cmpint (course->reached, ==, cases[i].reached);
    g_assert_cmpint (course->connect_ms, ==, cases[i].reached == OCS_REACHED_CONNECTED ? 4 : 0);
  }
}

static void
test_is_ocs (void)
{
  g_autoptr (OcsCourse) course = read_course ("{\"traffic\":{\"http_status\":400},\"reached\":\"answered\",\"error\":\"refused\"}");

  g_assert_true (ocs_course_is_ocs (course));
  course->status = 404;
  g_assert_false (ocs_course_is_ocs (course));
  course->status = 400;
  course->reached = OCS_REACHED_CONNECTED;
  g_assert_false (ocs_course_is_ocs (course));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/course/whole", test_whole);
  g_test_add_func ("/course/odd", test_odd);
  g_test_add_func ("/course/no of a proxy", test_no_of_a_proxy);
  g_test_add_func ("/course/is ocs", test_is_ocs);
  return g_test_run ();
}
