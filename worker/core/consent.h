/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One question to the people at the machine and what became of it: whether something may go on. Pure: time, people and answers come in,
 * the state says what holds.
 *
 *   new > stands > given | refused        stands > later > stands        stands > absent > stands | given
 *
 * Nobody logged in: given at once, a restart as soon as no program holds it back. The countdown runs only while the question is seen; its
 * end is the answer "now". Asked, then logged out without an answer: the next one who logs in is asked. After the deadline nothing is
 * delayed any more: a last countdown runs, seen or not.
 */
#pragma once
#include "ipc/question.h"
#include "worker/core/audience.h"

/* What the question allows. */
typedef struct {
  gint64 countdown; /* seconds; 0: it stands until it is answered, or until the deadline */
  gboolean may_delay;
  gint64 max_delays; /* -1: no limit */
  gint64 deadline;   /* seconds from the first asking, 0: none */
  gint64 absent;     /* seconds to wait for somebody to log in again; 0: it goes on as soon as nobody is there */
  gboolean may_cancel;
  gboolean power; /* restart or shutdown: what holds a shutdown back holds it, to the deadline */
} OcsTerms;

typedef enum {
  OCS_CONSENT_NEW,
  OCS_CONSENT_STANDS,
  OCS_CONSENT_LATER,
  OCS_CONSENT_ABSENT,
  OCS_CONSENT_GIVEN,
  OCS_CONSENT_REFUSED,
} OcsConsentStep;
#define OCS_CONSENT_N (OCS_CONSENT_REFUSED + 1)

/* Times are seconds since the epoch, 0 for none. */
typedef struct {
  OcsConsentStep step;
  gint64 serial;      /* of the newest asking */
  gint64 first_asked; /* the deadline counts from here; where nobody is there to be asked, from when a restart was first held back */
  gint64 asked;
  gint64 delays;
  gint64 later_until;
  gint64 absent_since;
  gint64 spent; /* milliseconds of the countdown */
  gboolean paused;
  gboolean has_paused; /* once is enough */
  OcsSettled settled;
  gint64 settled_at;
  gboolean alone; /* given as nobody was there: who comes before it begins is asked */
  /* Not journalled. */
  gboolean counting;
  gint64 ticked; /* awake, when spent was counted last */
  gint64 kept;   /* spent, as the journal has it */
} OcsConsent;

/* What an asking needs to know; awake: milliseconds of a clock that stands still while the machine sleeps. */
typedef struct {
  gint64 now;
  gint64 awake;
  const OcsAudience *audience; /* borrowed */
} OcsConsentFacts;

/* Time has passed or people have come or gone. TRUE where the state is to be journalled. */
gboolean ocs_consent_tick (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts);

/* serial: of the question that was answered, 0 for whichever stands. OCS_ERROR_NOT_FOUND where that one does not stand (any more),
 * OCS_ERROR_REFUSED where the answer is not allowed; nothing has changed then. NOW also ends a delay, where serial is 0. */
gboolean ocs_consent_answer (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts, gint64 serial, OcsAnswer answer,
                             gint64 minutes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* When to tick again even if nothing happens; 0: never. */
gint64 ocs_consent_wake (const OcsConsent *consent, const OcsTerms *terms, gint64 now);

/* It has been asked and is not decided. */
gboolean ocs_consent_is_open (const OcsConsent *consent);

/* What people see of it: while it stands, and for a minute what was decided; NULL otherwise. text: nullable. */
OcsQuestion *ocs_consent_question (const OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts, OcsQuestionKind kind,
                                   const char *id, const char *text);

JsonObject *ocs_consent_to_json (const OcsConsent *consent);
/* Tolerant; object: nullable: a new one. */
void ocs_consent_read_json (OcsConsent *consent, JsonObject *object);
