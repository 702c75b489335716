/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-result"
#include "worker/core/result.h"
#include "ipc/error.h"
#include "ipc/json.h"

#include <string.h>
#include <sys/wait.h>

#define CODE_MAX 64

void
ocs_result_free (OcsResult *result)
{
  if (result == NULL)
    return;
  g_free (result->code);
  g_free (result);
}

static gboolean
check_version (JsonObject *object, const char *file, GError **error)
{
  gint64 version = ocs_json_int (object, "version", 0);

  if (version > OCS_RESULT_VERSION) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED,
                 "%s has version %" G_GINT64_FORMAT ", this program knows %d: install worker and ocs-run of one version", file, version,
                 OCS_RESULT_VERSION);
    return FALSE;
  }
  if (version < 1) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "%s: \"version\" is missing or not a positive number", file);
    return FALSE;
  }
  return TRUE;
}

JsonObject *
ocs_started_to_json (const OcsStarted *started)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "version", OCS_RESULT_VERSION);
  ocs_json_set_string (object, "boot_id", started->boot_id);
  json_object_set_int_member (object, "pid", started->pid);
  json_object_set_int_member (object, "start_time", (gint64)started->start_time);
  json_object_set_int_member (object, "at", started->at);
  return object;
}

JsonObject *
ocs_result_to_json (const OcsResult *result)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "version", OCS_RESULT_VERSION);
  ocs_json_set_string (object, "code", result->code);
  json_object_set_int_member (object, "exit_status", result->exit_status);
  json_object_set_int_member (object, "at", result->at);
  json_object_set_boolean_member (object, "output_truncated", result->output_truncated);
  return object;
}

/* The code goes to the server as it stands, so it must look like one. */
static gboolean
code_is_valid (const char *code)
{
  gsize length = code != NULL ? strlen (code) : 0;

  return length > 0 && length <= CODE_MAX && strspn (code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == length;
}

OcsResult *
ocs_result_from_json (JsonObject *object, GError **error)
{
  const char *code = ocs_json_string (object, "code");
  gint64 exit_status = ocs_json_int (object, "exit_status", -1);
  OcsResult *result;

  if (!check_version (object, OCS_RESULT_FILE, error))
    return NULL;
  if (!code_is_valid (code) || exit_status < -1 || exit_status > 255) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, OCS_RESULT_FILE ": \"%s\" is missing or wrong",
                 code_is_valid (code) ? "exit_status" : "code");
    return NULL;
  }
  result = g_new0 (OcsResult, 1);
  result->code = g_strdup (code);
  result->exit_status = (int)exit_status;
  result->at = ocs_json_int (object, "at", 0);
  result->output_truncated = ocs_json_bool (object, "output_truncated", FALSE);
  return result;
}

int
ocs_result_exit_status (int wait_status)
{
  if (WIFSIGNALED (wait_status))
    return 128 + WTERMSIG (wait_status);
  return WEXITSTATUS (wait_status);
}

char *
ocs_result_code_from_wait (OcsAction action, int wait_status, gboolean timed_out)
{
  int status = ocs_result_exit_status (wait_status);

  if (timed_out)
    return g_strdup (OCS_RESULT_TIMEOUT);
  if (status == 0)
    return g_strdup (OCS_RESULT_SUCCESS);
  return g_strdup_printf ("EXIT_CODE_%d", status);
}
