/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's program as a tool for set-up, where no worker runs yet: an image that is being built, the package's own scripts. Prints what
 * it did; the return value is an exit status: 0 done, 1 failed (one line on stderr says why). */
#pragma once
#include <glib.h>

typedef struct {
  const char *config;
  const char *state_dir;
  const char *root;
  gboolean check; /* say what would be done */
  int secret_fd;  /* KEY=VALUE lines are read from it, -1 for none */
} OcsOffline;

/* arguments: KEY=VALUE each, as 'ocsctl configure' takes them. */
int ocs_offline_configure (const OcsOffline *offline, char **arguments);
/* file: an ini of the Windows agent, ocsinventory-agent.cfg of the Perl agent, or KEY=VALUE lines of an environment. */
int ocs_offline_import (const OcsOffline *offline, const char *file);
/* See takeover.h. */
int ocs_offline_take_over (const OcsOffline *offline);
/* The ini file with its logins in the form that the Windows agent reads, for a fleet that shares one; to standard output. Fails where that
 * agent could not read one of them. */
int ocs_offline_print_windows (const OcsOffline *offline);
