/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One press of "Send inventory now" as a value: from the click to a result that stays readable. Pure. */
#pragma once
#include "ipc/status.h"
#include <glib.h>

typedef enum {
  OCS_REQUEST_NONE,    /* nobody has asked since the tray started */
  OCS_REQUEST_ASKED,   /* the worker has not answered the call yet */
  OCS_REQUEST_STARTED, /* under way */
  OCS_REQUEST_JOINED,  /* a contact that ran already will send it */
  OCS_REQUEST_RECENT,  /* one was sent a moment ago: that one stands */
  OCS_REQUEST_QUEUED,  /* no way to the server */
  OCS_REQUEST_REFUSED, /* the worker said no, or is not there; see reason */
} OcsRequestKind;

typedef struct {
  OcsRequestKind kind;
  gint64 serial;     /* the contact that answers it */
  gint64 time;       /* of the click, seconds since the epoch */
  OcsReason *reason; /* owned, nullable */
} OcsRequest;

void ocs_request_clear (OcsRequest *request);
/* A click at now. */
void ocs_request_ask (OcsRequest *request, gint64 now);
/* The worker's reply to SendInventory; an unknown how counts as started. */
void ocs_request_answer (OcsRequest *request, const char *how, gint64 serial);
/* The call failed. */
void ocs_request_refuse (OcsRequest *request, const GError *error);

/* Whether outcome (nullable) answers request; any outcome answers OCS_REQUEST_NONE. */
gboolean ocs_request_is_answered (const OcsRequest *request, const OcsOutcome *outcome);
/* The line that says what became of it: the result once there is one, until then what is under way. Transfer full; NULL where there is
 * nothing to say. */
char *ocs_request_words (const OcsRequest *request, const OcsOutcome *outcome, gint64 now, GTimeZone *zone);
