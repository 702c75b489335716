/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All processes that descend from this one. As a subreaper this process inherits the orphans of its children, so that whatever they do
 * (setsid, double fork), they stay in its family. */
#pragma once
#include <glib.h>

/* Makes this process the reaper of its descendants. */
void ocs_family_adopt (void);
/* Sends signal_number to each living descendant, zombies left out; 0 sends nothing. Returns how many there are. */
guint ocs_family_signal (int signal_number);
/* Takes in the zombies. Returns TRUE and sets wait_status once child is among them. */
gboolean ocs_family_reap (int child, int *wait_status);
/* Asks the family to end, and kills what is left after grace milliseconds; reaps. wait_status: of child, kept where it has ended before.
 * FALSE where something does not even die of SIGKILL. */
gboolean ocs_family_end (int child, int *wait_status, guint grace);
