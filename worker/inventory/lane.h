/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work that may hang (a dead disk, a driver, a server) in a thread of its own, which is left behind where it takes too long: a thread
 * cannot be ended. What it works on is therefore its own until it is done. */
#pragma once
#include <glib.h>

/* Runs func (data) and waits for it at most so many milliseconds. TRUE: it is done, data is the caller's as before. FALSE: data belongs to
 * the thread from now on, which frees it when it is done after all, perhaps never. */
gboolean ocs_lane_run (const char *name, void (*func) (gpointer data), gpointer data, GDestroyNotify free_data, guint milliseconds);
