/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question to the people at the machine, as a value: the type Question of org.ocscompanion.Worker. It is part of the status, so that it
 * outlives a tray that crashed, and is answered by a call. Times are seconds since the epoch, 0 for none. */
#pragma once
#include <glib.h>
#include <json-glib/json-glib.h>

typedef enum {
  OCS_QUESTION_INSTALL,  /* whether and when a package may run */
  OCS_QUESTION_DONE,     /* what people have to do after one */
  OCS_QUESTION_RESTART,  /* counts down to a restart of the machine */
  OCS_QUESTION_SHUTDOWN, /* counts down to turning it off */
  OCS_QUESTION_TAG,      /* which TAG the machine has */
  OCS_QUESTION_UNKNOWN,  /* only in clients: of a newer worker */
} OcsQuestionKind;
#define OCS_QUESTION_N (OCS_QUESTION_UNKNOWN + 1)

typedef enum {
  OCS_SETTLED_NOT,
  OCS_SETTLED_NOW,
  OCS_SETTLED_LATER,
  OCS_SETTLED_CANCELLED,
  OCS_SETTLED_TIMED_OUT, /* the countdown or the deadline has run out: it goes on as with "now" */
  OCS_SETTLED_DONE,
  OCS_SETTLED_RESTARTED, /* somebody has restarted the machine */
} OcsSettled;
#define OCS_SETTLED_N (OCS_SETTLED_RESTARTED + 1)

typedef enum {
  OCS_ANSWER_NOW,
  OCS_ANSWER_LATER,
  OCS_ANSWER_CANCEL,
  OCS_ANSWER_PAUSE,
  OCS_ANSWER_RESUME,
  OCS_ANSWER_DONE,
} OcsAnswer;
#define OCS_ANSWER_N (OCS_ANSWER_DONE + 1)

/* Where a question belongs to no package, this is its id. */
#define OCS_QUESTION_ID_RESTART "restart"
#define OCS_QUESTION_ID_SHUTDOWN "shutdown"
#define OCS_QUESTION_ID_TAG "tag"

typedef struct {
  char *id; /* owned */
  gint64 serial;
  OcsQuestionKind kind;
  char *text; /* owned, nullable; of the server: HTML for INSTALL and DONE */
  gint64 asked;
  gint64 countdown; /* seconds in all, 0: it does not count */
  gint64 remaining; /* seconds left at the time counted */
  gint64 counted;
  gboolean counting; /* runs now; else the screen is locked, somebody presents, or it is paused */
  gboolean paused;
  gboolean may_pause;
  gboolean may_delay;
  gint64 delays_left; /* -1: no limit */
  gint64 deadline;    /* after it nothing is delayed any more */
  gboolean may_cancel;
  OcsSettled settled;   /* NOT while it stands; then what was decided, shown for a minute, without a name */
  gint64 settled_until; /* LATER: when it is asked again */
} OcsQuestion;

OcsQuestion *ocs_question_new (OcsQuestionKind kind, const char *id);
void ocs_question_free (OcsQuestion *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsQuestion, ocs_question_free)

JsonObject *ocs_question_to_json (const OcsQuestion *question);
OcsQuestion *ocs_question_from_json (JsonObject *object);

/* Seconds left at now: what was left when it was counted last, less the time since where it counts. Never below 0. */
gint64 ocs_question_remaining (const OcsQuestion *question, gint64 now);

/* The names on the wire. An unknown kind reads as UNKNOWN, an unknown settled as DONE: it stands no longer. */
const char *ocs_question_kind_name (OcsQuestionKind kind);
OcsQuestionKind ocs_question_kind_from_name (const char *name);
const char *ocs_settled_name (OcsSettled settled);   /* NULL for NOT */
OcsSettled ocs_settled_from_name (const char *name); /* NOT for NULL */
const char *ocs_answer_name (OcsAnswer answer);
/* FALSE where there is no such answer. */
gboolean ocs_answer_from_name (const char *name, OcsAnswer *answer) G_GNUC_WARN_UNUSED_RESULT;
