/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ocs-run leaves behind for the worker: started.json before a package runs, result.json after it. Pure.
 * Both are versioned, as a package may upgrade the worker: an old ocs-run then answers a new worker. */
#pragma once
#include "worker/core/action.h"
#include <json-glib/json-glib.h>

#define OCS_STARTED_FILE "started.json"
#define OCS_RESULT_FILE "result.json"
#define OCS_RESULT_VERSION 1

/* Codes that the server and the console understand (reference: Package.cpp of the Windows agent; ms_tele_stats.php). */
#define OCS_RESULT_SUCCESS "SUCCESS"
#define OCS_RESULT_BAD_PARAM "ERR_BAD_PARAM"
#define OCS_RESULT_BAD_DIGEST "ERR_BAD_DIGEST" /* by ocs-run: other bytes than the worker verified, and nothing has run */
#define OCS_RESULT_UNZIP "ERR_UNZIP"
#define OCS_RESULT_OUT_OF_SPACE "ERR_OUT_OF_SPACE"
#define OCS_RESULT_EXECUTE "ERR_EXECUTE"
#define OCS_RESULT_TIMEOUT "ERR_EXECUTE_TIMEOUT"
#define OCS_RESULT_INTERRUPTED "ERR_EXECUTE_INTERRUPTED"

typedef struct {
  char *boot_id;      /* borrowed: of whoever writes it; of the kernel, "" where it is not known */
  gint64 pid;         /* of ocs-run */
  guint64 start_time; /* of ocs-run: clock ticks since boot, field 22 of /proc/PID/stat; 0 where it is not known */
  gint64 at;          /* seconds since the epoch */
} OcsStarted;

typedef struct {
  char *code;      /* owned; "SUCCESS", "EXIT_CODE_3" … */
  int exit_status; /* of the command; 128 + n where signal n ended it; -1 where none ran */
  gint64 at;       /* seconds since the epoch */
  gboolean output_truncated;
} OcsResult;

void ocs_result_free (OcsResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsResult, ocs_result_free)

/* transfer full. */
JsonObject *ocs_started_to_json (const OcsStarted *started);
JsonObject *ocs_result_to_json (const OcsResult *result);
/* OCS_ERROR_UNSUPPORTED for a newer version, OCS_ERROR_INVALID_DATA (names the member) for anything wrong. */
OcsResult *ocs_result_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The code for what waitpid() said, transfer full: SUCCESS, EXIT_CODE_n (128 + n for signal n), ERR_EXECUTE_TIMEOUT where timed_out.
 * LAUNCH too: the Unix agent's SUCCESS_n, whatever n, would show a failure in green. */
char *ocs_result_code_from_wait (OcsAction action, int wait_status, gboolean timed_out);
/* The exit status for what waitpid() said, as a shell would give it. */
int ocs_result_exit_status (int wait_status);
