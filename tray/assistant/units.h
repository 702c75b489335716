/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the machine starts the worker: its units in systemd, which asks polkit, which asks for an administrator's password. */
#pragma once
#include <gio/gio.h>

typedef enum {
  OCS_UNITS_NONE, /* no systemd, or it has no such units: somebody else starts the worker, or nobody */
  OCS_UNITS_OFF,
  OCS_UNITS_ON,
} OcsUnitsState;

void ocs_units_read_async (GAsyncReadyCallback callback, gpointer user_data);
OcsUnitsState ocs_units_read_finish (GAsyncResult *result);

/* On: from now on and at each start of the machine. Off: not at all, also not when somebody opens the tray. OCS_ERROR_DENIED where nobody
 * knows the password; OCS_ERROR_FAILED in systemd's words. */
void ocs_units_set_async (gboolean on, GAsyncReadyCallback callback, gpointer user_data);
gboolean ocs_units_set_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
