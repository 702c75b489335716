/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/diagnosis.h"
#include <string.h>

#define NOW 1800000000

/* One letter for each step: o ok, w warning, f failed, - skipped. */
static char *
results_of (const GPtrArray *steps)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < steps->len; i++)
    g_string_append_c (text, "owf-"[((const OcsTestStep *)steps->pdata[i])->result]);
  return g_string_free (text, FALSE);
}

/* resolve, connect, login, tunnel, server. */
static const struct {
  const char *name;
  const char *results;
  gboolean https;
  OcsCourse course;
  int code; /* of reason, -1 for none */
} ways[] = {
    {"direct http", "oo--o", FALSE, {.reached = OCS_REACHED_ANSWERED, .status = 400}, OCS_ERROR_REFUSED},
    {"direct https", "oo--o", TRUE, {.reached = OCS_REACHED_ANSWERED, .status = 400}, OCS_ERROR_REFUSED},
    {"name unknown", "f----", FALSE, {.reached = OCS_REACHED_NOTHING}, OCS_ERROR_UNREACHABLE},
    {"does not answer", "of---", FALSE, {.reached = OCS_REACHED_RESOLVED}, OCS_ERROR_UNREACHABLE},
    {"silent server", "oo--f", FALSE, {.reached = OCS_REACHED_CONNECTED}, OCS_ERROR_TIMED_OUT},
    {"certificate", "oo--f", TRUE, {.reached = OCS_REACHED_CONNECTED}, OCS_ERROR_TLS},
    {"other page", "oo--f", FALSE, {.reached = OCS_REACHED_ANSWERED, .status = 200, .page = TRUE}, -1},
    {"no such path", "oo--f", FALSE, {.reached = OCS_REACHED_ANSWERED, .status = 404}, OCS_ERROR_BAD_REPLY},
    {"proxy, http", "oo--o", FALSE, {.reached = OCS_REACHED_ANSWERED, .status = 400, .proxy = (char *)"p:1"}, -1},
    {"proxy, https", "oo-oo", TRUE, {.reached = OCS_REACHED_ANSWERED, .status = 400, .proxy = (char *)"p:1"}, -1},
    {"proxy down", "of---", TRUE, {.reached = OCS_REACHED_RESOLVED, .proxy = (char *)"p:1"}, OCS_ERROR_PROXY_UNREACHABLE},
    {"proxy logged in",
     "ooooo",
     TRUE,
     {.reached = OCS_REACHED_ANSWERED, .status = 400, .proxy = (char *)"p:1", .offers = (char *)"digest", .auth = (char *)"digest"},
     -1},
    {"socks with a login",
     "ooooo",
     TRUE,
     {.reached = OCS_REACHED_ANSWERED, .status = 400, .proxy = (char *)"p:1", .auth = (char *)"password"},
     -1},
    {"socks, silent server",
     "oo-f-",
     TRUE,
     {.reached = OCS_REACHED_CONNECTED, .proxy = (char *)"p:1", .auth = (char *)"password"},
     OCS_ERROR_TIMED_OUT},
    {"proxy login",
     "oof--",
     TRUE,
     {.reached = OCS_REACHED_CONNECTED, .connect_status = 407, .proxy = (char *)"p:1", .offers = (char *)"basic"},
     OCS_ERROR_PROXY_AUTH},
    {"proxy login for http",
     "oof--",
     FALSE,
     {.reached = OCS_REACHED_ANSWERED, .status = 407, .proxy = (char *)"p:1", .offers = (char *)"basic"},
     OCS_ERROR_PROXY_AUTH},
    {"tunnel refused", "oo-f-", TRUE, {.reached = OCS_REACHED_CONNECTED, .connect_status = 403, .proxy = (char *)"p:1"}, OCS_ERROR_REFUSED},
    {"proxy stalls", "oo-f-", TRUE, {.reached = OCS_REACHED_CONNECTED, .proxy = (char *)"p:1"}, OCS_ERROR_TIMED_OUT},
    {"opened by the proxy",
     "oo-of",
     TRUE,
     {.reached = OCS_REACHED_TUNNELLED, .connect_status = 200, .proxy = (char *)"p:1"},
     OCS_ERROR_TLS},
};

static void
test_way (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
    OcsCourse course = ways[i].course;
    g_autoptr (OcsReason) reason = ways[i].code >= 0 ? ocs_reason_new (ocs_error_nick ((OcsError)ways[i].code), "why") : NULL;
    g_autoptr (GPtrArray) steps = NULL;
    g_autofree char *results = NULL;

    course.reason = reason;
    course.offers = course.offers != NULL ? course.offers : (char *)"";
    steps = ocs_diagnosis_way (&course, ways[i].https);
    results = results_of (steps);
    g_test_message ("%s", ways[i].name);
    g_assert_cmpstr (results, ==, ways[i].results);
    for (guint j = 0; j < steps->len; j++) {
      const OcsTestStep *step = steps->pdata[j];

      g_assert_cmpint (step->result == OCS_TEST_FAILED, ==, step->reason != NULL);
    }
  }
}

static void
test_second_way (void)
{
  g_autoptr (OcsReason) before = ocs_reason_new (ocs_error_nick (OCS_ERROR_PROXY_UNREACHABLE), "a:1 does not answer");
  OcsCourse course = {.reached = OCS_REACHED_ANSWERED, .status = 400, .proxy = (char *)"b:1", .offers = (char *)"", .before = before};
  g_autoptr (GPtrArray) steps = ocs_diagnosis_way (&course, FALSE);
  const OcsTestStep *step = steps->pdata[1];

  g_assert_cmpint (step->result, ==, OCS_TEST_WARNING);
  g_assert_cmpstr (step->reason->message, ==, "a:1 does not answer");
}

static void
test_cache (void)
{
  static const struct {
    OcsVerdict first, again;
    const char *uncacheable;
    gint64 not_kept;
    gboolean proxied;
    OcsTestResult result;
    const char *words;
  } cases[] = {
      {OCS_VERDICT_MISS, OCS_VERDICT_HIT, NULL, 0, TRUE, OCS_TEST_OK, "from the cache"},
      {OCS_VERDICT_HIT, OCS_VERDICT_REVALIDATED, NULL, 0, TRUE, OCS_TEST_OK, "from the cache"},
      {OCS_VERDICT_MISS, OCS_VERDICT_MISS, NULL, 0, TRUE, OCS_TEST_WARNING, "it came twice"},
      {OCS_VERDICT_MISS, OCS_VERDICT_MISS, "Cache-Control: no-store", 0, TRUE, OCS_TEST_WARNING, "no-store"},
      {OCS_VERDICT_UNKNOWN, OCS_VERDICT_UNKNOWN, NULL, 0, TRUE, OCS_TEST_WARNING, "does not say"},
      {OCS_VERDICT_BYPASS, OCS_VERDICT_BYPASS, NULL, 0, TRUE, OCS_TEST_WARNING, "does not cache this server"},
      {OCS_VERDICT_MISS, OCS_VERDICT_HIT, NULL, 9 << 20, TRUE, OCS_TEST_WARNING, "largest object size"},
      {OCS_VERDICT_UNKNOWN, OCS_VERDICT_UNKNOWN, NULL, 0, FALSE, OCS_TEST_SKIPPED, "no proxy"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    OcsCourse first = {.reached = OCS_REACHED_ANSWERED, .status = 200, .bytes = 9, .verdict = cases[i].first, .offers = (char *)""};
    OcsCourse again = first;
    OcsProxyPage page = {.name = (char *)"p:1", .not_kept = cases[i].not_kept};
    g_autoptr (GPtrArray) steps = NULL;
    const OcsTestStep *step;

    again.verdict = cases[i].again;
    again.uncacheable = (char *)cases[i].uncacheable;
    steps = ocs_diagnosis_cache (&first, &again, cases[i].proxied, &page);
    step = steps->pdata[2];
    g_assert_cmpint (step->result, ==, cases[i].result);
    g_assert_nonnull (strstr (step->reason != NULL ? step->reason->message : step->detail, cases[i].words));
  }
}

static void
test_nothing_to_fetch (void)
{
  g_autoptr (GPtrArray) none = ocs_diagnosis_cache (NULL, NULL, TRUE, NULL);
  g_autoptr (GPtrArray) untried = ocs_diagnosis_no_cache ();
  g_autofree char *results = results_of (none);
  g_autofree char *others = results_of (untried);

  g_assert_cmpstr (others, ==, "---");
  g_assert_cmpstr (results, ==, "---");
}

static void
test_clock (void)
{
  static const struct {
    gint64 date;
    OcsTestResult result;
    const char *words;
  } cases[] = {
      {0, OCS_TEST_SKIPPED, "nobody"},
      {NOW - 299, OCS_TEST_OK, "agrees"},
      {NOW - 600, OCS_TEST_WARNING, "10 minutes ahead of"},
      {NOW + 3 * 3600, OCS_TEST_WARNING, "3 hours behind"},
      {NOW + 40 * 86400, OCS_TEST_WARNING, "40 days behind"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    OcsCourse course = {.date = cases[i].date};
    g_autoptr (OcsTestStep) step = ocs_diagnosis_clock (&course, NOW);
    g_autoptr (JsonObject) json = ocs_test_step_to_json (step);

    g_assert_cmpint (step->result, ==, cases[i].result);
    g_assert_nonnull (strstr (step->reason != NULL ? step->reason->message : step->detail, cases[i].words));
    g_assert_cmpstr (ocs_json_string (json, "name"), ==, "clock");
    g_assert_cmpint (ocs_json_object (json, "reason") != NULL, ==, step->reason != NULL);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/diagnosis/way", test_way);
  g_test_add_func ("/diagnosis/second way", test_second_way);
  g_test_add_func ("/diagnosis/cache", test_cache);
  g_test_add_func ("/diagnosis/nothing to fetch", test_nothing_to_fetch);
  g_test_add_func ("/diagnosis/clock", test_clock);
  return g_test_run ();
}
