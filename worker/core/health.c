/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/health.h"
#include "ipc/error.h"

static void
judge (OcsStatus *status, OcsState state, const OcsReason *reason)
{
  status->state = state;
  g_clear_pointer (&status->reason, ocs_reason_free);
  status->reason = ocs_reason_copy (reason);
}

/* A package that a rule of trust or its own data holds back will not go on by waiting. */
static gboolean
is_stuck (const OcsReason *reason)
{
  OcsError code = ocs_error_from_nick (reason->code);

  return code == OCS_ERROR_UNTRUSTED || code == OCS_ERROR_INVALID_DATA || code == OCS_ERROR_NO_SPACE;
}

static const OcsReason *
find_package (const OcsStatus *status, gboolean stuck)
{
  for (guint i = 0; i < status->packages->len; i++) {
    const OcsPackageStatus *package = status->packages->pdata[i];

    if (package->step != OCS_STEP_FINISHED && package->step != OCS_STEP_GONE && package->reason != NULL
        && is_stuck (package->reason) == stuck)
      return package->reason;
  }
  return NULL;
}

/* Those that only tell what was decided need nobody any more, and nobody waits for "it is done". */
static gboolean
is_asked (const OcsStatus *status, gint64 now)
{
  for (guint i = 0; i < status->questions->len; i++) {
    const OcsQuestion *question = status->questions->pdata[i];
    gboolean old = question->kind == OCS_QUESTION_DONE && now >= question->asked + OCS_HEALTH_REMINDER;

    if (question->settled == OCS_SETTLED_NOT && !old)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_waiting (const OcsStatus *status)
{
  for (guint i = 0; i < status->packages->len; i++) {
    const OcsPackageStatus *package = status->packages->pdata[i];

    if (package->waits_for != NULL && g_strcmp0 (package->waits_for, "schedule") != 0)
      return TRUE;
  }
  return FALSE;
}

void
ocs_health_judge (OcsStatus *status, const OcsFacts *facts)
{
  g_autoptr (OcsReason) off = NULL;
  const OcsReason *stuck = find_package (status, TRUE);
  const OcsReason *waits = find_package (status, FALSE);

  if (!facts->configured) {
    judge (status, OCS_STATE_PROBLEM, facts->setup);
  } else if (is_asked (status, facts->now)) {
    judge (status, OCS_STATE_NEEDS_YOU, NULL);
  } else if (status->job != NULL) {
    judge (status, OCS_STATE_WORKING, NULL);
  } else if (facts->storage != NULL) {
    judge (status, OCS_STATE_PROBLEM, facts->storage);
  } else if (facts->contact != NULL) {
    judge (status, facts->away ? OCS_STATE_AWAY : OCS_STATE_PROBLEM, facts->contact);
  } else if (stuck != NULL) {
    judge (status, OCS_STATE_PROBLEM, stuck);
  } else if (waits != NULL) {
    judge (status, OCS_STATE_WAITING, waits);
  } else if (facts->switched_off) {
    off = ocs_reason_new (ocs_error_nick (OCS_ERROR_REFUSED),
                          "the server wants nothing from this machine: its administrator has switched it off");
    judge (status, OCS_STATE_WAITING, off);
  } else if (status->last_success == 0 || is_waiting (status)) {
    judge (status, OCS_STATE_WAITING, NULL);
  } else {
    judge (status, OCS_STATE_WELL, NULL);
  }
}

gboolean
ocs_health_is_portal (const GError *error, gboolean https, gboolean proxied, gint64 last_success)
{
  return ocs_error_code (error) == OCS_ERROR_BAD_REPLY && !https && !proxied && last_success > 0;
}
