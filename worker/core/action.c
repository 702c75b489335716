/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/action.h"

static const char *const names[] = {"STORE", "EXECUTE", "LAUNCH"};

const char *
ocs_action_name (OcsAction action)
{
  return names[action];
}

gboolean
ocs_action_from_name (const char *name, OcsAction *action)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (names); i++)
    if (g_ascii_strcasecmp (name, names[i]) == 0) {
      *action = (OcsAction)i;
      return TRUE;
    }
  return FALSE;
}
