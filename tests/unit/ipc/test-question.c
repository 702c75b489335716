/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/idl.h"
#include "ipc/json.h"
#include "ipc/question.h"
#include "ipc/status.h"
#include <string.h>

static OcsQuestion *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = ocs_json_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return ocs_question_from_json (object);
}

static void
test_round_trip (void)
{
  static const char text[] =
      "{\"id\":\"1700000001\",\"serial\":2,\"kind\":\"install\",\"text\":\"<b>t</b>\",\"asked\":3,\"countdown\":4,\"remaining\":5,"
      "\"counted\":6,\"counting\":true,\"paused\":true,\"may_pause\":true,\"may_delay\":true,\"delays_left\":-1,\"deadline\":7,"
      "\"may_cancel\":true,\"settled\":\"timed_out\",\"settled_until\":8}";
  g_autoptr (OcsQuestion) question = parse (text);
  g_autoptr (JsonObject) json = ocs_question_to_json (question);
  g_autofree char *written = ocs_json_write (json);

  g_assert_cmpstr (written, ==, text);
  g_assert_cmpint (question->settled, ==, OCS_SETTLED_TIMED_OUT);
}

static void
test_strange (void)
{
  g_autoptr (OcsQuestion) empty = parse ("{}");
  g_autoptr (OcsQuestion) newer = parse ("{\"id\":7,\"kind\":\"quiz\",\"settled\":\"by_lot\",\"counting\":1,\"deadline\":\"x\"}");

  g_assert_cmpstr (empty->id, ==, "");
  g_assert_cmpint (empty->kind, ==, OCS_QUESTION_UNKNOWN);
  g_assert_cmpint (empty->settled, ==, OCS_SETTLED_NOT);
  g_assert_null (empty->text);
  g_assert_cmpstr (newer->id, ==, "");
  g_assert_cmpint (newer->kind, ==, OCS_QUESTION_UNKNOWN);
  g_assert_cmpint (newer->settled, ==, OCS_SETTLED_DONE);
  g_assert_false (newer->counting);
  g_assert_cmpint (newer->deadline, ==, 0);
}

/* The names in C are those of the interface file. */
static void
test_names (void)
{
  OcsAnswer answer = OCS_ANSWER_LATER;

  for (guint i = 0; i < OCS_QUESTION_N; i++)
    g_assert_cmpint (ocs_question_kind_from_name (ocs_question_kind_name ((OcsQuestionKind)i)), ==, i);
  for (guint i = 0; i < OCS_SETTLED_N; i++)
    g_assert_cmpint (ocs_settled_from_name (ocs_settled_name ((OcsSettled)i)), ==, i);
  for (guint i = 0; i < OCS_ANSWER_N; i++) {
    g_assert_true (ocs_answer_from_name (ocs_answer_name ((OcsAnswer)i), &answer));
    g_assert_cmpint (answer, ==, i);
  }
  g_assert_false (ocs_answer_from_name ("Now", &answer));
  g_assert_false (ocs_answer_from_name (NULL, &answer));
  g_assert_nonnull (strstr (ocs_idl_worker (), "kind: (install, done, restart, shutdown, tag),\n"));
  g_assert_nonnull (strstr (ocs_idl_worker (), "settled: ?(now, later, cancelled, timed_out, done, restarted),\n"));
  g_assert_nonnull (strstr (ocs_idl_worker (), "answer: (now, later, cancel, pause, resume, done)"));
}

static void
test_remaining (void)
{
  g_autoptr (OcsQuestion) question = ocs_question_new (OCS_QUESTION_RESTART, OCS_QUESTION_ID_RESTART);

  question->remaining = 100;
  question->counted = 1000;
  g_assert_cmpint (ocs_question_remaining (question, 1040), ==, 100);
  question->counting = TRUE;
  g_assert_cmpint (ocs_question_remaining (question, 1040), ==, 60);
  g_assert_cmpint (ocs_question_remaining (question, 5000), ==, 0);
  g_assert_cmpint (ocs_question_remaining (question, 900), ==, 100);
}

static void
test_in_status (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (OcsStatus) read = NULL;
  g_autoptr (JsonObject) json = NULL;

  g_ptr_array_add (status->questions, ocs_question_new (OCS_QUESTION_DONE, "1"));
  json = ocs_status_to_json (status);
  json_array_add_string_element (ocs_json_array (json, "questions"), "nonsense");
  read = ocs_status_from_json (json);
  g_assert_cmpuint (read->questions->len, ==, 1);
  g_assert_cmpint (((OcsQuestion *)read->questions->pdata[0])->kind, ==, OCS_QUESTION_DONE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/question/round-trip", test_round_trip);
  g_test_add_func ("/question/strange", test_strange);
  g_test_add_func ("/question/names", test_names);
  g_test_add_func ("/question/remaining", test_remaining);
  g_test_add_func ("/question/in-status", test_in_status);
  return g_test_run ();
}
