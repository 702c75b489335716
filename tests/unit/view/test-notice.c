/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/notice.h"

#define NOW G_GINT64_CONSTANT (1700000000)

typedef struct {
  OcsNotices *notices;
  OcsStatus *status;
  GPtrArray *shown; /* of the last step */
  GPtrArray *gone;
} Rig;

static void
set_up (Rig *rig, gconstpointer data)
{
  rig->notices = ocs_notices_new ();
  rig->status = ocs_status_new ();
}

static void
tear_down (Rig *rig, gconstpointer data)
{
  ocs_notices_free (rig->notices);
  ocs_status_free (rig->status);
  g_clear_pointer (&rig->shown, g_ptr_array_unref);
  g_clear_pointer (&rig->gone, g_ptr_array_unref);
}

static guint
step (Rig *rig, gint64 now)
{
  g_clear_pointer (&rig->shown, g_ptr_array_unref);
  g_clear_pointer (&rig->gone, g_ptr_array_unref);
  rig->gone = g_ptr_array_new_with_free_func (g_free);
  rig->shown = ocs_notices_step (rig->notices, rig->status, now, rig->gone);
  return rig->shown->len;
}

static OcsPackageStatus *
add (Rig *rig, const char *id, OcsStep at, const char *result)
{
  OcsPackageStatus *package = ocs_package_status_new (id);
  package->step = at;
  package->result = g_strdup (result);
  g_ptr_array_add (rig->status->packages, package);
  return package;
}

static void
test_question (Rig *rig, gconstpointer data)
{
  OcsQuestion *question = ocs_question_new (OCS_QUESTION_INSTALL, "7");
  question->serial = 1;
  g_ptr_array_add (rig->status->questions, question);
  g_assert_cmpuint (step (rig, NOW), ==, 1);
  const OcsNotice *notice = rig->shown->pdata[0];
  g_assert_cmpstr (notice->title, ==, "Package 7 is ready to be installed");
  g_assert_cmpstr (notice->action, ==, "question");
  g_assert_cmpstr (notice->target, ==, "7");
  g_assert_false (notice->quiet);
  g_autofree char *id = g_strdup (notice->id);
  g_assert_cmpuint (step (rig, NOW + 1), ==, 0);
  question->serial = 2;
  g_assert_cmpuint (step (rig, NOW + 2), ==, 1);
  question->settled = OCS_SETTLED_LATER;
  g_assert_cmpuint (step (rig, NOW + 3), ==, 0);
  g_assert_cmpuint (rig->gone->len, ==, 1);
  g_assert_cmpstr (rig->gone->pdata[0], ==, id);
  g_assert_cmpuint (step (rig, NOW + 4), ==, 0);
  g_assert_cmpuint (rig->gone->len, ==, 0);
  question->kind = OCS_QUESTION_UNKNOWN;
  question->settled = OCS_SETTLED_NOT;
  g_assert_cmpuint (step (rig, NOW + 5), ==, 0);
}

/* A tray that starts says nothing of what has been; one whose worker restarts neither. */
static void
test_packages (Rig *rig, gconstpointer data)
{
  add (rig, "1", OCS_STEP_REPORTED, "SUCCESS");
  OcsPackageStatus *second = add (rig, "2", OCS_STEP_RUNNING, NULL);
  g_assert_cmpuint (step (rig, NOW), ==, 0);
  second->step = OCS_STEP_FINISHED;
  second->result = g_strdup ("EXIT_CODE_3");
  g_assert_cmpuint (step (rig, NOW + 1), ==, 1);
  const OcsNotice *notice = rig->shown->pdata[0];
  g_assert_cmpstr (notice->title, ==, "Package 2 could not be installed");
  g_assert_cmpstr (notice->body, ==, "Its command failed with code 3");
  g_assert_cmpstr (notice->target, ==, "deployments");
  g_assert_false (notice->quiet);
  second->step = OCS_STEP_REPORTED;
  g_assert_cmpuint (step (rig, NOW + 2), ==, 0);
  rig->status->state = OCS_STATE_NOT_RUNNING;
  g_autoptr (GPtrArray) kept = g_steal_pointer (&rig->status->packages);
  rig->status->packages = g_ptr_array_new ();
  g_assert_cmpuint (step (rig, NOW + 3), ==, 0);
  rig->status->state = OCS_STATE_WELL;
  g_ptr_array_unref (rig->status->packages);
  rig->status->packages = g_steal_pointer (&kept);
  g_assert_cmpuint (step (rig, NOW + 4), ==, 0);
  add (rig, "3", OCS_STEP_FINISHED, "SUCCESS");
  g_assert_cmpuint (step (rig, NOW + 5), ==, 1);
  notice = rig->shown->pdata[0];
  g_assert_true (notice->quiet);
}

static void
test_many_packages (Rig *rig, gconstpointer data)
{
  g_assert_cmpuint (step (rig, NOW), ==, 0);
  for (int i = 0; i < 10000; i++) {
    g_autofree char *id = g_strdup_printf ("%d", i);
    add (rig, id, OCS_STEP_REPORTED, i < 2 ? "ERR_UNZIP" : "SUCCESS");
  }
  g_assert_cmpuint (step (rig, NOW + 1), ==, 1);
  const OcsNotice *notice = rig->shown->pdata[0];
  g_assert_cmpstr (notice->title, ==, "10000 deployments have ended");
  g_assert_cmpstr (notice->body, ==, "2 failed");
}

static void
test_problem (Rig *rig, gconstpointer data)
{
  rig->status->state = OCS_STATE_PROBLEM;
  rig->status->reason = ocs_reason_new ("proxy-auth", "407");
  g_assert_cmpuint (step (rig, NOW), ==, 0);
  g_assert_cmpint (ocs_notices_due (rig->notices), ==, NOW + OCS_NOTICE_PROBLEM_S);
  g_assert_cmpuint (step (rig, NOW + OCS_NOTICE_PROBLEM_S - 1), ==, 0);
  g_assert_cmpuint (step (rig, NOW + OCS_NOTICE_PROBLEM_S), ==, 1);
  const OcsNotice *notice = rig->shown->pdata[0];
  g_assert_cmpstr (notice->body, ==, "The proxy wants another login");
  g_assert_cmpstr (notice->target, ==, "overview");
  g_assert_cmpint (ocs_notices_due (rig->notices), ==, 0);
  g_assert_cmpuint (step (rig, NOW + 10 * OCS_NOTICE_PROBLEM_S), ==, 0);
  rig->status->state = OCS_STATE_AWAY;
  g_assert_cmpuint (step (rig, NOW + 11 * OCS_NOTICE_PROBLEM_S), ==, 0);
  g_assert_cmpstr (rig->gone->pdata[0], ==, "problem");
  g_assert_cmpint (ocs_notices_due (rig->notices), ==, 0);
}

/* Away is calm, and a short problem is nobody's. */
static void
test_calm (Rig *rig, gconstpointer data)
{
  static const OcsState states[] = {OCS_STATE_WELL, OCS_STATE_WORKING, OCS_STATE_WAITING, OCS_STATE_AWAY, OCS_STATE_NEEDS_YOU};
  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    rig->status->state = states[i];
    g_assert_cmpuint (step (rig, NOW + (gint64)i * 100 * OCS_NOTICE_PROBLEM_S), ==, 0);
    g_assert_cmpuint (rig->gone->len, ==, 0);
    g_assert_cmpint (ocs_notices_due (rig->notices), ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/notice/question", Rig, NULL, set_up, test_question, tear_down);
  g_test_add ("/notice/packages", Rig, NULL, set_up, test_packages, tear_down);
  g_test_add ("/notice/many-packages", Rig, NULL, set_up, test_many_packages, tear_down);
  g_test_add ("/notice/problem", Rig, NULL, set_up, test_problem, tear_down);
  g_test_add ("/notice/calm", Rig, NULL, set_up, test_calm, tear_down);
  return g_test_run ();
}
