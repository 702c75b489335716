/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling systemd that we are ready and alive (sd_notify(3)), where it asks. Starts nothing and reads nothing. */
#pragma once
#include <glib.h>

typedef struct _OcsSupervisor OcsSupervisor;

/* Takes NOTIFY_SOCKET and WATCHDOG_USEC out of the environment, so that no child speaks in our name: call it before any thread runs.
 * NULL where nobody asks. */
OcsSupervisor *ocs_supervisor_new (void);
/* Says that we are ready, and from then on, out of the main loop, that we are alive, twice in the time allowed. NULL is fine. */
void ocs_supervisor_ready (OcsSupervisor *supervisor);
/* Says that we end. NULL is fine. */
void ocs_supervisor_free (OcsSupervisor *supervisor);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsSupervisor, ocs_supervisor_free)
