/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "tray/view/words.h"
#include <string.h>

static void
assert_sentence (const char *text)
{
  g_assert_nonnull (text);
  g_assert_cmpuint (strlen (text), >, 3);
  g_assert_true (g_unichar_isupper (g_utf8_get_char (text)));
}

/* Every code that the interface knows has words of its own, without a code or an underscore in them. */
static void
test_complete (void)
{
  for (int i = 0; i < OCS_STATE_N; i++)
    assert_sentence (ocs_words_state ((OcsState)i));
  for (int i = 0; i < OCS_STEP_N; i++)
    assert_sentence (ocs_words_step (&(OcsPackageStatus) {.step = (OcsStep)i}));
  for (int i = 0; i < OCS_ERROR_N; i++) {
    g_autoptr (OcsReason) reason = ocs_reason_new (ocs_error_nick ((OcsError)i), "the worker says so");
    g_autofree char *words = ocs_words_reason (reason);
    assert_sentence (words);
    g_assert_null (strchr (words, '_'));
    if (i != OCS_ERROR_FAILED)
      g_assert_cmpstr (words, !=, "The worker says so");
  }
}

static void
test_reason (void)
{
  g_autoptr (OcsReason) proxy = ocs_reason_new ("proxy-auth", "cache.lan:3128 wants another login: check ProxyUser");
  g_autofree char *words = ocs_words_reason (proxy);
  g_autofree char *detail = ocs_words_detail (proxy);
  g_assert_cmpstr (words, ==, "The proxy wants another login");
  g_assert_cmpstr (detail, ==, "cache.lan:3128 wants another login: check ProxyUser");
  g_assert_nonnull (strstr (ocs_words_advice (proxy), "ocsinventory.ini"));

  g_autoptr (OcsReason) newer = ocs_reason_new ("moon-phase", "the moon is full: wait a week");
  g_autofree char *fallback = ocs_words_reason (newer);
  g_assert_cmpstr (fallback, ==, "The moon is full: wait a week");
  g_assert_null (ocs_words_advice (newer));
  g_assert_null (ocs_words_detail (newer));

  g_autoptr (OcsReason) empty = ocs_reason_new ("failed", "");
  g_autofree char *something = ocs_words_reason (empty);
  g_assert_cmpstr (something, ==, "Something went wrong");
  g_assert_null (ocs_words_reason (NULL));
  g_assert_null (ocs_words_advice (NULL));
  g_assert_null (ocs_words_detail (NULL));
}

static void
test_sentence (void)
{
  g_autofree char *accent = ocs_words_sentence ("état");
  g_autofree char *host = ocs_words_sentence ("cache.lan:3128 is down");
  g_autofree char *late = ocs_words_sentence ("no way to cache.lan");
  g_autofree char *empty = ocs_words_sentence ("");
  g_autofree char *broken = ocs_words_sentence ("\xff\xfe");
  g_autofree char *null = ocs_words_sentence (NULL);
  g_assert_cmpstr (accent, ==, "État");
  g_assert_cmpstr (host, ==, "cache.lan:3128 is down");
  g_assert_cmpstr (late, ==, "No way to cache.lan");
  g_assert_cmpstr (empty, ==, "");
  g_assert_cmpstr (broken, ==, "\xff\xfe");
  g_assert_cmpstr (null, ==, "");
}

static void
test_percent (void)
{
  static const struct {
    gint64 done, total;
    int percent;
  } cases[] = {{0, 0, -1},      {5, -1, -1},  {0, 100, 0},
               {5, 1000, 1},    {4, 1000, 0}, {499, 1000, 50},
               {150, 100, 100}, {-3, 100, 0}, {G_MAXINT64, G_MAXINT64, 100}};
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (ocs_words_percent (cases[i].done, cases[i].total), ==, cases[i].percent);
}

static void
test_job (void)
{
  g_autoptr (OcsJob) job = ocs_job_new (OCS_JOB_DOWNLOADING, "1700000001");
  g_autofree char *words = ocs_words_job (job);
  g_autofree char *nothing = ocs_words_job_figures (job);
  g_assert_cmpstr (words, ==, "Downloading package 1700000001");
  g_assert_null (nothing);
  job->done = 45;
  job->total = 100;
  g_autofree char *percent = ocs_words_job_figures (job);
  g_assert_cmpstr (percent, ==, "45 %");
  job->done = 100 * 1000000;
  job->total = 400 * 1000000;
  job->rate = 1000000;
  g_autofree char *figures = ocs_words_job_figures (job);
  g_assert_cmpstr (figures, ==, "25 %, 1.0\u00a0MB/s, 5 minutes left");
  job->rate = 0;
  job->from_cache = 5;
  g_autofree char *cached = ocs_words_job_figures (job);
  g_assert_cmpstr (cached, ==, "25 %, from the cache");
  job->from_wan = 10;
  g_autofree char *shared = ocs_words_job_figures (job);
  g_assert_cmpstr (shared, ==, "25 %, 33 % from the cache");
  job->from_cache = -5;
  g_autofree char *carried = ocs_words_job_figures (job);
  g_assert_cmpstr (carried, ==, "25 %, over the line");
  for (int kind = OCS_JOB_CONTACTING; kind <= OCS_JOB_REPORTING + 1; kind++) {
    job->kind = (OcsJobKind)kind;
    g_autofree char *text = ocs_words_job (job);
    assert_sentence (text);
  }
}

static void
test_outcome (void)
{
  g_autoptr (OcsReason) reason = ocs_reason_new ("proxy-unreachable", "no way to cache.lan:3128");
  for (int kind = OCS_OUTCOME_SENT; kind <= OCS_OUTCOME_FAILED; kind++) {
    g_autoptr (OcsOutcome) outcome = ocs_outcome_new (3, 1700000000, (OcsOutcomeKind)kind, reason);
    g_autofree char *words = ocs_words_outcome (outcome);
    assert_sentence (words);
    g_assert_true ((kind == OCS_OUTCOME_FAILED) == (strstr (words, "no way to the proxy") != NULL));
  }
  g_assert_null (ocs_words_outcome (NULL));
}

static void
test_result (void)
{
  g_autofree char *good = ocs_words_result ("SUCCESS");
  g_autofree char *code = ocs_words_result ("EXIT_CODE_3");
  g_autofree char *newer = ocs_words_result ("ERR_MOON");
  g_assert_cmpstr (good, ==, "Installed");
  g_assert_cmpstr (code, ==, "Its command failed with code 3");
  g_assert_cmpstr (newer, ==, "ERR_MOON");
  g_assert_null (ocs_words_result (NULL));
  g_assert_true (ocs_words_result_is_good ("SUCCESS_3"));
  g_assert_false (ocs_words_result_is_good ("ERR_EXECUTE"));
  g_assert_false (ocs_words_result_is_good (NULL));
}

static void
test_package (void)
{
  g_autoptr (OcsPackageStatus) package = ocs_package_status_new ("1");
  g_autofree char *nothing = ocs_words_package (package);
  g_assert_cmpstr (nothing, ==, "");
  package->step = OCS_STEP_FETCHING;
  package->fragments_done = 3;
  package->fragments_total = 20;
  g_autofree char *parts = ocs_words_package (package);
  g_assert_cmpstr (parts, ==, "3 of 20 parts");
  package->reason = ocs_reason_new ("untrusted", "info comes from another host");
  g_autofree char *refused = ocs_words_package (package);
  g_assert_cmpstr (refused, ==, "It was not trusted, so nothing was done");
  package->result = g_strdup ("ERR_TIMEOUT");
  g_autofree char *result = ocs_words_package (package);
  g_assert_cmpstr (result, ==, "Not installed: it was too old when its turn came");
}

static void
test_proxy (void)
{
  OcsProxyStatus proxy = {0};
  g_autofree char *none = ocs_words_proxy (&proxy);
  g_assert_cmpstr (none, ==, "No proxy");
  g_assert_cmpstr (ocs_words_verdict (&proxy), ==, "");
  g_assert_null (ocs_words_savings (&proxy));
  proxy.kind = OCS_PROXY_HTTP;
  g_autofree char *hidden = ocs_words_proxy (&proxy);
  g_assert_cmpstr (hidden, ==, "Proxy");
  proxy.host = (char *)"cache.lan";
  proxy.port = 3128;
  g_autofree char *named = ocs_words_proxy (&proxy);
  g_assert_cmpstr (named, ==, "Proxy cache.lan:3128");
  proxy.host = (char *)"fd00::1";
  g_autofree char *six = ocs_words_proxy (&proxy);
  g_assert_cmpstr (six, ==, "Proxy [fd00::1]:3128");
  for (int i = 0; i < OCS_VERDICT_N; i++) {
    proxy.verdict = (OcsVerdict)i;
    g_assert_cmpuint (strlen (ocs_words_verdict (&proxy)), >, 5);
  }
  proxy.verdict = OCS_VERDICT_HIT;
  proxy.kind = OCS_PROXY_SOCKS5;
  g_assert_nonnull (strstr (ocs_words_verdict (&proxy), "cannot cache"));
}

static void
test_savings (void)
{
  OcsProxyStatus proxy = {.from_cache = 12000000, .from_wan = 3000000};
  g_autofree char *both = ocs_words_savings (&proxy);
  g_assert_cmpstr (both, ==, "12.0\u00a0MB from the cache, 3.0\u00a0MB over the line (80 % saved)");
  proxy.from_cache = 0;
  g_autofree char *wan = ocs_words_savings (&proxy);
  g_assert_cmpstr (wan, ==, "3.0\u00a0MB over the line, nothing from the cache");
  proxy.from_wan = G_MAXINT64;
  proxy.from_cache = G_MAXINT64;
  g_autofree char *huge = ocs_words_savings (&proxy);
  g_assert_nonnull (strstr (huge, "50 %"));
  proxy.from_wan = proxy.from_cache = -1;
  g_assert_null (ocs_words_savings (&proxy));
}

/* A package that is done is gone from the disk: people are told how it ended, not that. */
static void
test_step_of_a_record (void)
{
  OcsPackageStatus package = {.step = OCS_STEP_GONE, .result = (char *)"SUCCESS"};

  g_assert_cmpstr (ocs_words_step (&package), ==, "Finished");
  package.result = NULL;
  g_assert_cmpstr (ocs_words_step (&package), ==, "Withdrawn");
}

static void
test_error (void)
{
  static const struct {
    OcsError code;
    const char *words;
  } cases[] = {
      {OCS_ERROR_UNREACHABLE, "The worker is not running"},
      {OCS_ERROR_UNSUPPORTED, "This version cannot do what is asked.\nA newer version of OCS Companion may help."},
      {OCS_ERROR_DENIED, "Line 7: ask somebody"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, (gint)cases[i].code, "line 7: ask somebody");
    g_autofree char *words = ocs_words_error (error);
    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/complete", test_complete);
  g_test_add_func ("/words/step-of-a-record", test_step_of_a_record);
  g_test_add_func ("/words/reason", test_reason);
  g_test_add_func ("/words/sentence", test_sentence);
  g_test_add_func ("/words/percent", test_percent);
  g_test_add_func ("/words/job", test_job);
  g_test_add_func ("/words/outcome", test_outcome);
  g_test_add_func ("/words/result", test_result);
  g_test_add_func ("/words/package", test_package);
  g_test_add_func ("/words/proxy", test_proxy);
  g_test_add_func ("/words/savings", test_savings);
  g_test_add_func ("/words/error", test_error);
  return g_test_run ();
}
