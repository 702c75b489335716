/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl answer: what somebody says to a question of the worker. Cancelling is final for the server, so it is asked twice. */
#define G_LOG_DOMAIN "ocs-answer"
#include "ipc/error.h"
#include "ipc/json.h"
#include "tray/ctl/command.h"
#include "tray/ctl/query.h"
#include "tray/ctl/sheet.h"
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LATER_DEFAULT 60
#define LATER_MAX (7 * 24 * 60)

static gboolean
misused (OcsCtl *ctl, GError **error, const char *message)
{
  ctl->misused = TRUE;
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, message);
  return FALSE;
}

/* The question of that id that stands; NULL where there is none or this user does not see it. transfer full */
static OcsQuestion *
find_question (OcsCtl *ctl, const char *id)
{
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "GetStatus", NULL, NULL);
  JsonArray *array = reply ? ocs_json_array (ocs_json_object (reply, "status"), "questions") : NULL;
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    if (!JSON_NODE_HOLDS_OBJECT (node))
      continue;
    g_autoptr (OcsQuestion) question = ocs_question_from_json (json_node_get_object (node));
    if (question->settled == OCS_SETTLED_NOT && g_strcmp0 (question->id, id) == 0)
      return g_steal_pointer (&question);
  }
  return NULL;
}

/* serial: of the question as it was shown. */
static gboolean
confirm (OcsCtl *ctl, const char *id, gint64 *serial, GError **error)
{
  char line[16] = "";
  if (!isatty (STDIN_FILENO))
    return misused (ctl, error, _ ("cancelling is final: say --yes where nobody can be asked again"));
  g_autoptr (OcsQuestion) question = find_question (ctl, id);
  if (question) {
    g_autofree char *words = ocs_query_words (question);
    g_autofree char *clean = ocs_sheet_clean (words);
    *serial = question->serial;
    g_printerr ("%s\n", clean);
  }
  /* Translators: "yes" is what has to be typed, in every language. */
  g_printerr (_ ("Cancelling is final: the server is told so and does not offer it again. Type yes to cancel: "));
  if (fgets (line, sizeof line, stdin) && strcmp (g_strstrip (line), "yes") == 0)
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_CANCELLED, "%s", _ ("nothing was cancelled"));
  return FALSE;
}

static gboolean
read_minutes (OcsCtl *ctl, const char *text, gint64 *minutes, GError **error)
{
  *minutes = LATER_DEFAULT;
  return text == NULL || g_ascii_string_to_signed (text, 10, 1, LATER_MAX, minutes, NULL)
         || misused (ctl, error, _ ("later takes a number of minutes, at most 10080, which is a week"));
}

static void
print_answered (OcsCtl *ctl, JsonObject *reply)
{
  g_autofree char *line = g_strdup_printf ("%s\n", _ ("The worker has been told."));
  if (ctl->json)
    ocs_ctl_print_json (reply);
  else
    ocs_ctl_print (line);
}

gboolean
ocs_command_answer (OcsCtl *ctl, char **arguments, GError **error)
{
  OcsAnswer answer = OCS_ANSWER_NOW;
  gint64 minutes = 0, serial = 0;
  if (arguments[0] == NULL || arguments[1] == NULL || !ocs_answer_from_name (arguments[1], &answer))
    return misused (ctl, error, _ ("an answer is an ID and now, later, cancel, pause, resume or done"));
  if (arguments[2] && answer != OCS_ANSWER_LATER)
    return misused (ctl, error, _ ("only later takes a number of minutes"));
  if (answer == OCS_ANSWER_LATER && !read_minutes (ctl, arguments[2], &minutes, error))
    return FALSE;
  if (ctl->yes && answer != OCS_ANSWER_CANCEL)
    return misused (ctl, error, _ ("--yes is for cancel only"));
  if (answer == OCS_ANSWER_CANCEL && !ctl->yes && !confirm (ctl, arguments[0], &serial, error))
    return FALSE;
  JsonObject *parameters = json_object_new ();
  json_object_set_string_member (parameters, "id", arguments[0]);
  json_object_set_string_member (parameters, "answer", ocs_answer_name (answer));
  if (serial > 0)
    json_object_set_int_member (parameters, "serial", serial);
  if (minutes > 0)
    json_object_set_int_member (parameters, "minutes", minutes);
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "Answer", parameters, error);
  if (reply == NULL)
    return FALSE;
  print_answered (ctl, reply);
  return TRUE;
}
