/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/detours.h"

/* PAC files may name ever new proxies. */
#define KEPT_MAX 100

typedef struct {
  gint64 until;
  gint64 length;
} Detour;

struct _OcsDetours {
  GHashTable *failed; /* owned; name → Detour */
};

OcsDetours *
ocs_detours_new (void)
{
  OcsDetours *detours = g_new0 (OcsDetours, 1);

  detours->failed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return detours;
}

OcsDetours *
ocs_detours_copy (const OcsDetours *detours)
{
  OcsDetours *copy = ocs_detours_new ();
  GHashTableIter iter;
  gpointer name, detour;

  g_hash_table_iter_init (&iter, detours->failed);
  while (g_hash_table_iter_next (&iter, &name, &detour))
    g_hash_table_insert (copy->failed, g_strdup (name), g_memdup2 (detour, sizeof (Detour)));
  return copy;
}

void
ocs_detours_free (OcsDetours *detours)
{
  if (detours == NULL)
    return;
  g_hash_table_unref (detours->failed);
  g_free (detours);
}

void
ocs_detours_note_failure (OcsDetours *detours, const char *name, gint64 now)
{
  Detour *detour = g_hash_table_lookup (detours->failed, name);

  if (detour == NULL) {
    if (g_hash_table_size (detours->failed) >= KEPT_MAX)
      g_hash_table_remove_all (detours->failed);
    detour = g_new0 (Detour, 1);
    g_hash_table_insert (detours->failed, g_strdup (name), detour);
  } else if (now < detour->until) {
    return; /* several calls were under way at once, or there was no other way */
  }
  detour->length = CLAMP (detour->length * 2, OCS_DETOURS_MIN, OCS_DETOURS_MAX);
  detour->until = now + detour->length;
}

void
ocs_detours_note_success (OcsDetours *detours, const char *name)
{
  g_hash_table_remove (detours->failed, name);
}

void
ocs_detours_forget (OcsDetours *detours)
{
  g_hash_table_remove_all (detours->failed);
}

gboolean
ocs_detours_avoids (const OcsDetours *detours, const char *name, gint64 now)
{
  const Detour *detour = g_hash_table_lookup (detours->failed, name);

  return detour != NULL && now < detour->until;
}
