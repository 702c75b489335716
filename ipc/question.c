/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-question"
#include "ipc/question.h"
#include "ipc/json.h"

static const char *const kind_names[] = {"install", "done", "restart", "shutdown", "tag", "unknown"};
static const char *const settled_names[] = {NULL, "now", "later", "cancelled", "timed_out", "done", "restarted"};
static const char *const answer_names[] = {"now", "later", "cancel", "pause", "resume", "done"};

G_STATIC_ASSERT (G_N_ELEMENTS (kind_names) == OCS_QUESTION_N);
G_STATIC_ASSERT (G_N_ELEMENTS (settled_names) == OCS_SETTLED_N);
G_STATIC_ASSERT (G_N_ELEMENTS (answer_names) == OCS_ANSWER_N);

const char *
ocs_question_kind_name (OcsQuestionKind kind)
{
  return kind_names[(guint)kind < OCS_QUESTION_N ? kind : OCS_QUESTION_UNKNOWN];
}

OcsQuestionKind
ocs_question_kind_from_name (const char *name)
{
  for (guint i = 0; i < OCS_QUESTION_N; i++)
    if (g_strcmp0 (name, kind_names[i]) == 0)
      return (OcsQuestionKind)i;
  return OCS_QUESTION_UNKNOWN;
}

const char *
ocs_settled_name (OcsSettled settled)
{
  return (guint)settled < OCS_SETTLED_N ? settled_names[settled] : NULL;
}

OcsSettled
ocs_settled_from_name (const char *name)
{
  for (guint i = 0; i < OCS_SETTLED_N; i++)
    if (g_strcmp0 (name, settled_names[i]) == 0)
      return (OcsSettled)i;
  return OCS_SETTLED_DONE;
}

const char *
ocs_answer_name (OcsAnswer answer)
{
  return answer_names[(guint)answer < OCS_ANSWER_N ? answer : OCS_ANSWER_DONE];
}

gboolean
ocs_answer_from_name (const char *name, OcsAnswer *answer)
{
  for (guint i = 0; i < OCS_ANSWER_N; i++)
    if (g_strcmp0 (name, answer_names[i]) == 0) {
      *answer = (OcsAnswer)i;
      return TRUE;
    }
  return FALSE;
}

OcsQuestion *
ocs_question_new (OcsQuestionKind kind, const char *id)
{
  OcsQuestion *question = g_new0 (OcsQuestion, 1);

  question->kind = kind;
  question->id = g_strdup (id);
  return question;
}

void
ocs_question_free (OcsQuestion *question)
{
  if (question == NULL)
    return;
  g_free (question->id);
  g_free (question->text);
  g_free (question);
}

JsonObject *
ocs_question_to_json (const OcsQuestion *question)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", question->id != NULL ? question->id : "");
  json_object_set_int_member (object, "serial", question->serial);
  json_object_set_string_member (object, "kind", ocs_question_kind_name (question->kind));
  ocs_json_set_string (object, "text", question->text);
  json_object_set_int_member (object, "asked", question->asked);
  json_object_set_int_member (object, "countdown", question->countdown);
  json_object_set_int_member (object, "remaining", question->remaining);
  json_object_set_int_member (object, "counted", question->counted);
  json_object_set_boolean_member (object, "counting", question->counting);
  json_object_set_boolean_member (object, "paused", question->paused);
  json_object_set_boolean_member (object, "may_pause", question->may_pause);
  json_object_set_boolean_member (object, "may_delay", question->may_delay);
  json_object_set_int_member (object, "delays_left", question->delays_left);
  json_object_set_int_member (object, "deadline", question->deadline);
  json_object_set_boolean_member (object, "may_cancel", question->may_cancel);
  ocs_json_set_string (object, "settled", ocs_settled_name (question->settled));
  json_object_set_int_member (object, "settled_until", question->settled_until);
  return object;
}

OcsQuestion *
ocs_question_from_json (JsonObject *object)
{
  const char *id = ocs_json_string (object, "id");
  OcsQuestion *question = ocs_question_new (ocs_question_kind_from_name (ocs_json_string (object, "kind")), id != NULL ? id : "");

  question->serial = ocs_json_int (object, "serial", 0);
  question->text = g_strdup (ocs_json_string (object, "text"));
  question->asked = ocs_json_int (object, "asked", 0);
  question->countdown = ocs_json_int (object, "countdown", 0);
  question->remaining = ocs_json_int (object, "remaining", 0);
  question->counted = ocs_json_int (object, "counted", 0);
  question->counting = ocs_json_bool (object, "counting", FALSE);
  question->paused = ocs_json_bool (object, "paused", FALSE);
  question->may_pause = ocs_json_bool (object, "may_pause", FALSE);
  question->may_delay = ocs_json_bool (object, "may_delay", FALSE);
  question->delays_left = ocs_json_int (object, "delays_left", 0);
  question->deadline = ocs_json_int (object, "deadline", 0);
  question->may_cancel = ocs_json_bool (object, "may_cancel", FALSE);
  question->settled = ocs_settled_from_name (ocs_json_string (object, "settled"));
  question->settled_until = ocs_json_int (object, "settled_until", 0);
  return question;
}

gint64
ocs_question_remaining (const OcsQuestion *question, gint64 now)
{
  gint64 passed = question->counting ? CLAMP (now - question->counted, 0, G_MAXINT32) : 0;

  return MAX (question->remaining - passed, 0);
}
