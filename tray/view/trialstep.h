/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One step of a test of the way to the server, in words. Pure. */
#pragma once
#include <json-glib/json-glib.h>

typedef struct {
  char *name;       /* owned; "Open a connection" */
  char *words;      /* owned; "All right (12 ms)", or what is wrong and what to do */
  char *why;        /* owned, nullable; what is wrong and what to do alone, behind the name: for the head of the list */
  const char *icon; /* borrowed; tells the result without words */
  gboolean bad;     /* failed, or a warning */
} OcsTrialStep;

/* A reply of TestProxy; NULL where it holds no step. A name or result of a newer worker is shown as it is. Transfer full. */
OcsTrialStep *ocs_trial_step_from_json (JsonObject *reply);
void ocs_trial_step_free (OcsTrialStep *step);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTrialStep, ocs_trial_step_free)
/* What it all means. steps: how many there were; bad: those that were not all right. Transfer full. */
char *ocs_trial_step_summary (guint steps, guint bad);
