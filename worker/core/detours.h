/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which ways have failed lately: they are tried last for a while, longer at each failure, and are then given another chance. Pure; times in
 * seconds of a clock that only goes forward. */
#pragma once
#include <glib.h>

/* The first time, and the longest. */
#define OCS_DETOURS_MIN 60
#define OCS_DETOURS_MAX 1800

typedef struct _OcsDetours OcsDetours;

OcsDetours *ocs_detours_new (void);
OcsDetours *ocs_detours_copy (const OcsDetours *detours);
void ocs_detours_free (OcsDetours *detours);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsDetours, ocs_detours_free)

/* name: as ocs_ways_dup_name() gives it. */
void ocs_detours_note_failure (OcsDetours *detours, const char *name, gint64 now);
void ocs_detours_note_success (OcsDetours *detours, const char *name);
/* The network is another one: everything deserves another chance. */
void ocs_detours_forget (OcsDetours *detours);

gboolean ocs_detours_avoids (const OcsDetours *detours, const char *name, gint64 now);
