/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-thrift"
#include "worker/thrift.h"
#include "worker/io/battery.h"
#include "worker/io/clock.h"
#include "worker/io/metered.h"

#define DAY 86400
/* Nobody tells of a battery: it is looked at so often, in seconds. */
#define BATTERY_EVERY 60

struct _OcsThrift {
  char *root;          /* owned */
  OcsMetered *metered; /* owned */
  gboolean low_battery;
  gint64 looked; /* monotonic milliseconds, 0: never */
};

OcsThrift *
ocs_thrift_new (const char *root, OcsThriftFunc on_change, gpointer user_data)
{
  OcsThrift *thrift = g_new0 (OcsThrift, 1);

  thrift->root = g_strdup (root);
  thrift->metered = ocs_metered_new (on_change, user_data);
  return thrift;
}

void
ocs_thrift_free (OcsThrift *thrift)
{
  if (thrift == NULL)
    return;
  ocs_metered_free (thrift->metered);
  g_free (thrift->root);
  g_free (thrift);
}

static gboolean
battery_is_low (OcsThrift *thrift)
{
  gint64 now = ocs_clock_monotonic ();

  if (thrift->looked == 0 || now - thrift->looked >= BATTERY_EVERY * 1000) {
    thrift->looked = now;
    thrift->low_battery = ocs_battery_is_low (thrift->root);
  }
  return thrift->low_battery;
}

void
ocs_thrift_restrain (OcsThrift *thrift, const OcsSettings *settings, OcsPackage *package)
{
  gint64 now = ocs_clock_now ();
  g_autoptr (GTimeZone) zone = NULL;
  OcsConditions conditions = {0};
  OcsRestrained restrained = {.fetches = package->step == OCS_STEP_FETCHING};

  package->restraint = OCS_RESTRAINT_NONE;
  package->restrained_until = 0;
  if (package->info == NULL || (package->step != OCS_STEP_FETCHING && package->step != OCS_STEP_VERIFIED))
    return;
  restrained.pri = package->info->pri;
  restrained.hurried = package->hurried;
  restrained.since = MAX (package->since, MIN (package->schedule, now));
  restrained.deadline = settings->notify_deadline * (gint64)DAY;
  conditions.low_battery = battery_is_low (thrift);
  conditions.metered = !settings->download_metered && (ocs_metered_is (thrift->metered) || ocs_metered_is_pending (thrift->metered));
  if (settings->download_hours != NULL && restrained.fetches) {
    zone = g_time_zone_new_local ();
    conditions.window_opens = ocs_hours_opens (settings->download_hours, zone, now);
  }
  package->restraint = ocs_restraint_find (&conditions, &restrained, now, &package->restrained_until);
}

/* A window is the administrator's, who says whether it binds; the rest is the people's own. */
gboolean
ocs_thrift_may_hurry (const OcsSettings *settings, const OcsPackage *package)
{
  return package->restraint != OCS_RESTRAINT_NONE && (package->restraint != OCS_RESTRAINT_WINDOW || settings->download_hurry);
}

void
ocs_thrift_describe (const OcsSettings *settings, const OcsPackage *package, OcsPackageStatus *status)
{
  if (package->restraint == OCS_RESTRAINT_NONE || package->held)
    return;
  g_free (status->waits_for);
  status->waits_for = g_strdup (ocs_restraint_name (package->restraint));
  status->waits_until = package->restrained_until;
  status->may_hurry = ocs_thrift_may_hurry (settings, package);
}

gint64
ocs_thrift_wake (const OcsPackage *package, gint64 now)
{
  if (package->restraint == OCS_RESTRAINT_BATTERY)
    return now + BATTERY_EVERY;
  return package->restraint != OCS_RESTRAINT_NONE && package->restrained_until > now ? package->restrained_until : 0;
}

gboolean
ocs_thrift_is_pending (const OcsThrift *thrift)
{
  return ocs_metered_is_pending (thrift->metered);
}
