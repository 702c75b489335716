/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one word for how things are, from all that is known. Pure. */
#pragma once
#include "ipc/status.h"

/* Seconds for which what is to be done after a package needs somebody; it stands longer, but is then no reason for a sign. */
#define OCS_HEALTH_REMINDER (24 * 60 * 60)

typedef struct {
  gint64 now;
  gboolean configured;
  const OcsReason *setup;   /* nullable; why nothing can work as it is set up */
  const OcsReason *storage; /* nullable; why what is remembered could not be written */
  const OcsReason *contact; /* nullable; why the last contact failed */
  gboolean away;            /* contact failed for want of a way to the server */
  gboolean switched_off;    /* the administrator wants nothing from this machine */
} OcsFacts;

/* Whether error, of a contact with a server that has answered before, says that something else answers in its place: a network that wants
 * people to log in on a web page does so, without TLS and without a proxy. */
gboolean ocs_health_is_portal (const GError *error, gboolean https, gboolean proxied, gint64 last_success);

/* Sets state and reason of status, whose other members are filled in. A question comes first, which a download
 * would hide for hours; then what is at work; then what needs somebody; then what waits. */
void ocs_health_judge (OcsStatus *status, const OcsFacts *facts);
