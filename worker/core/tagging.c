/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/tagging.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/text.h"
#include <string.h>

#define SETTLED_SHOWN 60

/* What the server has where nobody gave a machine a TAG: the column's default, and a row that was lost. */
static const char *const no_tags[] = {"NA", "LOST", NULL};

OcsTagging *
ocs_tagging_new (void)
{
  return g_new0 (OcsTagging, 1);
}

void
ocs_tagging_free (OcsTagging *tagging)
{
  if (tagging == NULL)
    return;
  g_free (tagging->label);
  g_free (tagging->tag);
  g_free (tagging->sent);
  g_free (tagging);
}

JsonObject *
ocs_tagging_to_json (const OcsTagging *tagging)
{
  JsonObject *object = json_object_new ();

  ocs_json_set_string (object, "label", tagging->label);
  json_object_set_int_member (object, "asked", tagging->asked);
  json_object_set_boolean_member (object, "answered", tagging->answered);
  json_object_set_int_member (object, "answered_at", tagging->answered_at);
  ocs_json_set_string (object, "tag", tagging->tag);
  json_object_set_boolean_member (object, "untold", tagging->untold);
  return object;
}

static gboolean
is_tag (const char *tag)
{
  return tag != NULL && *tag != '\0' && !ocs_text_has_control (tag) && g_utf8_validate (tag, -1, NULL)
         && g_utf8_strlen (tag, -1) <= OCS_TAGGING_TAG_MAX;
}

OcsTagging *
ocs_tagging_from_json (JsonObject *object)
{
  OcsTagging *tagging = ocs_tagging_new ();

  if (object == NULL)
    return tagging;
  tagging->label = g_strdup (ocs_json_string (object, "label"));
  tagging->asked = ocs_json_int (object, "asked", 0);
  tagging->answered = ocs_json_bool (object, "answered", FALSE);
  tagging->answered_at = ocs_json_int (object, "answered_at", 0);
  if (is_tag (ocs_json_string (object, "tag")))
    tagging->tag = g_strdup (ocs_json_string (object, "tag"));
  tagging->untold = tagging->tag != NULL && ocs_json_bool (object, "untold", FALSE);
  return tagging;
}

static gboolean
is_allowed (const OcsSettings *settings)
{
  return settings->ask_tag && !settings->no_tag && settings->tag == NULL;
}

static gboolean
is_one (const char *server_tag)
{
  return server_tag != NULL && *server_tag != '\0' && !g_strv_contains (no_tags, server_tag);
}

gboolean
ocs_tagging_withdraw (OcsTagging *tagging, const char *server_tag)
{
  if (tagging->label == NULL || tagging->answered || !is_one (server_tag))
    return FALSE;
  g_clear_pointer (&tagging->label, g_free);
  return TRUE;
}

gboolean
ocs_tagging_wants_label (const OcsTagging *tagging, const OcsSettings *settings, const char *server_tag)
{
  return is_allowed (settings) && tagging->label == NULL && !tagging->answered && !is_one (server_tag);
}

gboolean
ocs_tagging_ask (OcsTagging *tagging, const char *label, gint64 now)
{
  g_autofree char *text = label == NULL ? NULL : g_strstrip (ocs_text_from_bytes (label, MIN (strlen (label), OCS_TAGGING_LABEL_MAX)));

  if (text == NULL || *text == '\0' || tagging->answered)
    return FALSE;
  g_free (tagging->label);
  tagging->label = g_steal_pointer (&text);
  tagging->asked = now;
  return TRUE;
}

gboolean
ocs_tagging_stands (const OcsTagging *tagging, const OcsSettings *settings)
{
  return is_allowed (settings) && tagging->label != NULL && !tagging->answered;
}

gboolean
ocs_tagging_holds (const OcsTagging *tagging, const OcsSettings *settings, gint64 last_inventory, gint64 now)
{
  return ocs_tagging_stands (tagging, settings) && last_inventory == 0 && now >= tagging->asked && now - tagging->asked < OCS_TAGGING_HOLD;
}

gboolean
ocs_tagging_answer (OcsTagging *tagging, const OcsSettings *settings, const char *tag, gint64 now, GError **error)
{
  g_autofree char *trimmed = tag == NULL ? NULL : g_strstrip (g_strdup (tag));

  if (!is_allowed (settings)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_REFUSED, "%s",
                 settings->tag != NULL ? "the administrator has set the TAG of this machine: ask him to change TAG= in ocsinventory.ini"
                                       : "the TAG of this machine is not for people to set: an administrator writes TAG= or AskTAG=1 into "
                                         "the section [OCS Companion] of ocsinventory.ini");
    return FALSE;
  }
  if (trimmed != NULL && !is_tag (trimmed)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "a TAG is a line of 1 to %d characters", OCS_TAGGING_TAG_MAX);
    return FALSE;
  }
  g_free (tagging->tag);
  tagging->tag = g_steal_pointer (&trimmed);
  tagging->untold = tagging->tag != NULL;
  tagging->answered = TRUE;
  tagging->answered_at = now;
  return TRUE;
}

const char *
ocs_tagging_tag (const OcsTagging *tagging, const OcsSettings *settings)
{
  return settings->tag != NULL ? settings->tag : tagging->tag;
}

OcsQuestion *
ocs_tagging_question (const OcsTagging *tagging, const OcsSettings *settings, gint64 now)
{
  gboolean is_fresh = tagging->answered && now >= tagging->answered_at && now - tagging->answered_at < SETTLED_SHOWN;
  OcsQuestion *question;

  if (tagging->label == NULL || !is_allowed (settings) || (tagging->answered && !is_fresh))
    return NULL;
  question = ocs_question_new (OCS_QUESTION_TAG, OCS_QUESTION_ID_TAG);
  question->serial = 1; /* there is one asking only */
  question->text = g_strdup (tagging->label);
  question->asked = tagging->asked;
  question->may_cancel = TRUE; /* SetTag without a TAG */
  if (tagging->answered)
    question->settled = tagging->tag != NULL ? OCS_SETTLED_DONE : OCS_SETTLED_CANCELLED;
  return question;
}
