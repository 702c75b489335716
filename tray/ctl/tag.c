/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl tag: which TAG this machine has, here and at the server, and what the server asks for; or says it. */
#define G_LOG_DOMAIN "ocs-tag"
#include "ipc/json.h"
#include "tray/ctl/command.h"
#include "tray/ctl/sheet.h"
#include <glib/gi18n-lib.h>

static gboolean
set_tag (OcsCtl *ctl, const char *tag, GError **error)
{
  JsonObject *parameters = json_object_new ();
  ocs_json_set_string (parameters, "tag", *tag != '\0' ? tag : NULL);
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "SetTag", parameters, error);
  if (reply != NULL && ctl->json)
    ocs_ctl_print_json (reply);
  return reply != NULL;
}

static void
print_tag (const OcsStatus *status)
{
  g_autoptr (OcsSheet) sheet = ocs_sheet_new ();
  ocs_sheet_add (sheet, _ ("Tag"), status->tag != NULL ? status->tag : _ ("none"));
  ocs_sheet_add (sheet, _ ("Tag at the server"), status->server_tag);
  for (guint i = 0; i < status->questions->len; i++) {
    const OcsQuestion *question = g_ptr_array_index (status->questions, i);
    if (question->kind != OCS_QUESTION_TAG || question->settled != OCS_SETTLED_NOT)
      continue;
    ocs_sheet_add (sheet, _ ("The server asks"), question->text);
    ocs_sheet_add (sheet, "", _ ("Answer with ocsctl tag VALUE; with an empty value it is never asked again."));
  }
  g_autofree char *text = ocs_sheet_format (sheet);
  ocs_ctl_print (text);
}

gboolean
ocs_command_tag (OcsCtl *ctl, char **arguments, GError **error)
{
  if (arguments[0] != NULL)
    return set_tag (ctl, arguments[0], error);
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, "GetStatus", NULL, error);
  JsonObject *object = reply ? ocs_ctl_member (reply, "status", error) : NULL;
  if (object == NULL)
    return FALSE;
  g_autoptr (OcsStatus) status = ocs_status_from_json (object);
  if (ctl->json) {
    g_autoptr (JsonObject) tags = json_object_new ();
    ocs_json_set_string (tags, "tag", status->tag);
    ocs_json_set_string (tags, "server_tag", status->server_tag);
    ocs_ctl_print_json (tags);
  } else {
    print_tag (status);
  }
  return TRUE;
}
