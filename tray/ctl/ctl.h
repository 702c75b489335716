/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every command of ocsctl shares: the options, a line to the worker, and the way an error becomes an exit status. */
#pragma once
#include "ipc/status.h"
#include "ipc/wire.h"
#include <gio/gio.h>

typedef enum {
  OCS_EXIT_DONE,
  OCS_EXIT_FAILED,
  OCS_EXIT_USAGE,
  OCS_EXIT_NOT_REACHABLE,
  OCS_EXIT_DENIED,
  OCS_EXIT_TIMED_OUT,
} OcsExit;

typedef struct {
  char *socket;              /* owned */
  gboolean json;             /* print the worker's JSON instead of words */
  gboolean wait;             /* --wait */
  gboolean xml;              /* --xml */
  gboolean follow;           /* --follow */
  gboolean yes;              /* --yes */
  gboolean misused;          /* the command line was wrong in a way that only the command knows; the error says how */
  int lines;                 /* --lines; 0 where it was not given */
  gboolean check;            /* --check */
  int secret_fd;             /* --secret-fd; -1 where it was not given */
  int timeout;               /* seconds for the whole command; 0 for none, -1 where it was not given */
  GCancellable *cancellable; /* owned; triggered when the time is over */
  GTimeZone *zone;           /* owned */
} OcsCtl;

/* Seconds for a command that should be answered at once. */
#define OCS_CTL_TIMEOUT 30

void ocs_ctl_clear (OcsCtl *ctl);
/* Cancels everything after timeout seconds. */
void ocs_ctl_start_clock (OcsCtl *ctl, int timeout);
/* A time-out reads as OCS_ERROR_TIMED_OUT whatever the cancelled call said; everything else by its code. */
OcsExit ocs_ctl_exit_status (const OcsCtl *ctl, const GError *error);

/* Calls method (unqualified) on a connection of its own. parameters: transfer full, nullable. */
JsonObject *ocs_ctl_call (OcsCtl *ctl, const char *method, JsonObject *parameters, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A connection on which a method that streams has been called; read it with ocs_wire_receive(). parameters: transfer full, nullable.
 * silence: seconds without a byte after which OCS_ERROR_TIMED_OUT is set, 0 for none. */
OcsWire *ocs_ctl_stream (OcsCtl *ctl, const char *method, JsonObject *parameters, guint silence, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The member of a reply; OCS_ERROR_BAD_REPLY where it is not an object. Borrowed. */
JsonObject *ocs_ctl_member (JsonObject *reply, const char *member, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Both to standard output, at once. */
void ocs_ctl_print_json (JsonObject *object);
void ocs_ctl_print (const char *text);
gint64 ocs_ctl_now (void);
