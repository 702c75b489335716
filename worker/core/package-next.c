/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be done next, read from the state alone. */
#include "worker/core/package.h"

/* No wait is longer than a day: a clock that was set back must not hold a package for years. */
#define WAIT_MAX (24 * 3600)
#define HEALING_SOON 1800
/* Among a crowd so many fragments are asked for; each is a small request at the proxy next door. */
#define LOOKS_MAX 3

static OcsDutyKind
duty_of_step (const OcsPackage *package)
{
  switch (package->step) {
  case OCS_STEP_OFFERED:
    return OCS_DUTY_DESCRIBE;
  case OCS_STEP_FETCHING:
    return package->parts.n_have >= package->info->frags || ocs_heal_is_due (&package->heal, &package->parts) ? OCS_DUTY_VERIFY
                                                                                                              : OCS_DUTY_FETCH;
  case OCS_STEP_VERIFIED:
  case OCS_STEP_RUNNING:
    return OCS_DUTY_RUN;
  case OCS_STEP_FINISHED:
    return OCS_DUTY_REPORT;
  case OCS_STEP_REPORTED:
    return package->post_due ? OCS_DUTY_POST : OCS_DUTY_CLEAN;
  case OCS_STEP_DESCRIBED:
  case OCS_STEP_SCHEDULED:
  case OCS_STEP_ASKING:
  case OCS_STEP_GONE:
  default:
    return OCS_DUTY_NONE;
  }
}

OcsLane
ocs_package_lane (OcsDutyKind kind)
{
  switch (kind) {
  case OCS_DUTY_DESCRIBE:
    return OCS_LANE_INFO;
  case OCS_DUTY_VERIFY:
    return OCS_LANE_DISK;
  case OCS_DUTY_RUN:
  case OCS_DUTY_POST:
    return OCS_LANE_RUN;
  case OCS_DUTY_REPORT:
    return OCS_LANE_TELL;
  case OCS_DUTY_CLEAN:
    return OCS_LANE_END;
  case OCS_DUTY_PROBE:
  case OCS_DUTY_FETCH:
  case OCS_DUTY_NONE:
  default:
    return OCS_LANE_LINE;
  }
}

gboolean
ocs_package_is_looking (const OcsPackage *package)
{
  return package->crowd && !package->paced && package->restraint == OCS_RESTRAINT_NONE && package->looks < LOOKS_MAX
         && package->parts.n_aside == 0;
}

/* The cache is asked before the first fragment, now and then while the line is spared, and among a crowd before each. */
static gboolean
is_worth_asking (const OcsPackage *package, const OcsDuty *duty, gint64 now)
{
  if (package->heal.pass != OCS_HEAL_NONE)
    return FALSE;
  if (package->deaf)
    return duty->first;
  if (!package->may_probe)
    return FALSE;
  if (ocs_package_is_looking (package) && package->in_cache != duty->fragment)
    return TRUE;
  return duty->first
         || (package->paced && package->retry_at > now && package->in_cache != duty->fragment && package->probe_at < package->retry_at);
}

/* Where only the WAN is spared, the cache may give what it has; else nothing moves. */
static void
restrain (const OcsPackage *package, OcsDuty *duty)
{
  gboolean may_ask = package->restraint == OCS_RESTRAINT_WINDOW && package->may_probe && package->heal.pass == OCS_HEAL_NONE;

  if (may_ask && (duty->kind == OCS_DUTY_PROBE || package->in_cache == duty->fragment))
    return;
  if (may_ask) {
    duty->kind = OCS_DUTY_PROBE;
    duty->not_before = MAX (duty->not_before, package->probe_at);
  } else {
    duty->kind = OCS_DUTY_NONE;
    duty->not_before = package->restrained_until;
  }
}

OcsDuty
ocs_package_next (const OcsPackage *package, gint64 now)
{
  OcsDuty duty = {.kind = duty_of_step (package), .pass = package->heal.pass};

  if (duty.kind == OCS_DUTY_NONE || (package->held && package->step < OCS_STEP_RUNNING))
    return (OcsDuty) {.kind = OCS_DUTY_NONE};
  if (package->retry_at <= now + WAIT_MAX)
    duty.not_before = package->retry_at;
  if (package->step == OCS_STEP_VERIFIED)
    duty.not_before = MAX (duty.not_before, package->schedule);
  if (duty.kind == OCS_DUTY_FETCH) {
    duty.fragment = ocs_parts_next (&package->parts);
    duty.first = package->parts.n_have == 0 && package->parts.n_aside == 0 && !package->probed;
    /* All that is left is on its way. */
    if (duty.fragment == 0)
      return (OcsDuty) {.kind = OCS_DUTY_NONE};
    /* What the cache holds need not wait until the line has had its pause. */
    if (package->paced && package->in_cache == duty.fragment)
      duty.not_before = 0;
    if (is_worth_asking (package, &duty, now)) {
      duty.kind = OCS_DUTY_PROBE;
      duty.last = ocs_package_is_looking (package) && package->looks == LOOKS_MAX - 1;
      duty.not_before = duty.first || ocs_package_is_looking (package) ? duty.not_before : package->probe_at;
    }
  }
  if (package->restraint != OCS_RESTRAINT_NONE && (duty.kind == OCS_DUTY_FETCH || duty.kind == OCS_DUTY_PROBE))
    restrain (package, &duty);
  else if (package->restraint != OCS_RESTRAINT_NONE && package->step == OCS_STEP_VERIFIED)
    return (OcsDuty) {.kind = OCS_DUTY_NONE, .not_before = package->restrained_until};
  if (duty.not_before > now || ocs_package_lacks_consent (package))
    duty.kind = OCS_DUTY_NONE;
  else
    duty.not_before = 0;
  return duty;
}

gint64
ocs_package_beside (const OcsPackage *package)
{
  const OcsParts *parts = &package->parts;

  if (package->step != OCS_STEP_FETCHING || !package->flowing || !package->askable || package->held || package->failures > 0
      || package->heal.pass != OCS_HEAL_NONE || package->restraint != OCS_RESTRAINT_NONE || parts->n_aside > 0 || parts->n_doubt > 0)
    return 0;
  return ocs_parts_next (parts);
}

/* Healing is seen through, but for what has to wait until tomorrow. */
static gboolean
is_healing_soon (const OcsPackage *package, gint64 now)
{
  return package->step == OCS_STEP_FETCHING && package->heal.pass != OCS_HEAL_NONE && package->failures == 0
         && package->restraint == OCS_RESTRAINT_NONE && package->retry_at <= now + HEALING_SOON;
}

gboolean
ocs_package_is_busy (const OcsPackage *package, gint64 now)
{
  return package->step == OCS_STEP_RUNNING
         || (package->paced && package->step == OCS_STEP_FETCHING && package->restraint == OCS_RESTRAINT_NONE)
         || is_healing_soon (package, now) || ocs_package_next (package, now).kind != OCS_DUTY_NONE;
}
