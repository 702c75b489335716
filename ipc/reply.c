/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-reply"
#include "ipc/reply.h"
#include "ipc/error.h"
#include "ipc/json.h"

/* In the words of whoever answered. FALSE, so that callers can return it. */
static gboolean
tell (OcsError code, const char *message, JsonObject *object, GError **error)
{
  GError *told = ocs_error_new_told (code, message);

  ocs_error_set_retry_after (told, ocs_json_int (object, "retry_after", 0));
  g_propagate_error (error, told);
  return FALSE;
}

gboolean
ocs_reply_check (JsonObject *reply, GError **error)
{
  const char *name = ocs_json_string (reply, "error");
  JsonObject *parameters = ocs_json_object (reply, "parameters");
  const char *message = ocs_json_string (parameters, "message");
  const char *method = ocs_json_string (parameters, "method");
  g_autofree char *words = NULL;
  OcsError code;

  if (name == NULL)
    return TRUE;
  code = ocs_error_from_wire_name (name);
  if (message != NULL)
    words = g_strdup (message);
  else if (code == OCS_ERROR_UNSUPPORTED && method != NULL)
    words = g_strdup_printf ("the service does not know %.200s: it is of another version, update both", method);
  else
    words = g_strdup_printf ("the service answered %.200s", name);
  return tell (code, words, parameters, error);
}

gboolean
ocs_reply_check_trailer (JsonObject *trailer, GError **error)
{
  const char *code = ocs_json_string (trailer, "error");
  const char *message = ocs_json_string (trailer, "message");

  return code == NULL || tell (ocs_error_from_nick (code), message != NULL ? message : code, trailer, error);
}
