/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One package, from the lock to its result: at most one run and exactly one result, whatever is killed on the way.
 * Must be able to go on when the worker is gone. */
#pragma once
#include <glib.h>

#define OCS_SESSION_LOCK_FILE "lock"
#define OCS_SESSION_OUTPUT_FILE "output"
#define OCS_SESSION_RUN_FOLDER "run"

/* Works in state_dir/packages/id/, where the worker has put order.json and the verified fragments. TRUE where result.json stands
 * at the end, or somebody else holds the lock and will write it. A started.json without a result is a run that was cut short: its result
 * is ERR_EXECUTE_INTERRUPTED and nothing runs. FALSE with OCS_ERROR where no result could be written: before started.json was written
 * nothing has run. */
gboolean ocs_session_run (const char *state_dir, const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
