/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a request of the diagnosis went, as the courier tells it: the type Course of org.ocscompanion.Courier. Pure. */
#pragma once
#include "ipc/status.h"

typedef enum { OCS_REACHED_NOTHING, OCS_REACHED_RESOLVED, OCS_REACHED_CONNECTED, OCS_REACHED_TUNNELLED, OCS_REACHED_ANSWERED } OcsReached;

typedef struct {
  OcsReached reached;
  int connect_status;
  int status;
  gint64 resolve_ms; /* since the start, as the next ones */
  gint64 connect_ms;
  gint64 first_ms;
  gint64 total_ms;
  gint64 date; /* what the answer says of the time, 0 for nothing */
  OcsVerdict verdict;
  char *proxy;       /* owned, nullable; "host:port" */
  char *offers;      /* owned; "Digest, Basic", "" where no login was asked for */
  char *auth;        /* owned, nullable; "digest" */
  char *uncacheable; /* owned, nullable */
  gboolean page;
  gint64 bytes;
  OcsReason *reason; /* owned, nullable; why it failed */
  OcsReason *before; /* owned, nullable; why the way before this one failed */
} OcsCourse;

/* Tolerant: whatever is missing is nothing. object: nullable. */
OcsCourse *ocs_course_from_json (JsonObject *object);
/* For a request that could not even be made. */
OcsCourse *ocs_course_new_failed (const GError *error);
void ocs_course_free (OcsCourse *course);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsCourse, ocs_course_free)

/* Whether the server has answered as an OCS server does to a GET. */
gboolean ocs_course_is_ocs (const OcsCourse *course);
/* Whether it is the small thing that was asked for. */
gboolean ocs_course_is_good (const OcsCourse *course);
