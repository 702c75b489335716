/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl watch: a line for each change that a person would notice; with --json each status as the worker sent it, one a line. */
#define G_LOG_DOMAIN "ocs-watch"
#include "ipc/error.h"
#include "tray/ctl/command.h"
#include "tray/ctl/sheet.h"
#include "tray/view/rows.h"
#include "tray/view/words.h"

static char *
describe (const OcsStatus *status)
{
  g_autofree char *why = ocs_menu_why (status);
  g_autofree char *job = status->job ? ocs_words_job (status->job) : NULL;
  g_autofree char *figures = status->job ? ocs_words_job_figures (status->job) : NULL;
  g_autoptr (GString) line = g_string_new (ocs_words_status (status));
  if (why)
    g_string_append_printf (line, ": %s", why);
  if (job)
    g_string_append_printf (line, ": %s", job);
  if (figures)
    g_string_append_printf (line, ", %s", figures);
  return ocs_sheet_clean (line->str);
}

/* last: what was printed last, owned by the caller. */
static void
print_change (OcsCtl *ctl, const OcsStatus *status, char **last)
{
  g_autofree char *words = describe (status);
  if (g_strcmp0 (words, *last) == 0)
    return;
  g_autoptr (GDateTime) now = g_date_time_new_now (ctl->zone);
  g_autofree char *clock = g_date_time_format (now, "%H:%M:%S");
  g_autofree char *line = g_strdup_printf ("%s  %s\n", clock, words);
  ocs_ctl_print (line);
  g_free (*last);
  *last = g_steal_pointer (&words);
}

gboolean
ocs_command_watch (OcsCtl *ctl, char **arguments, GError **error)
{
  g_autofree char *last = NULL;
  g_autoptr (OcsWire) wire = ocs_ctl_stream (ctl, "Watch", NULL, 0, error);
  if (wire == NULL)
    return FALSE;
  for (;;) {
    gboolean continues = FALSE;
    g_autoptr (JsonObject) reply = ocs_wire_receive (wire, &continues, error);
    JsonObject *object = reply ? ocs_ctl_member (reply, "status", error) : NULL;
    if (object == NULL)
      return FALSE;
    g_autoptr (OcsStatus) status = ocs_status_from_json (object);
    if (ctl->json)
      ocs_ctl_print_json (reply);
    else
      print_change (ctl, status, &last);
    if (!continues)
      return TRUE;
  }
}
