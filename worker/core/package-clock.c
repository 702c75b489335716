/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A clock that is set while a package waits: the time of each wait stays what it was meant to be. */
#include "worker/core/package.h"

/* Seconds; less is a clock that is kept right. */
#define SET_FORWARD 3600

void
ocs_package_note_clock (OcsPackage *package, const OcsEvent *event)
{
  if (g_strcmp0 (package->boot, event->boot) != 0) {
    g_free (package->boot);
    package->boot = g_strdup (event->boot);
  }
  package->start = event->now - event->up;
}

/* The package was never touched in the future. */
static gboolean
mend_back (OcsPackage *package, const OcsEvent *event)
{
  gint64 back = package->updated - event->now;

  if (back <= 0)
    return FALSE;
  package->retry_at = MAX (package->retry_at - back, 0);
  package->probe_at = MAX (package->probe_at - back, 0);
  package->since = MIN (package->since, event->now);
  ocs_package_note_clock (package, event);
  return TRUE;
}

static void
shift (gint64 *when, gint64 seconds)
{
  if (*when > 0)
    *when += seconds;
}

/* As where a machine without a battery asks for the time after its server has offered something. */
static gboolean
mend_forward (OcsPackage *package, const OcsEvent *event)
{
  gint64 forward = event->now - event->up - package->start;

  if (forward < SET_FORWARD)
    return FALSE;
  package->since += forward;
  shift (&package->consent.first_asked, forward);
  shift (&package->consent.absent_since, forward);
  ocs_package_note_clock (package, event);
  return TRUE;
}

gboolean
ocs_package_mend_clock (OcsPackage *package, const OcsEvent *event)
{
  if (mend_back (package, event))
    return TRUE;
  if (event->boot == NULL || package->step >= OCS_STEP_RUNNING)
    return FALSE;
  if (g_strcmp0 (package->boot, event->boot) == 0)
    return mend_forward (package, event);
  /* Nothing is known of how the clock went while the machine was off. */
  ocs_package_note_clock (package, event);
  return TRUE;
}
