/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/audience.h"

static gboolean
is_new (const GArray *sittings, guint index)
{
  for (guint i = 0; i < index; i++)
    if (g_array_index (sittings, OcsSitting, i).uid == g_array_index (sittings, OcsSitting, index).uid)
      return FALSE;
  return TRUE;
}

static gboolean
presents (const GArray *inhibitors, guint uid)
{
  for (guint i = 0; inhibitors != NULL && i < inhibitors->len; i++) {
    const OcsInhibitor *inhibitor = &g_array_index (inhibitors, OcsInhibitor, i);

    if (inhibitor->idle && (inhibitor->uid == uid || inhibitor->uid == 0))
      return TRUE;
  }
  return FALSE;
}

OcsAudience
ocs_audience_build (const GArray *sittings, const GArray *inhibitors)
{
  OcsAudience audience = {FALSE};
  gboolean seen = FALSE, disturbed = FALSE;

  for (guint i = 0; sittings != NULL && i < sittings->len; i++) {
    const OcsSitting *sitting = &g_array_index (sittings, OcsSitting, i);

    audience.people += is_new (sittings, i) ? 1 : 0;
    if (!sitting->graphical)
      continue;
    audience.screens++;
    if (!sitting->active || sitting->locked)
      continue;
    seen = TRUE;
    disturbed = disturbed || presents (inhibitors, sitting->uid);
  }
  audience.attended = audience.screens > 0 ? seen && !disturbed : audience.people > 0;
  for (guint i = 0; inhibitors != NULL && i < inhibitors->len; i++)
    audience.shutdown_held = audience.shutdown_held || g_array_index (inhibitors, OcsInhibitor, i).shutdown;
  return audience;
}

gboolean
ocs_audience_equal (const OcsAudience *a, const OcsAudience *b)
{
  return a->pending == b->pending && a->people == b->people && a->screens == b->screens && a->attended == b->attended
         && a->shutdown_held == b->shutdown_held;
}
