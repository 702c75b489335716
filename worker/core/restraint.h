/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds a package back although nothing is wrong: the line or the battery is to be spared. Not where it is most urgent (PRI 0), not
 * where somebody said that it may go on, and not for ever. Pure. */
#pragma once
#include <glib.h>

typedef enum {
  OCS_RESTRAINT_NONE,
  OCS_RESTRAINT_WINDOW,  /* bytes may not cross the WAN at this hour; what the cache holds may come */
  OCS_RESTRAINT_METERED, /* each byte costs, also those from a cache */
  OCS_RESTRAINT_BATTERY, /* neither fetched nor run */
} OcsRestraint;
#define OCS_RESTRAINT_N (OCS_RESTRAINT_BATTERY + 1)

/* What is so for all packages. */
typedef struct {
  gint64 window_opens; /* 0: it is open */
  gboolean metered;
  gboolean low_battery;
} OcsConditions;

/* What is so for this one. */
typedef struct {
  gboolean fetches; /* else it is about to run */
  int pri;
  gboolean hurried;
  gint64 since;    /* when it could have begun */
  gint64 deadline; /* seconds from then, 0: none */
} OcsRestrained;

/* *until: when that ends by itself at the latest, 0 where nobody knows. */
OcsRestraint ocs_restraint_find (const OcsConditions *conditions, const OcsRestrained *package, gint64 now, gint64 *until);

/* "window", "metered", "battery"; NULL for NONE. */
const char *ocs_restraint_name (OcsRestraint restraint);
