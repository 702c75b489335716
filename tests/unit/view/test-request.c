/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "tray/view/request.h"
#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000)

static void
assert_words (const OcsRequest *request, const OcsOutcome *outcome, const char *expected)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autofree char *words = ocs_request_words (request, outcome, NOW, utc);
  g_assert_cmpstr (words, ==, expected);
}

/* From the click to the result; an older outcome must never pass for the answer. */
static void
test_story (void)
{
  OcsRequest request = {0};
  g_autoptr (OcsOutcome) old = ocs_outcome_new (6, NOW - 3600, OCS_OUTCOME_SENT, NULL);
  g_autoptr (OcsOutcome) sent = ocs_outcome_new (7, NOW, OCS_OUTCOME_SENT, NULL);
  assert_words (&request, NULL, NULL);
  assert_words (&request, old, "Inventory sent today 21:13");
  ocs_request_ask (&request, NOW);
  assert_words (&request, old, "The inventory is on its way…");
  ocs_request_answer (&request, "started", 7);
  g_assert_false (ocs_request_is_answered (&request, old));
  assert_words (&request, old, "The inventory is on its way…");
  g_assert_true (ocs_request_is_answered (&request, sent));
  assert_words (&request, sent, "Inventory sent today 22:13");
  ocs_request_clear (&request);
  g_assert_cmpint (request.kind, ==, OCS_REQUEST_NONE);
}

static void
test_answers (void)
{
  static const struct {
    const char *how;
    OcsRequestKind kind;
  } cases[] = {{"started", OCS_REQUEST_STARTED}, {"joined", OCS_REQUEST_JOINED}, {"recent", OCS_REQUEST_RECENT},
               {"queued", OCS_REQUEST_QUEUED},   {"newer", OCS_REQUEST_STARTED}, {NULL, OCS_REQUEST_STARTED}};
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    OcsRequest request = {0};
    ocs_request_ask (&request, NOW);
    ocs_request_answer (&request, cases[i].how, 9);
    g_assert_cmpint (request.kind, ==, cases[i].kind);
    g_assert_cmpint (request.serial, ==, 9);
    g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
    g_autofree char *words = ocs_request_words (&request, NULL, NOW, utc);
    g_assert_nonnull (words);
  }
}

static void
test_recent (void)
{
  OcsRequest request = {0};
  g_autoptr (OcsOutcome) sent = ocs_outcome_new (7, NOW - 120, OCS_OUTCOME_SENT, NULL);
  ocs_request_ask (&request, NOW);
  ocs_request_answer (&request, "recent", 7);
  assert_words (&request, sent, "Inventory sent today 22:11; that is recent enough, so it was not sent again");
}

static void
test_refused (void)
{
  OcsRequest request = {0};
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_DENIED, "you may not");
  g_autoptr (OcsOutcome) old = ocs_outcome_new (6, NOW - 3600, OCS_OUTCOME_SENT, NULL);
  ocs_request_ask (&request, NOW);
  ocs_request_refuse (&request, error);
  assert_words (&request, old, "Inventory not sent: You may not do that (today 22:13)");
  ocs_request_ask (&request, NOW);
  g_assert_null (request.reason);
  ocs_request_clear (&request);
}

static void
test_failed (void)
{
  OcsRequest request = {0};
  g_autoptr (OcsReason) reason = ocs_reason_new ("tls", "the certificate is of an unknown CA");
  g_autoptr (OcsOutcome) failed = ocs_outcome_new (1, NOW, OCS_OUTCOME_FAILED, reason);
  g_autoptr (OcsOutcome) off = ocs_outcome_new (2, 0, OCS_OUTCOME_SWITCHED_OFF, NULL);
  assert_words (&request, failed, "The contact failed: The server's certificate is not accepted (today 22:13)");
  assert_words (&request, off, "Not sent: your administrator has switched this machine off on the server");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/request/story", test_story);
  g_test_add_func ("/request/answers", test_answers);
  g_test_add_func ("/request/recent", test_recent);
  g_test_add_func ("/request/refused", test_refused);
  g_test_add_func ("/request/failed", test_failed);
  return g_test_run ();
}
