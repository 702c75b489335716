/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs one command to its end or its time-out: in a session of its own, a clean environment, and with its output captured. */
#pragma once
#include "worker/run/capture.h"

typedef struct {
  const char *const *argv; /* borrowed: the caller's. argv[0] with a slash; a file without "#!" is run by /bin/sh */
  int folder;              /* an open folder: its working directory */
  const char *package;     /* borrowed: the caller's. OCS_PACKAGE_ID in its environment */
  guint timeout;           /* milliseconds, 0 for none */
  guint grace;             /* milliseconds from SIGTERM to SIGKILL after the time-out */
  guint linger;            /* milliseconds that output is still read once the command itself has ended */
} OcsCommand;

/* TRUE where the command ran: wait_status as waitpid() says it, timed_out where it and all its descendants were ended. What it leaves
 * running after its own end is left alone. FALSE with OCS_ERROR_FAILED where it could not be started. Blocks SIGCHLD and reaps every child
 * of this process: for a program that does nothing else. */
gboolean ocs_command_run (const OcsCommand *command, OcsCapture *output, int *wait_status, gboolean *timed_out,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
