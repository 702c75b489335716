/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/restraint.h"

static const char *const names[] = {NULL, "window", "metered", "battery"};
G_STATIC_ASSERT (G_N_ELEMENTS (names) == OCS_RESTRAINT_N);

OcsRestraint
ocs_restraint_find (const OcsConditions *conditions, const OcsRestrained *package, gint64 now, gint64 *until)
{
  gint64 end = package->deadline > 0 ? package->since + package->deadline : 0;

  *until = 0;
  if (package->pri == 0 || package->hurried || (end > 0 && now >= end))
    return OCS_RESTRAINT_NONE;
  *until = end;
  if (conditions->low_battery)
    return OCS_RESTRAINT_BATTERY;
  if (package->fetches && conditions->metered)
    return OCS_RESTRAINT_METERED;
  if (package->fetches && conditions->window_opens > now) {
    *until = end > 0 ? MIN (end, conditions->window_opens) : conditions->window_opens;
    return OCS_RESTRAINT_WINDOW;
  }
  *until = 0;
  return OCS_RESTRAINT_NONE;
}

const char *
ocs_restraint_name (OcsRestraint restraint)
{
  return (guint)restraint < OCS_RESTRAINT_N ? names[restraint] : NULL;
}
