/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/consent.h"
#include "ipc/error.h"
#include "ipc/json.h"

/* What was decided is shown this long, in seconds. */
#define SHOWN 60
/* The countdown after the deadline, where there is none of its own, in seconds. */
#define LAST_CALL 120
/* Milliseconds of a countdown that a crash may repeat. */
#define KEEP_EVERY 15000
#define DAY 86400
#define MINUTES_MAX (7 * 24 * 60)

static const char *const names[] = {"new", "stands", "later", "absent", "given", "refused"};
G_STATIC_ASSERT (G_N_ELEMENTS (names) == OCS_CONSENT_N);

static gint64
deadline_of (const OcsConsent *consent, const OcsTerms *terms)
{
  return terms->deadline > 0 && consent->first_asked > 0 ? consent->first_asked + terms->deadline : 0;
}

static gboolean
is_overdue (const OcsConsent *consent, const OcsTerms *terms, gint64 now)
{
  gint64 deadline = deadline_of (consent, terms);

  return deadline > 0 && now >= deadline;
}

static gint64
countdown_of (const OcsConsent *consent, const OcsTerms *terms, gint64 now)
{
  return terms->countdown == 0 && is_overdue (consent, terms, now) ? LAST_CALL : terms->countdown;
}

static gboolean
may_delay (const OcsConsent *consent, const OcsTerms *terms, gint64 now)
{
  return terms->may_delay && !is_overdue (consent, terms, now) && (terms->max_delays < 0 || consent->delays < terms->max_delays);
}

/* Not where the one who answers might decide for another. */
static gboolean
may_cancel (const OcsTerms *terms, const OcsAudience *audience)
{
  return terms->may_cancel && audience->people <= 1;
}

static gboolean
may_pause (const OcsConsent *consent, const OcsTerms *terms, gint64 now)
{
  return countdown_of (consent, terms, now) > 0 && !consent->has_paused && !is_overdue (consent, terms, now);
}

static void
ask (OcsConsent *consent, gint64 now)
{
  consent->step = OCS_CONSENT_STANDS;
  consent->serial++;
  consent->asked = now;
  if (consent->first_asked == 0)
    consent->first_asked = now;
  consent->later_until = consent->absent_since = 0;
  consent->spent = consent->kept = 0;
  consent->paused = consent->has_paused = consent->counting = FALSE;
  consent->settled = OCS_SETTLED_NOT;
  consent->settled_at = 0;
  consent->alone = FALSE;
}

static void
settle (OcsConsent *consent, OcsConsentStep step, OcsSettled settled, gint64 now)
{
  consent->step = step;
  consent->settled = settled;
  consent->settled_at = now;
  consent->counting = consent->paused = consent->alone = FALSE;
}

static void
give_alone (OcsConsent *consent, OcsSettled settled, gint64 now)
{
  settle (consent, OCS_CONSENT_GIVEN, settled, now);
  consent->alone = TRUE;
}

/* A clock that was set back must not delay anything for years. */
static void
mend_times (OcsConsent *consent, gint64 now)
{
  consent->first_asked = MIN (consent->first_asked, now);
  consent->asked = MIN (consent->asked, now);
  consent->absent_since = MIN (consent->absent_since, now);
  if (consent->later_until > now + MINUTES_MAX * 60)
    consent->later_until = now;
}

/* TRUE where the countdown has come to its end. */
static gboolean
count (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts)
{
  gint64 total = countdown_of (consent, terms, facts->now);
  gboolean seen = facts->audience->attended && !consent->paused && !(terms->power && facts->audience->shutdown_held);

  if (consent->counting)
    consent->spent += CLAMP (facts->awake - consent->ticked, 0, DAY * (gint64)1000);
  consent->ticked = facts->awake;
  consent->counting = total > 0 && (seen || is_overdue (consent, terms, facts->now));
  return total > 0 && consent->spent >= total * 1000;
}

/* Nobody need be told, but a program must not be cut off: the deadline counts from here too. */
static gboolean
is_held (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts)
{
  if (!terms->power || !facts->audience->shutdown_held || is_overdue (consent, terms, facts->now))
    return FALSE;
  if (consent->first_asked == 0)
    consent->first_asked = facts->now;
  return TRUE;
}

static void
tick_standing (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts)
{
  if (facts->audience->people == 0) {
    consent->counting = FALSE;
    if (is_held (consent, terms, facts))
      return;
    if (terms->absent > 0 && !is_overdue (consent, terms, facts->now)) {
      consent->step = OCS_CONSENT_ABSENT;
      consent->absent_since = facts->now;
    } else {
      give_alone (consent, OCS_SETTLED_TIMED_OUT, facts->now);
    }
  } else if (count (consent, terms, facts)) {
    settle (consent, OCS_CONSENT_GIVEN, OCS_SETTLED_TIMED_OUT, facts->now);
  }
}

static void
tick_waiting (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts)
{
  gboolean overdue = is_overdue (consent, terms, facts->now);
  gboolean somebody = facts->audience->people > 0;

  if (consent->step == OCS_CONSENT_LATER && facts->now < consent->later_until && !overdue)
    return;
  if (somebody)
    ask (consent, facts->now);
  else if (is_held (consent, terms, facts))
    return;
  else if (consent->step != OCS_CONSENT_ABSENT || overdue || facts->now >= consent->absent_since + terms->absent)
    give_alone (consent, consent->step == OCS_CONSENT_NEW ? OCS_SETTLED_NOT : OCS_SETTLED_TIMED_OUT, facts->now);
}

gboolean
ocs_consent_tick (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts)
{
  OcsConsentStep before = consent->step;
  gint64 serial = consent->serial, first = consent->first_asked;

  if (facts->audience->pending || before == OCS_CONSENT_REFUSED)
    return FALSE;
  if (before == OCS_CONSENT_GIVEN && !(consent->alone && facts->audience->people > 0))
    return FALSE;
  if (before == OCS_CONSENT_GIVEN)
    consent->step = OCS_CONSENT_NEW;
  mend_times (consent, facts->now);
  if (consent->step == OCS_CONSENT_STANDS)
    tick_standing (consent, terms, facts);
  else
    tick_waiting (consent, terms, facts);
  /* From the first moment on. */
  if (consent->step == OCS_CONSENT_STANDS && consent->serial != serial)
    tick_standing (consent, terms, facts);
  if (consent->step == before && consent->serial == serial && (first > 0 || consent->first_asked == 0)
      && consent->spent - consent->kept < KEEP_EVERY)
    return FALSE;
  consent->kept = consent->spent;
  return TRUE;
}

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_REFUSED, why);
  return FALSE;
}

static void
delay (OcsConsent *consent, const OcsTerms *terms, gint64 now, gint64 minutes)
{
  gint64 deadline = deadline_of (consent, terms);

  consent->later_until = now + CLAMP (minutes, 1, MINUTES_MAX) * 60;
  if (deadline > 0)
    consent->later_until = MIN (consent->later_until, deadline);
  consent->delays++;
  settle (consent, OCS_CONSENT_LATER, OCS_SETTLED_LATER, now);
}

static gboolean
hold_countdown (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts, GError **error)
{
  if (!may_pause (consent, terms, facts->now))
    return refuse (error, "the countdown can be paused once, and not after the deadline: choose now or later");
  (void)count (consent, terms, facts);
  consent->paused = consent->has_paused = TRUE;
  consent->counting = FALSE;
  return TRUE;
}

static gboolean
resume_countdown (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts, GError **error)
{
  if (!consent->paused)
    return refuse (error, "the countdown is not paused");
  consent->paused = FALSE;
  (void)count (consent, terms, facts);
  return TRUE;
}

static gboolean
answer_standing (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts, OcsAnswer answer, gint64 minutes, GError **error)
{
  switch (answer) {
  case OCS_ANSWER_NOW:
    settle (consent, OCS_CONSENT_GIVEN, OCS_SETTLED_NOW, facts->now);
    return TRUE;
  case OCS_ANSWER_LATER:
    if (!may_delay (consent, terms, facts->now))
      return refuse (error, terms->may_delay ? "it cannot be delayed any more: save your work, then answer now"
                                             : "it may not be delayed: save your work, then answer now");
    delay (consent, terms, facts->now, minutes);
    return TRUE;
  case OCS_ANSWER_CANCEL:
    if (!may_cancel (terms, facts->audience))
      return refuse (error, terms->may_cancel ? "more than one person is logged in: nobody cancels it for the others"
                                              : "it may not be cancelled: ask the administrator");
    settle (consent, OCS_CONSENT_REFUSED, OCS_SETTLED_CANCELLED, facts->now);
    return TRUE;
  case OCS_ANSWER_PAUSE:
    return hold_countdown (consent, terms, facts, error);
  case OCS_ANSWER_RESUME:
    return resume_countdown (consent, terms, facts, error);
  case OCS_ANSWER_DONE:
  default:
    return refuse (error, "nothing is done yet: answer now or later");
  }
}

gboolean
ocs_consent_answer (OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts, gint64 serial, OcsAnswer answer,
                    gint64 minutes, GError **error)
{
  gboolean waits = consent->step == OCS_CONSENT_LATER || consent->step == OCS_CONSENT_ABSENT;

  if (consent->step == OCS_CONSENT_STANDS && (serial == 0 || serial == consent->serial))
    return answer_standing (consent, terms, facts, answer, minutes, error);
  if (waits && serial == 0 && answer == OCS_ANSWER_NOW) {
    settle (consent, OCS_CONSENT_GIVEN, OCS_SETTLED_NOW, facts->now);
    return TRUE;
  }
  g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "that is not asked any more: 'ocsctl status' shows what is");
  return FALSE;
}

gint64
ocs_consent_wake (const OcsConsent *consent, const OcsTerms *terms, gint64 now)
{
  gint64 deadline = deadline_of (consent, terms);
  gint64 wake = 0;

  if (consent->step == OCS_CONSENT_LATER) {
    wake = consent->later_until > now ? consent->later_until : 0;
  } else if (consent->step == OCS_CONSENT_ABSENT) {
    wake = consent->absent_since + terms->absent;
  } else if (consent->step == OCS_CONSENT_STANDS && consent->counting) {
    gint64 left = countdown_of (consent, terms, now) * 1000 - consent->spent;

    /* In full: the second that has begun does not count. */
    return now + CLAMP ((left + 999) / 1000, 1, KEEP_EVERY / 1000);
  } else if (consent->settled != OCS_SETTLED_NOT && consent->settled_at + SHOWN > now) {
    return consent->settled_at + SHOWN;
  }
  if ((ocs_consent_is_open (consent) || consent->step == OCS_CONSENT_NEW) && deadline > now && (wake == 0 || deadline < wake))
    wake = deadline;
  if (consent->step == OCS_CONSENT_LATER && consent->settled_at + SHOWN > now)
    wake = wake > 0 ? MIN (wake, consent->settled_at + SHOWN) : consent->settled_at + SHOWN;
  return wake;
}

gboolean
ocs_consent_is_open (const OcsConsent *consent)
{
  return consent->step == OCS_CONSENT_STANDS || consent->step == OCS_CONSENT_LATER || consent->step == OCS_CONSENT_ABSENT;
}

OcsQuestion *
ocs_consent_question (const OcsConsent *consent, const OcsTerms *terms, const OcsConsentFacts *facts, OcsQuestionKind kind, const char *id,
                      const char *text)
{
  gboolean stands = consent->step == OCS_CONSENT_STANDS;
  gint64 now = facts->now;
  OcsQuestion *question;

  if (!stands && (consent->settled == OCS_SETTLED_NOT || now < consent->settled_at || now >= consent->settled_at + SHOWN))
    return NULL;
  question = ocs_question_new (kind, id);
  question->serial = consent->serial;
  question->text = g_strdup (text);
  question->asked = consent->asked;
  question->deadline = deadline_of (consent, terms);
  question->delays_left = terms->max_delays < 0 ? -1 : MAX (terms->max_delays - consent->delays, 0);
  question->settled = stands ? OCS_SETTLED_NOT : consent->settled;
  question->settled_until = consent->step == OCS_CONSENT_LATER ? consent->later_until : 0;
  question->countdown = countdown_of (consent, terms, now);
  if (!stands)
    return question;
  question->counted = now;
  question->counting = consent->counting;
  question->remaining = question->countdown * 1000 - consent->spent;
  if (consent->counting)
    question->remaining -= MAX (facts->awake - consent->ticked, 0);
  question->remaining = MAX ((question->remaining + 999) / 1000, 0);
  question->paused = consent->paused;
  question->may_pause = may_pause (consent, terms, now);
  question->may_delay = may_delay (consent, terms, now);
  question->may_cancel = may_cancel (terms, facts->audience);
  return question;
}

JsonObject *
ocs_consent_to_json (const OcsConsent *consent)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "step", names[consent->step]);
  json_object_set_int_member (object, "serial", consent->serial);
  json_object_set_int_member (object, "first_asked", consent->first_asked);
  json_object_set_int_member (object, "asked", consent->asked);
  json_object_set_int_member (object, "delays", consent->delays);
  json_object_set_int_member (object, "later_until", consent->later_until);
  json_object_set_int_member (object, "absent_since", consent->absent_since);
  json_object_set_int_member (object, "spent", consent->spent);
  json_object_set_boolean_member (object, "paused", consent->paused);
  json_object_set_boolean_member (object, "has_paused", consent->has_paused);
  ocs_json_set_string (object, "settled", ocs_settled_name (consent->settled));
  json_object_set_int_member (object, "settled_at", consent->settled_at);
  json_object_set_boolean_member (object, "alone", consent->alone);
  return object;
}

void
ocs_consent_read_json (OcsConsent *consent, JsonObject *object)
{
  const char *step = ocs_json_string (object, "step");

  *consent = (OcsConsent) {.step = OCS_CONSENT_NEW};
  /* What is odd was not given: it is asked again. */
  for (guint i = 0; i < OCS_CONSENT_N; i++)
    if (g_strcmp0 (step, names[i]) == 0)
      consent->step = (OcsConsentStep)i;
  consent->serial = MAX (ocs_json_int (object, "serial", 0), 0);
  consent->first_asked = MAX (ocs_json_int (object, "first_asked", 0), 0);
  consent->asked = ocs_json_int (object, "asked", 0);
  consent->delays = MAX (ocs_json_int (object, "delays", 0), 0);
  consent->later_until = ocs_json_int (object, "later_until", 0);
  consent->absent_since = ocs_json_int (object, "absent_since", 0);
  consent->spent = consent->kept = MAX (ocs_json_int (object, "spent", 0), 0);
  consent->paused = ocs_json_bool (object, "paused", FALSE);
  consent->has_paused = ocs_json_bool (object, "has_paused", FALSE);
  consent->settled = ocs_settled_from_name (ocs_json_string (object, "settled"));
  consent->settled_at = ocs_json_int (object, "settled_at", 0);
  consent->alone = ocs_json_bool (object, "alone", FALSE);
}
