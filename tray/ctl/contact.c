/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl contact, inventory send: ask for a contact and, with --wait, follow the state until the contact is over. The state is what is
 * waited for, not an event, so that nothing is missed between the call and the watch. */
#define G_LOG_DOMAIN "ocs-contact"
#include "ipc/error.h"
#include "ipc/json.h"
#include "tray/ctl/command.h"
#include "tray/ctl/sheet.h"
#include "tray/view/request.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <unistd.h>

/* On a terminal only, one line for each new thing that is done. last: what was printed last, owned by the caller. */
static void
print_progress (const OcsStatus *status, char **last)
{
  if (status->job == NULL || !isatty (STDERR_FILENO))
    return;
  g_autofree char *words = ocs_words_job (status->job);
  if (g_strcmp0 (words, *last) == 0)
    return;
  g_autofree char *line = ocs_sheet_clean (words);
  g_printerr ("%s…\n", line);
  g_free (*last);
  *last = g_steal_pointer (&words);
}

/* The status in which the contact serial is over. transfer full */
static JsonObject *
wait_for (OcsCtl *ctl, gint64 serial, GError **error)
{
  g_autofree char *last = NULL;
  g_autoptr (OcsWire) wire = ocs_ctl_stream (ctl, "Watch", NULL, 0, error);
  if (wire == NULL)
    return NULL;
  for (;;) {
    gboolean continues = FALSE;
    g_autoptr (JsonObject) reply = ocs_wire_receive (wire, &continues, error);
    JsonObject *object = reply ? ocs_ctl_member (reply, "status", error) : NULL;
    if (object == NULL)
      return NULL;
    g_autoptr (OcsStatus) status = ocs_status_from_json (object);
    if (status->outcome && status->outcome->serial >= serial)
      return json_object_ref (object);
    print_progress (status, &last);
    if (!continues) {
      g_set_error (error, OCS_ERROR, OCS_ERROR_INTERRUPTED, "the worker ended the watch: try ocsctl status");
      return NULL;
    }
  }
}

/* Whether outcome is what was asked for: an inventory request is met only by an inventory that arrived. */
static gboolean
check_outcome (const OcsOutcome *outcome, gboolean inventory, GError **error)
{
  if (outcome->kind == OCS_OUTCOME_SENT || (outcome->kind == OCS_OUTCOME_CONTACTED && !inventory))
    return TRUE;
  g_autofree char *words = ocs_words_outcome (outcome);
  g_autofree char *detail = ocs_words_detail (outcome->reason);
  const char *advice = ocs_words_advice (outcome->reason);
  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "%s%s%s", words, detail || advice ? ": " : "", detail ? detail : advice ? advice : "");
  return FALSE;
}

static void
print_started (OcsCtl *ctl, const char *how, gint64 serial)
{
  OcsRequest request = {0};
  ocs_request_ask (&request, ocs_ctl_now ());
  ocs_request_answer (&request, how, serial);
  g_autofree char *words = how ? ocs_request_words (&request, NULL, ocs_ctl_now (), ctl->zone) : NULL;
  g_autofree char *line = g_strdup_printf ("%s\n", words ? words : _ ("The contact is under way…"));
  ocs_ctl_print (line);
  ocs_request_clear (&request);
}

static gboolean
finish_wait (OcsCtl *ctl, JsonObject *reply, gboolean inventory, GError **error)
{
  g_autoptr (JsonObject) object = wait_for (ctl, ocs_json_int (reply, "serial", 0), error);
  if (object == NULL)
    return FALSE;
  g_autoptr (OcsStatus) status = ocs_status_from_json (object);
  OcsRequest request = {0};
  ocs_request_answer (&request, ocs_json_string (reply, "how"), ocs_json_int (reply, "serial", 0));
  if (ctl->json) {
    json_object_set_member (reply, "outcome", json_node_copy (json_object_get_member (object, "outcome")));
    ocs_ctl_print_json (reply);
  }
  if (!check_outcome (status->outcome, inventory, error))
    return FALSE;
  if (!ctl->json) {
    g_autofree char *words = ocs_request_words (&request, status->outcome, ocs_ctl_now (), ctl->zone);
    g_autofree char *line = g_strconcat (words, "\n", NULL);
    ocs_ctl_print (line);
  }
  return TRUE;
}

static gboolean
contact (OcsCtl *ctl, const char *method, gboolean inventory, GError **error)
{
  g_autoptr (JsonObject) reply = ocs_ctl_call (ctl, method, NULL, error);
  if (reply == NULL)
    return FALSE;
  if (ctl->wait)
    return finish_wait (ctl, reply, inventory, error);
  if (ctl->json)
    ocs_ctl_print_json (reply);
  else
    print_started (ctl, inventory ? ocs_json_string (reply, "how") : NULL, ocs_json_int (reply, "serial", 0));
  return TRUE;
}

gboolean
ocs_command_contact (OcsCtl *ctl, char **arguments, GError **error)
{
  return contact (ctl, "Contact", FALSE, error);
}

gboolean
ocs_command_inventory_send (OcsCtl *ctl, char **arguments, GError **error)
{
  return contact (ctl, "SendInventory", TRUE, error);
}
