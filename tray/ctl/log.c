/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl log: what the worker has said lately, and with -f what it says from now on. */
#define G_LOG_DOMAIN "ocs-log"
#include "ipc/json.h"
#include "tray/ctl/command.h"
#include "tray/ctl/sheet.h"

#define LINES 100

static void
print_line (OcsCtl *ctl, JsonObject *line)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (ocs_json_int (line, "time", 0));
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_timezone (utc, ctl->zone) : NULL;
  g_autofree char *clock = local != NULL ? g_date_time_format (local, "%F %T") : g_strdup ("-");
  const char *level = ocs_json_string (line, "level");
  const char *domain = ocs_json_string (line, "domain");
  const char *said = ocs_json_string (line, "text");
  g_autofree char *words =
      g_strdup_printf ("%s  %-7s  %s: %s", clock, level != NULL ? level : "", domain != NULL ? domain : "", said != NULL ? said : "");
  g_autofree char *clean = ocs_sheet_clean (words);
  g_autofree char *text = g_strconcat (clean, "\n", NULL);

  ocs_ctl_print (text);
}

gboolean
ocs_command_log (OcsCtl *ctl, char **arguments, GError **error)
{
  JsonObject *parameters = json_object_new ();
  json_object_set_int_member (parameters, "lines", ctl->lines > 0 ? ctl->lines : LINES);
  json_object_set_boolean_member (parameters, "follow", ctl->follow);
  g_autoptr (OcsWire) wire = ocs_ctl_stream (ctl, "GetLog", parameters, ctl->follow ? 0 : OCS_CTL_TIMEOUT, error);
  if (wire == NULL)
    return FALSE;
  for (;;) {
    gboolean continues = FALSE;
    g_autoptr (JsonObject) reply = ocs_wire_receive (wire, &continues, error);
    JsonObject *line = reply != NULL ? ocs_json_object (reply, "line") : NULL;
    if (reply == NULL)
      return FALSE;
    if (line != NULL && ctl->json)
      ocs_ctl_print_json (line);
    else if (line != NULL)
      print_line (ctl, line);
    if (!continues)
      return TRUE;
  }
}
