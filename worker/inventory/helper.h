/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program of the administrator whose output is read: without a shell, within its time and size, in a process group of its own that is
 * killed as a whole when it is over. */
#pragma once
#include <glib.h>

/* Blocking. What it printed, at most max bytes; OCS_ERROR_TIMED_OUT, OCS_ERROR_NO_SPACE where it printed more, OCS_ERROR_FAILED where it
 * could not be started or did not end with 0. transfer full. */
GBytes *ocs_helper_run (const char *path, guint milliseconds, gsize max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
