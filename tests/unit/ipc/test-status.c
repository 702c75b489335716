/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/idl.h"
#include "ipc/json.h"
#include "ipc/status.h"
#include <string.h>

static OcsStatus *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = ocs_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return ocs_status_from_json (object);
}

static void
test_empty (void)
{
  g_autoptr (OcsStatus) fresh = ocs_status_new ();
  g_autoptr (JsonObject) json = ocs_status_to_json (fresh);
  g_autoptr (OcsStatus) status = parse ("{}");

  g_assert_cmpint (fresh->state, ==, OCS_STATE_WELL);
  g_assert_cmpstr (ocs_json_string (json, "version"), ==, OCS_VERSION);
  g_assert_false (json_object_has_member (json, "job"));
  g_assert_false (json_object_has_member (json, "server"));
  g_assert_cmpint (status->state, ==, OCS_STATE_PROBLEM);
  g_assert_cmpstr (status->version, ==, "");
  g_assert_null (status->job);
  g_assert_cmpuint (g_strv_length (status->warnings), ==, 0);
  g_assert_cmpuint (status->packages->len, ==, 0);
}

static void
test_round_trip (void)
{
  static const char text[] =
      "{\"state\":\"needs_you\",\"reason\":{\"code\":\"busy\",\"message\":\"wait\"},\"version\":\"9\",\"started\":1,\"last_contact\":2,"
      "\"last_success\":3,\"last_inventory\":4,\"next_contact\":5,\"server\":\"s\",\"deviceid\":\"d\",\"tag\":\"t\",\"server_tag\":\"u\","
      "\"insecure\":true,"
      "\"warnings\":[\"a\",\"b\"],\"proxy\":{\"kind\":\"http\",\"host\":\"p\",\"port\":3128,\"authenticated\":true,\"verdict\":\"shared\","
      "\"from_cache\":6,\"from_wan\":7,\"reason\":{\"code\":\"proxy-auth\",\"message\":\"m\"},\"why\":\"fallback\",\"ways\":[{\"purpose\":"
      "\"info\",\"kind\":\"https\",\"host\":\"q\",\"port\":9,\"why\":\"pac\"}],\"intercepted\":\"v\",\"auth\":\"digest\"},\"job\":{"
      "\"kind\":\"downloading\","
      "\"package\":\"123\",\"done\":8,\"total\":9,\"rate\":10,\"from_cache\":11,\"from_wan\":12},\"outcome\":{\"serial\":13,\"time\":14,"
      "\"kind\":\"queued\",\"reason\":{\"code\":\"unreachable\",\"message\":\"n\"}},\"packages\":[{\"id\":\"123\",\"step\":\"fetching\","
      "\"action\":\"STORE\",\"fragments_done\":15,\"fragments_total\":16,\"bytes\":17,\"from_cache\":18,\"from_wan\":19,\"since\":20,"
      "\"updated\":21,\"result\":\"r\",\"reason\":{\"code\":\"digest\",\"message\":\"o\"},\"command\":\"c\",\"output\":\"u\","
      "\"waits_for\":\"window\",\"waits_until\":22,\"may_hurry\":true,\"scheduled\":23}],\"questions\":[],\"clock_skew\":-70}";
  g_autoptr (OcsStatus) status = parse (text);
  g_autoptr (JsonObject) json = ocs_status_to_json (status);
  g_autofree char *written = ocs_json_write (json);

  g_assert_cmpstr (written, ==, text);
  g_assert_cmpint (status->state, ==, OCS_STATE_NEEDS_YOU);
  g_assert_cmpint (status->proxy.verdict, ==, OCS_VERDICT_SHARED);
}

/* A newer worker, or a liar. */
static void
test_strange (void)
{
  g_autoptr (OcsStatus) status =
      parse ("{\"state\":\"sleeping\",\"new\":{\"deep\":[1]},\"started\":\"x\",\"warnings\":[1,\"w\",null,[\"y\"]],\"packages\":[1,{},"
             "{\"id\":7,\"step\":\"flying\"}],\"job\":[],\"proxy\":\"none\",\"outcome\":{\"kind\":3},\"reason\":{}}");

  g_assert_cmpint (status->state, ==, OCS_STATE_PROBLEM);
  g_assert_cmpint (status->started, ==, 0);
  g_assert_cmpuint (g_strv_length (status->warnings), ==, 1);
  g_assert_cmpstr (status->warnings[0], ==, "w");
  g_assert_cmpuint (status->packages->len, ==, 2);
  g_assert_cmpstr (((OcsPackageStatus *)status->packages->pdata[1])->id, ==, "");
  g_assert_null (status->job);
  g_assert_cmpint (status->proxy.kind, ==, OCS_PROXY_NONE);
  g_assert_cmpint (status->outcome->kind, ==, OCS_OUTCOME_FAILED);
  g_assert_cmpstr (status->reason->code, ==, "failed");
}

/* The names in C are those of the interface file. */
static void
test_names (void)
{
  for (guint i = 0; i < OCS_STATE_NOT_RUNNING; i++)
    g_assert_cmpint (ocs_state_from_name (ocs_state_name ((OcsState)i)), ==, i);
  for (guint i = 0; i < OCS_STEP_N; i++)
    g_assert_cmpint (ocs_step_from_name (ocs_step_name ((OcsStep)i)), ==, i);
  for (guint i = 0; i < OCS_VERDICT_N; i++)
    g_assert_cmpint (ocs_verdict_from_name (ocs_verdict_name ((OcsVerdict)i)), ==, i);
  g_assert_nonnull (strstr (ocs_idl_worker (), "type State (well, working, waiting, needs_you, away, problem)\n"));
  g_assert_nonnull (strstr (ocs_idl_worker (), "(contacting, collecting, sending, downloading, verifying, running, reporting)"));
  g_assert_nonnull (strstr (ocs_idl_worker (), "(sent, contacted, switched_off, queued, failed)"));
  g_assert_nonnull (
      strstr (ocs_idl_worker (), "(offered, described, fetching, verified, scheduled, asking, running, finished, reported, gone)"));
  g_assert_cmpstr (ocs_state_name ((OcsState)99), ==, "problem");
  g_assert_cmpint (ocs_job_kind_from_name (NULL), ==, OCS_JOB_CONTACTING);
  g_assert_cmpint (ocs_outcome_kind_from_name ("?"), ==, OCS_OUTCOME_FAILED);
  g_assert_cmpint (ocs_proxy_kind_from_name ("socks4"), ==, OCS_PROXY_SOCKS4);
}

static void
test_reason (void)
{
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_PROXY_AUTH, "set ProxyUser");
  g_autoptr (OcsReason) reason = ocs_reason_new_from_error (error);
  g_autoptr (OcsOutcome) outcome = ocs_outcome_new (1, 2, OCS_OUTCOME_FAILED, reason);
  g_autoptr (OcsOutcome) copy = ocs_outcome_copy (outcome);

  g_assert_cmpstr (reason->code, ==, "proxy-auth");
  g_assert_cmpstr (copy->reason->message, ==, "set ProxyUser");
  g_assert_null (ocs_reason_copy (NULL));
  g_assert_null (ocs_outcome_copy (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/empty", test_empty);
  g_test_add_func ("/status/round-trip", test_round_trip);
  g_test_add_func ("/status/strange", test_strange);
  g_test_add_func ("/status/names", test_names);
  g_test_add_func ("/status/reason", test_reason);
  return g_test_run ();
}
