/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal of a package and its form for people. Fragments are not in it: the files tell which are there. */
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "worker/core/package.h"

#define JOURNAL_VERSION 1

JsonObject *
ocs_package_to_json (const OcsPackage *package)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "version", JOURNAL_VERSION);
  json_object_set_string_member (object, "id", package->id);
  json_object_set_string_member (object, "step", ocs_step_name (package->step));
  json_object_set_int_member (object, "since", package->since);
  ocs_json_set_string (object, "boot", package->boot);
  json_object_set_int_member (object, "start", package->start);
  json_object_set_int_member (object, "updated", package->updated);
  json_object_set_int_member (object, "failures", package->failures);
  json_object_set_int_member (object, "retry_at", package->retry_at);
  json_object_set_int_member (object, "schedule", package->schedule);
  json_object_set_object_member (object, "heal", ocs_heal_to_json (&package->heal));
  ocs_json_set_object (object, "pages", ocs_pages_to_json (&package->pages));
  json_object_set_boolean_member (object, "held", package->held);
  json_object_set_boolean_member (object, "withdrawn", package->withdrawn);
  json_object_set_boolean_member (object, "post_due", package->post_due);
  json_object_set_boolean_member (object, "post_begun", package->post_begun);
  ocs_json_set_string (object, "post_boot", package->post_boot);
  json_object_set_int_member (object, "from_cache", package->from_cache);
  json_object_set_int_member (object, "from_wan", package->from_wan);
  ocs_json_set_string (object, "result", package->result);
  if (package->reason != NULL) {
    json_object_set_string_member (object, "reason_code", package->reason->code);
    json_object_set_string_member (object, "reason_message", package->reason->message);
  }
  if (package->consent.serial > 0 || package->consent.step != OCS_CONSENT_NEW)
    json_object_set_object_member (object, "consent", ocs_consent_to_json (&package->consent));
  json_object_set_boolean_member (object, "hurried", package->hurried);
  json_object_set_int_member (object, "done_since", package->done_since);
  json_object_set_int_member (object, "done_serial", package->done_serial);
  json_object_set_int_member (object, "done_at", package->done_at);
  ocs_json_set_object (object, "offer", package->offer != NULL ? ocs_offer_to_json (package->offer) : NULL);
  ocs_json_set_object (object, "info", package->info != NULL ? ocs_info_to_json (package->info) : NULL);
  return object;
}

static gboolean
read_parts (OcsPackage *package, JsonObject *object, GError **error)
{
  JsonObject *offer = ocs_json_object (object, "offer");
  JsonObject *info = ocs_json_object (object, "info");
  gboolean needs_info = package->step >= OCS_STEP_FETCHING && package->step <= OCS_STEP_RUNNING;

  if (offer != NULL && (package->offer = ocs_offer_from_json (offer, error)) == NULL)
    return FALSE;
  if (info != NULL && (package->info = ocs_info_from_json (info, error)) == NULL)
    return FALSE;
  if ((package->offer != NULL || package->step == OCS_STEP_GONE) && (package->info != NULL || !needs_info)
      && (package->result != NULL || package->step != OCS_STEP_FINISHED))
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the journal of package %s lacks what its step '%s' needs", package->id,
               ocs_step_name (package->step));
  return FALSE;
}

OcsPackage *
ocs_package_from_json (JsonObject *object, GError **error)
{
  g_autoptr (OcsPackage) package = NULL;
  const char *id = ocs_json_string (object, "id");
  const char *code = ocs_json_string (object, "reason_code");

  if (ocs_json_int (object, "version", 0) > JOURNAL_VERSION) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED, "the journal was written by a newer version: upgrade again or remove it");
    return NULL;
  }
  if (id == NULL || ocs_json_string (object, "step") == NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the journal has no id or no step");
    return NULL;
  }
  package = ocs_package_new (id, ocs_json_int (object, "since", 0));
  package->step = ocs_step_from_name (ocs_json_string (object, "step"));
  package->boot = g_strdup (ocs_json_string (object, "boot"));
  package->start = ocs_json_int (object, "start", 0);
  package->updated = ocs_json_int (object, "updated", 0);
  package->failures = ocs_json_int (object, "failures", 0);
  package->retry_at = ocs_json_int (object, "retry_at", 0);
  package->schedule = ocs_json_int (object, "schedule", 0);
  ocs_heal_from_json (&package->heal, ocs_json_object (object, "heal"));
  ocs_pages_from_json (&package->pages, ocs_json_object (object, "pages"));
  package->held = ocs_json_bool (object, "held", FALSE);
  package->withdrawn = ocs_json_bool (object, "withdrawn", FALSE);
  package->post_due = ocs_json_bool (object, "post_due", FALSE);
  package->post_begun = ocs_json_bool (object, "post_begun", FALSE);
  package->post_boot = g_strdup (ocs_json_string (object, "post_boot"));
  package->from_cache = ocs_json_int (object, "from_cache", 0);
  package->from_wan = ocs_json_int (object, "from_wan", 0);
  package->result = g_strdup (ocs_json_string (object, "result"));
  ocs_consent_read_json (&package->consent, ocs_json_object (object, "consent"));
  package->hurried = ocs_json_bool (object, "hurried", FALSE);
  package->done_since = ocs_json_int (object, "done_since", 0);
  package->done_serial = ocs_json_int (object, "done_serial", 0);
  package->done_at = ocs_json_int (object, "done_at", 0);
  if (code != NULL)
    package->reason = ocs_reason_new (code, ocs_json_string (object, "reason_message"));
  if (!read_parts (package, object, error))
    return NULL;
  ocs_parts_reset (&package->parts, package->info != NULL ? package->info->frags : 0);
  /* Bytes that were not synced may be gone after a crash: what had been verified is verified again. */
  if (package->step == OCS_STEP_VERIFIED && package->info->frags > 0)
    package->step = OCS_STEP_FETCHING;
  return g_steal_pointer (&package);
}

static const char *
command_of (const OcsInfo *info)
{
  switch (info->action) {
  case OCS_ACTION_STORE:
    return info->path;
  case OCS_ACTION_EXECUTE:
    return info->command;
  case OCS_ACTION_LAUNCH:
    return info->name;
  default:
    return NULL;
  }
}

/* What is verified may still have to wait for its hour, or for people. */
static void
describe_waiting (const OcsPackage *package, OcsPackageStatus *status)
{
  status->scheduled = package->step < OCS_STEP_RUNNING ? package->schedule : 0;
  if (package->step != OCS_STEP_VERIFIED)
    return;
  if (package->schedule > package->updated && package->consent.step == OCS_CONSENT_NEW) {
    status->step = OCS_STEP_SCHEDULED;
    status->waits_for = g_strdup ("schedule");
    status->waits_until = package->schedule;
  } else if (ocs_consent_is_open (&package->consent)) {
    status->step = OCS_STEP_ASKING;
    status->waits_for = g_strdup ("people");
    status->waits_until = package->consent.step == OCS_CONSENT_LATER ? package->consent.later_until : 0;
    status->may_hurry = package->consent.step != OCS_CONSENT_STANDS;
  }
}

OcsPackageStatus *
ocs_package_status (const OcsPackage *package)
{
  OcsPackageStatus *status = ocs_package_status_new (package->id);

  status->step = package->step;
  describe_waiting (package, status);
  if (package->info != NULL) {
    status->action = g_strdup (ocs_action_name (package->info->action));
    status->fragments_total = package->info->frags;
    status->fragments_done = package->step > OCS_STEP_FETCHING ? package->info->frags : package->parts.n_have;
    status->fragment_map = package->step == OCS_STEP_FETCHING ? ocs_parts_dup_map (&package->parts, OCS_FRAGMENT_MAP_MAX) : NULL;
    status->command = g_strdup (command_of (package->info));
  }
  status->from_cache = package->from_cache;
  status->from_wan = package->from_wan;
  status->bytes = package->from_cache + package->from_wan;
  status->since = package->since;
  status->updated = package->updated;
  status->result = g_strdup (package->result);
  status->reason = ocs_reason_copy (package->reason);
  return status;
}
