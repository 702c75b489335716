/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people say to a package, and what it waits for from them. */
#include "worker/core/package.h"

gboolean
ocs_package_lacks_consent (const OcsPackage *package)
{
  return package->step == OCS_STEP_VERIFIED && package->info->notify_user && package->consent.step != OCS_CONSENT_GIVEN;
}

/* Also where it was given as nobody was there, and it has not begun yet. */
static gboolean
is_open (const OcsPackage *package)
{
  return ocs_package_lacks_consent (package)
         || (package->step == OCS_STEP_VERIFIED && package->info->notify_user && package->consent.alone);
}

gboolean
ocs_package_is_asking (const OcsPackage *package, gint64 now)
{
  return is_open (package) && !package->held && package->schedule <= now && package->restraint == OCS_RESTRAINT_NONE;
}

gboolean
ocs_package_was_asked (const OcsPackage *package)
{
  return package->step < OCS_STEP_RUNNING && ocs_consent_is_open (&package->consent);
}

static gboolean
on_consent (OcsPackage *package, const OcsEvent *event)
{
  if (!is_open (package) && !ocs_package_was_asked (package))
    return FALSE;
  package->consent = *event->consent;
  return TRUE;
}

static gboolean
on_seen (OcsPackage *package, const OcsEvent *event)
{
  if (package->done_since == 0 || package->done_at != 0)
    return FALSE;
  package->done_at = event->now;
  return TRUE;
}

static gboolean
on_hurry (OcsPackage *package, const OcsEvent *event)
{
  gboolean agreed = event->consent != NULL && on_consent (package, event);

  if (package->step >= OCS_STEP_RUNNING || package->hurried)
    return agreed;
  package->hurried = TRUE;
  return TRUE;
}

gboolean
ocs_package_hear (OcsPackage *package, const OcsEvent *event)
{
  switch ((guint)event->kind) {
  case OCS_EVENT_CONSENT:
    return on_consent (package, event);
  case OCS_EVENT_SEEN:
    return on_seen (package, event);
  case OCS_EVENT_HURRY:
    return on_hurry (package, event);
  default:
    return FALSE;
  }
}
