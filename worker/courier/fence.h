/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keeps a program in that runs other people's scripts: limits of time, memory and files, and no way to start or change anything. It
 * may still ask for names, which PAC files do. For good: nothing of it can be taken back. */
#pragma once
#include <glib.h>

/* OCS_ERROR_FAILED where a limit cannot be set: then nothing of strangers may be run. */
gboolean ocs_fence_close (GError **error) G_GNUC_WARN_UNUSED_RESULT;
