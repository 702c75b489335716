/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question to the people as its window shows it: the words, the time that is left, and which answers are allowed. Pure. */
#pragma once
#include "ipc/status.h"
#include <glib.h>

typedef struct {
  char *label;    /* owned; "In 1 hour (15:02)" */
  gint64 minutes; /* from now */
} OcsAskDelay;

typedef struct {
  char *title;       /* owned; what is asked */
  char *markup;      /* owned, nullable; the server's text for a label */
  char *advice;      /* owned, nullable; "Save your work now" */
  char *countdown;   /* owned, nullable; "Installs in 4:59" */
  double fraction;   /* of the countdown that is left, 0 … 1; below 0 where there is none */
  char *ignored;     /* owned, nullable; what happens without an answer */
  char *limits;      /* owned, nullable; how often and how long it can be put off */
  char *settled;     /* owned, nullable; what was decided: no answer is taken any more */
  const char *now;   /* borrowed, nullable; the label of the button, like the next; NULL: not allowed */
  const char *later; /* borrowed, nullable */
  const char *cancel;
  const char *pause; /* pauses, or goes on: see paused */
  const char *done;
  gboolean paused;
  gboolean tag;      /* asks for the TAG */
  gboolean counts;   /* the words change each second */
  GPtrArray *delays; /* owned; element-type OcsAskDelay */
} OcsAsk;

/* FALSE where this version does not know what is asked: nobody could answer it here. */
gboolean ocs_ask_is_known (const OcsQuestion *question);
/* Seconds that its window may still stay away at now where somebody must not be disturbed (a film fills the screen): 0 when it is to be
 * seen in any case, since its time is nearly up; below 0 where it can wait for ever. */
gint64 ocs_ask_may_wait (const OcsQuestion *question, gint64 now);
OcsAsk *ocs_ask_build (const OcsQuestion *question, gint64 now, GTimeZone *zone);
void ocs_ask_free (OcsAsk *ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsAsk, ocs_ask_free)

/* What a person says to a question of id, as the parameters of Answer; transfer full. serial: of the question, 0 for a package without one.
 * minutes: with LATER only. */
JsonObject *ocs_ask_answer (const char *id, gint64 serial, OcsAnswer answer, gint64 minutes);

/* text as a TAG: without blanks at its ends; transfer full. NULL where it cannot be one (empty, longer than 255 characters, control
 * characters); why is then a sentence, borrowed, or NULL for an empty one. */
char *ocs_ask_tag (const char *text, const char **why);
