/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/deployments.h"
#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000)

static OcsDeployments *
build (const OcsStatus *status)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  return ocs_deployments_build (status, NOW, utc);
}

static OcsPackageStatus *
add (OcsStatus *status, const char *id, OcsStep step)
{
  OcsPackageStatus *package = ocs_package_status_new (id);
  package->step = step;
  g_ptr_array_add (status->packages, package);
  return package;
}

static const OcsDeployment *
item (const OcsDeployments *deployments, OcsDeploymentsKind group, guint i)
{
  g_assert_cmpuint (i, <, deployments->groups[group].items->len);
  return deployments->groups[group].items->pdata[i];
}

static void
test_steps (void)
{
  static const struct {
    OcsStep step;
    OcsDeploymentsKind group;
    const char *words;
  } cases[] = {
      {OCS_STEP_OFFERED, OCS_DEPLOYMENTS_WAITING, "Offered"},
      {OCS_STEP_DESCRIBED, OCS_DEPLOYMENTS_WAITING, "Waits for its download"},
      {OCS_STEP_FETCHING, OCS_DEPLOYMENTS_NOW, "Downloading"},
      {OCS_STEP_VERIFIED, OCS_DEPLOYMENTS_WAITING, "Downloaded and checked"},
      {OCS_STEP_SCHEDULED, OCS_DEPLOYMENTS_WAITING, "Waits for its time"},
      {OCS_STEP_ASKING, OCS_DEPLOYMENTS_WAITING, "Waits for your answer"},
      {OCS_STEP_RUNNING, OCS_DEPLOYMENTS_NOW, "Being installed"},
      {OCS_STEP_FINISHED, OCS_DEPLOYMENTS_PAST, "Finished; the server is told next"},
      {OCS_STEP_GONE, OCS_DEPLOYMENTS_PAST, "Withdrawn"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsStatus) status = ocs_status_new ();
    add (status, "7", cases[i].step);
    g_autoptr (OcsDeployments) deployments = build (status);
    const OcsDeployment *only = item (deployments, cases[i].group, 0);
    g_assert_cmpstr (only->name, ==, "Package 7");
    g_assert_cmpstr (only->words, ==, cases[i].words);
    g_assert_nonnull (only->icon);
    g_assert_null (deployments->nothing);
  }
}

static void
test_progress (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  OcsPackageStatus *package = add (status, "7", OCS_STEP_FETCHING);
  package->fragments_done = 3;
  package->fragments_total = 4;
  package->fragment_map = g_strdup ("cwd.");
  g_autoptr (OcsDeployments) alone = build (status);
  g_assert_cmpfloat_with_epsilon (item (alone, OCS_DEPLOYMENTS_NOW, 0)->fraction, 0.75, 1e-9);
  g_assert_null (item (alone, OCS_DEPLOYMENTS_NOW, 0)->figures);
  g_assert_cmpstr (item (alone, OCS_DEPLOYMENTS_NOW, 0)->map_words, ==,
                   "1 part from the cache, 1 over the line, 1 was here already, 1 missing");
  status->job = ocs_job_new (OCS_JOB_DOWNLOADING, "7");
  status->job->done = 1;
  status->job->total = 2;
  g_autoptr (OcsDeployments) with_job = build (status);
  g_assert_cmpfloat_with_epsilon (item (with_job, OCS_DEPLOYMENTS_NOW, 0)->fraction, 0.5, 1e-9);
  g_assert_cmpstr (item (with_job, OCS_DEPLOYMENTS_NOW, 0)->figures, ==, "50 %");
  package->step = OCS_STEP_REPORTED;
  g_autoptr (OcsDeployments) over = build (status);
  g_assert_null (item (over, OCS_DEPLOYMENTS_PAST, 0)->map);
}

static void
test_waiting (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  OcsQuestion *question = ocs_question_new (OCS_QUESTION_INSTALL, "6");
  OcsPackageStatus *timed = add (status, "5", OCS_STEP_SCHEDULED);
  add (status, "6", OCS_STEP_ASKING);
  OcsPackageStatus *full = add (status, "8", OCS_STEP_FETCHING);
  timed->scheduled = NOW + 7200;
  timed->may_hurry = TRUE;
  full->reason = ocs_reason_new ("no-space", "/var has 1 MB: free some space");
  g_ptr_array_add (status->questions, question);
  g_autoptr (OcsDeployments) deployments = build (status);
  g_assert_cmpstr (item (deployments, OCS_DEPLOYMENTS_WAITING, 0)->words, ==, "Waits for its time; it goes on in 2 hours");
  g_assert_true (item (deployments, OCS_DEPLOYMENTS_WAITING, 0)->hurries);
  g_assert_true (item (deployments, OCS_DEPLOYMENTS_WAITING, 1)->asks);
  g_assert_nonnull (strstr (item (deployments, OCS_DEPLOYMENTS_WAITING, 2)->details, "/var has 1 MB: free some space"));
  question->settled = OCS_SETTLED_NOW;
  g_autoptr (OcsDeployments) settled = build (status);
  g_assert_false (item (settled, OCS_DEPLOYMENTS_WAITING, 1)->asks);
}

static void
test_past (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  OcsPackageStatus *old = add (status, "1", OCS_STEP_REPORTED);
  OcsPackageStatus *young = add (status, "2", OCS_STEP_REPORTED);
  old->updated = NOW - 90000;
  old->result = g_strdup ("SUCCESS");
  young->updated = NOW - 60;
  young->result = g_strdup ("EXIT_CODE_3");
  g_autoptr (OcsDeployments) deployments = build (status);
  const OcsDeployment *first = item (deployments, OCS_DEPLOYMENTS_PAST, 0);
  g_assert_cmpstr (first->id, ==, "2");
  g_assert_cmpstr (first->words, ==, "Finished: Its command failed with code 3 (today 22:12)");
  g_assert_cmpstr (first->icon, ==, "dialog-error-symbolic");
  g_assert_nonnull (strstr (first->details, "What the console shows: EXIT_CODE_3"));
  g_assert_cmpstr (item (deployments, OCS_DEPLOYMENTS_PAST, 1)->icon, ==, "emblem-ok-symbolic");
}

static void
test_many (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  for (int i = 0; i < 10000; i++) {
    g_autofree char *id = g_strdup_printf ("%d", i);
    add (status, id, i % 2 ? OCS_STEP_REPORTED : OCS_STEP_SCHEDULED);
  }
  g_autoptr (OcsDeployments) deployments = build (status);
  g_assert_cmpuint (deployments->groups[OCS_DEPLOYMENTS_PAST].items->len, ==, OCS_DEPLOYMENTS_MAX);
  g_assert_cmpstr (deployments->groups[OCS_DEPLOYMENTS_PAST].more, ==, "and 4800 more");
  g_assert_cmpstr (deployments->groups[OCS_DEPLOYMENTS_WAITING].more, ==, "and 4800 more");
}

static void
test_nothing (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (OcsDeployments) none = build (status);
  g_assert_cmpstr (none->nothing, ==, "No deployments are known");
  status->state = OCS_STATE_NOT_RUNNING;
  g_autoptr (OcsDeployments) gone = build (status);
  g_assert_nonnull (strstr (gone->nothing, "not running"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/deployments/steps", test_steps);
  g_test_add_func ("/deployments/progress", test_progress);
  g_test_add_func ("/deployments/waiting", test_waiting);
  g_test_add_func ("/deployments/past", test_past);
  g_test_add_func ("/deployments/many", test_many);
  g_test_add_func ("/deployments/nothing", test_nothing);
  return g_test_run ();
}
