/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/health.h"

static OcsReason *
reason (OcsError code)
{
  return ocs_reason_new (ocs_error_nick (code), "a message");
}

static void
add_package (OcsStatus *status, OcsStep step, OcsError code)
{
  OcsPackageStatus *package = ocs_package_status_new ("1700000001");

  package->step = step;
  package->reason = reason (code);
  g_ptr_array_add (status->packages, package);
}

static void
expect (OcsStatus *status, const OcsFacts *facts, OcsState state, const char *code)
{
  ocs_health_judge (status, facts);
  g_assert_cmpstr (ocs_state_name (status->state), ==, ocs_state_name (state));
  g_assert_cmpstr (status->reason != NULL ? status->reason->code : NULL, ==, code);
}

/* A text that tells what is to be done needs somebody for a day, and stands on after it. */
static void
test_reminder (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  OcsQuestion *done = ocs_question_new (OCS_QUESTION_DONE, "1700000001");
  OcsQuestion *install = ocs_question_new (OCS_QUESTION_INSTALL, "1700000002");
  OcsFacts facts = {.configured = TRUE, .now = 1000000};

  status->last_success = 5;
  done->asked = facts.now;
  g_ptr_array_add (status->questions, done);
  expect (status, &facts, OCS_STATE_NEEDS_YOU, NULL);
  facts.now += OCS_HEALTH_REMINDER - 1;
  expect (status, &facts, OCS_STATE_NEEDS_YOU, NULL);
  facts.now++;
  expect (status, &facts, OCS_STATE_WELL, NULL);
  install->asked = done->asked;
  g_ptr_array_add (status->questions, install);
  expect (status, &facts, OCS_STATE_NEEDS_YOU, NULL);
}

static void
test_order (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (OcsReason) missing = reason (OCS_ERROR_NOT_CONFIGURED);
  g_autoptr (OcsReason) full = reason (OCS_ERROR_NO_SPACE);
  g_autoptr (OcsReason) away = reason (OCS_ERROR_UNREACHABLE);
  g_autoptr (OcsReason) refused = reason (OCS_ERROR_PROXY_AUTH);
  OcsFacts facts = {.configured = TRUE};

  expect (status, &facts, OCS_STATE_WAITING, NULL); /* never contacted yet */
  status->last_success = 5;
  expect (status, &facts, OCS_STATE_WELL, NULL);
  facts.switched_off = TRUE;
  expect (status, &facts, OCS_STATE_WAITING, "refused");
  add_package (status, OCS_STEP_FINISHED, OCS_ERROR_UNTRUSTED);
  expect (status, &facts, OCS_STATE_WAITING, "refused"); /* done: no longer of interest */
  add_package (status, OCS_STEP_FETCHING, OCS_ERROR_UNREACHABLE);
  expect (status, &facts, OCS_STATE_WAITING, "unreachable");
  add_package (status, OCS_STEP_OFFERED, OCS_ERROR_UNTRUSTED);
  expect (status, &facts, OCS_STATE_PROBLEM, "untrusted");
  facts.contact = refused;
  expect (status, &facts, OCS_STATE_PROBLEM, "proxy-auth");
  facts.contact = away;
  facts.away = TRUE;
  expect (status, &facts, OCS_STATE_AWAY, "unreachable");
  facts.storage = full;
  expect (status, &facts, OCS_STATE_PROBLEM, "no-space");
  status->job = ocs_job_new (OCS_JOB_SENDING, NULL);
  expect (status, &facts, OCS_STATE_WORKING, NULL);
  facts.configured = FALSE;
  facts.setup = missing;
  expect (status, &facts, OCS_STATE_PROBLEM, "not-configured");
}

static void
test_portal (void)
{
  g_autoptr (GError) page = g_error_new_literal (OCS_ERROR, OCS_ERROR_BAD_REPLY, "x");
  g_autoptr (GError) refused = g_error_new_literal (OCS_ERROR, OCS_ERROR_REFUSED, "x");

  g_assert_true (ocs_health_is_portal (page, FALSE, FALSE, 1));
  g_assert_false (ocs_health_is_portal (page, TRUE, FALSE, 1));
  g_assert_false (ocs_health_is_portal (page, FALSE, TRUE, 1));
  /* A server that was never reached may simply be written wrongly. */
  g_assert_false (ocs_health_is_portal (page, FALSE, FALSE, 0));
  g_assert_false (ocs_health_is_portal (refused, FALSE, FALSE, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/health/reminder", test_reminder);
  g_test_add_func ("/health/order", test_order);
  g_test_add_func ("/health/portal", test_portal);
  return g_test_run ();
}
