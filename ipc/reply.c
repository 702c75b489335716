/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-reply"
#include "ipc/reply.h"
#include "ipc/error.h"
#include "ipc/json.h"

gboolean
ocs_reply_check (JsonObject *reply, GError **error)
{
  const char *name = ocs_json_string (reply, "error");
  JsonObject *parameters = ocs_json_object (reply, "parameters");
  const char *message = ocs_json_string (parameters, "message");
  const char *method = ocs_json_string (parameters, "method");
  g_autoptr (GError) told = NULL;

  if (name == NULL)
    return TRUE;
  OcsError code = ocs_error_from_wire_name (name);
  g_autofree char *unknown = g_strdup_printf ("the service does not know %.200s: it is of another version, update both", method);
  g_autofree char *answered = g_strdup_printf ("the service answered %.200s", name);
  if (message != NULL)
    told = ocs_error_new_told (code, message);
  else
    told = ocs_error_new_told (code, code == OCS_ERROR_UNSUPPORTED && method != NULL ? unknown : answered);
  if (parameters != NULL)
    ocs_error_set_retry_after (told, ocs_json_int (parameters, "retry_after", 0));
  g_propagate_error (error, g_steal_pointer (&told));
  return FALSE;
}

gboolean
ocs_reply_check_trailer (JsonObject *trailer, GError **error)
{
  const char *code = ocs_json_string (trailer, "error");
  const char *message = ocs_json_string (trailer, "message");
  g_autoptr (GError) told = NULL;

  if (code == NULL)
    return TRUE;
  told = ocs_error_new_told (ocs_error_from_nick (code), message != NULL ? message : code);
  ocs_error_set_retry_after (told, ocs_json_int (trailer, "retry_after", 0));
  g_propagate_error (error, g_steal_pointer (&told));
  return FALSE;
}
