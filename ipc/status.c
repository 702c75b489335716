/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The status and its parts as values. The JSON side is status-json.c's, the names are status-name.c's. */
#define G_LOG_DOMAIN "ocs-status"
#include "ipc/status.h"
#include "ipc/error.h"

OcsReason *
ocs_reason_new (const char *code, const char *message)
{
  OcsReason *reason = g_new0 (OcsReason, 1);

  reason->code = g_strdup (code);
  reason->message = g_strdup (message);
  return reason;
}

OcsReason *
ocs_reason_new_from_error (const GError *error)
{
  return ocs_reason_new (ocs_error_nick (ocs_error_code (error)), error != NULL ? error->message : "");
}

OcsReason *
ocs_reason_copy (const OcsReason *reason)
{
  return reason != NULL ? ocs_reason_new (reason->code, reason->message) : NULL;
}

void
ocs_reason_free (OcsReason *reason)
{
  if (reason == NULL)
    return;
  g_free (reason->code);
  g_free (reason->message);
  g_free (reason);
}

OcsJob *
ocs_job_new (OcsJobKind kind, const char *package)
{
  OcsJob *job = g_new0 (OcsJob, 1);

  job->kind = kind;
  job->package = g_strdup (package);
  return job;
}

void
ocs_job_free (OcsJob *job)
{
  if (job == NULL)
    return;
  g_free (job->package);
  g_free (job);
}

OcsOutcome *
ocs_outcome_new (gint64 serial, gint64 time, OcsOutcomeKind kind, const OcsReason *reason)
{
  OcsOutcome *outcome = g_new0 (OcsOutcome, 1);

  outcome->serial = serial;
  outcome->time = time;
  outcome->kind = kind;
  outcome->reason = ocs_reason_copy (reason);
  return outcome;
}

OcsOutcome *
ocs_outcome_copy (const OcsOutcome *outcome)
{
  return outcome != NULL ? ocs_outcome_new (outcome->serial, outcome->time, outcome->kind, outcome->reason) : NULL;
}

void
ocs_outcome_free (OcsOutcome *outcome)
{
  if (outcome == NULL)
    return;
  ocs_reason_free (outcome->reason);
  g_free (outcome);
}

OcsPackageStatus *
ocs_package_status_new (const char *id)
{
  OcsPackageStatus *package = g_new0 (OcsPackageStatus, 1);

  package->id = g_strdup (id);
  return package;
}

void
ocs_package_status_free (OcsPackageStatus *package)
{
  if (package == NULL)
    return;
  g_free (package->id);
  g_free (package->action);
  g_free (package->result);
  ocs_reason_free (package->reason);
  g_free (package->command);
  g_free (package->output);
  g_free (package->fragment_map);
  g_free (package->waits_for);
  g_free (package);
}

void
ocs_proxy_status_clear (OcsProxyStatus *proxy)
{
  g_free (proxy->host);
  ocs_reason_free (proxy->reason);
  g_free (proxy->intercepted);
  g_free (proxy->auth);
  g_clear_pointer (&proxy->ways, g_ptr_array_unref);
  *proxy = (OcsProxyStatus) {0};
}

OcsStatus *
ocs_status_new (void)
{
  OcsStatus *status = g_new0 (OcsStatus, 1);

  status->version = g_strdup (OCS_VERSION);
  status->clock_skew = OCS_CLOCK_UNKNOWN;
  status->warnings = g_new0 (char *, 1);
  status->packages = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_package_status_free);
  status->questions = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_question_free);
  return status;
}

void
ocs_status_free (OcsStatus *status)
{
  if (status == NULL)
    return;
  ocs_reason_free (status->reason);
  g_free (status->version);
  g_free (status->server);
  g_free (status->deviceid);
  g_free (status->tag);
  g_free (status->server_tag);
  g_strfreev (status->warnings);
  ocs_proxy_status_clear (&status->proxy);
  ocs_job_free (status->job);
  ocs_outcome_free (status->outcome);
  g_ptr_array_unref (status->packages);
  g_ptr_array_unref (status->questions);
  g_free (status);
}
