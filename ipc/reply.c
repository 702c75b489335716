/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-reply"
#include "ipc/reply.h"
#include "ipc/error.h"
#include "ipc/json.h"

gboolean
ocs_reply_check (JsonObject *reply, GError **error)
{
  const char *name = ocs_json_string (reply, "error");
  const char *message = ocs_json_string (ocs_json_object (reply, "parameters"), "message");

  if (name == NULL)
    return TRUE;
  if (message != NULL)
    g_set_error_literal (error, OCS_ERROR, (gint)ocs_error_from_wire_name (name), message);
  else
    g_set_error (error, OCS_ERROR, (gint)ocs_error_from_wire_name (name), "the service answered %s", name);
  return FALSE;
}
