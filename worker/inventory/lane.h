/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that may hang (a dead disk, a driver, a server) in a thread of its own, which is left behind where it takes too long: a thread
 * cannot be ended. What it works on is therefore its own until it is done. */
#pragma once
#include <glib.h>

/* What is under way in each of some lanes, also what was left behind: shared with its threads. */
typedef struct _OcsLanes OcsLanes;

OcsLanes *ocs_lanes_new (guint n_lanes);
OcsLanes *ocs_lanes_ref (OcsLanes *lanes);
void ocs_lanes_unref (OcsLanes *lanes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLanes, ocs_lanes_unref)
/* Whether so much hangs in that lane that nothing more is begun there. */
gboolean ocs_lanes_is_full (OcsLanes *lanes, guint lane);

/* Runs func (data) and waits for it at most so many milliseconds. TRUE: it is done, data is the caller's as before. FALSE: data belongs to
 * the thread from now on, which frees it when it is done after all, perhaps never; or, where the lane is full, is freed at once. lanes:
 * nullable. */
gboolean ocs_lane_run (OcsLanes *lanes, guint lane, const char *name, void (*func) (gpointer data), gpointer data, GDestroyNotify free_data,
                       guint milliseconds);
