/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/consent.h"

#define NOW 1700000000
#define HOUR 3600
#define DAY 86400

static const OcsTerms terms_all = {
    .countdown = 120, .may_delay = TRUE, .max_delays = 2, .deadline = 7 * DAY, .absent = DAY, .may_cancel = TRUE};
static const OcsAudience nobody = {FALSE, 0, 0, FALSE, FALSE};
static const OcsAudience one = {FALSE, 1, 1, TRUE, FALSE};
static const OcsAudience two = {FALSE, 2, 2, TRUE, FALSE};
static const OcsAudience locked = {FALSE, 1, 1, FALSE, FALSE};

typedef struct {
  OcsConsent consent;
  OcsTerms terms;
  OcsConsentFacts facts;
} Case;

static Case
begin (const OcsAudience *audience)
{
  return (Case) {.terms = terms_all, .facts = {.now = NOW, .awake = 5000, .audience = audience}};
}

static gboolean
tick (Case *c, const OcsAudience *audience, gint64 seconds)
{
  c->facts.now += seconds;
  c->facts.awake += seconds * 1000;
  c->facts.audience = audience;
  return ocs_consent_tick (&c->consent, &c->terms, &c->facts);
}

static gboolean
answer (Case *c, OcsAnswer what, gint64 minutes)
{
  return ocs_consent_answer (&c->consent, &c->terms, &c->facts, c->consent.serial, what, minutes, NULL);
}

static OcsQuestion *
shown (const Case *c)
{
  return ocs_consent_question (&c->consent, &c->terms, &c->facts, OCS_QUESTION_INSTALL, "1", "text");
}

static void
test_nobody (void)
{
  Case c = begin (&nobody);
  g_autoptr (OcsQuestion) question = NULL;

  g_assert_true (tick (&c, &nobody, 0));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
  g_assert_null (question = shown (&c));
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, 0);
}

/* While nobody knows who is there nothing is decided. */
static void
test_pending (void)
{
  const OcsAudience pending = {.pending = TRUE};
  Case c = begin (&pending);

  g_assert_false (tick (&c, &pending, 100 * DAY));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_NEW);
}

static void
test_countdown (void)
{
  Case c = begin (&one);
  g_autoptr (OcsQuestion) question = NULL;
  g_autoptr (OcsQuestion) settled = NULL;
  g_autoptr (OcsQuestion) over = NULL;

  g_assert_true (tick (&c, &one, 0));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  g_assert_false (tick (&c, &one, 10));
  question = shown (&c);
  g_assert_true (question->counting);
  g_assert_cmpint (question->countdown, ==, 120);
  g_assert_cmpint (question->remaining, ==, 110);
  g_assert_cmpint (question->counted, ==, NOW + 10);
  g_assert_cmpint (question->deadline, ==, NOW + 7 * DAY);
  g_assert_cmpint (question->delays_left, ==, 2);
  g_assert_true (question->may_delay && question->may_pause && question->may_cancel);
  g_assert_cmpint (question->settled, ==, OCS_SETTLED_NOT);
  g_assert_cmpstr (question->text, ==, "text");
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, c.facts.now + 15);
  tick (&c, &one, 109);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, c.facts.now + 1);
  g_assert_true (tick (&c, &one, 1));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
  settled = shown (&c);
  g_assert_cmpint (settled->settled, ==, OCS_SETTLED_TIMED_OUT);
  g_assert_false (settled->may_delay || settled->may_cancel || settled->may_pause);
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, c.facts.now + 60);
  tick (&c, &one, 60);
  g_assert_null (over = shown (&c));
}

/* A locked screen, somebody who presents, a machine that sleeps: none of it counts. */
static void
test_unseen (void)
{
  Case c = begin (&one);
  g_autoptr (OcsQuestion) question = NULL;

  tick (&c, &one, 0);
  tick (&c, &locked, 50);
  tick (&c, &locked, 1000);
  g_assert_cmpint (c.consent.spent, ==, 50000);
  question = shown (&c);
  g_assert_false (question->counting);
  g_assert_cmpint (question->remaining, ==, 70);
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, NOW + 7 * DAY);
  tick (&c, &one, 1000);
  c.facts.now += 1000;
  tick (&c, &one, 10);
  g_assert_cmpint (c.consent.spent, ==, 60000);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
}

static void
test_no_countdown (void)
{
  Case c = begin (&one);

  c.terms.countdown = 0;
  tick (&c, &one, 0);
  tick (&c, &one, 6 * DAY);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  g_assert_false (answer (&c, OCS_ANSWER_PAUSE, 0));
  tick (&c, &locked, DAY);
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, c.facts.now + 15);
  tick (&c, &locked, 119);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  tick (&c, &locked, 1);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
}

static void
test_later (void)
{
  Case c = begin (&one);
  g_autoptr (OcsQuestion) question = NULL;

  tick (&c, &one, 0);
  tick (&c, &one, 100);
  g_assert_true (answer (&c, OCS_ANSWER_LATER, 60));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_LATER);
  question = shown (&c);
  g_assert_cmpint (question->settled, ==, OCS_SETTLED_LATER);
  g_assert_cmpint (question->settled_until, ==, c.facts.now + HOUR);
  g_assert_cmpint (question->delays_left, ==, 1);
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, c.facts.now + 60);
  tick (&c, &one, HOUR - 1);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_LATER);
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, c.facts.now + 1);
  g_assert_true (tick (&c, &one, 1));
  g_assert_cmpint (c.consent.serial, ==, 2);
  g_assert_cmpint (c.consent.spent, ==, 0);
  g_assert_true (answer (&c, OCS_ANSWER_LATER, 60));
  tick (&c, &one, HOUR);
  g_assert_false (answer (&c, OCS_ANSWER_LATER, 60));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  c.terms.max_delays = -1;
  for (guint i = 0; i < 20; i++) {
    g_assert_true (answer (&c, OCS_ANSWER_LATER, 240));
    tick (&c, &one, 4 * HOUR);
    g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  }
}

/* What goes past the deadline is cut to it, and after it a last countdown runs, also where nobody looks. */
static void
test_deadline (void)
{
  Case c = begin (&one);
  g_autoptr (OcsQuestion) question = NULL;

  tick (&c, &one, 0);
  tick (&c, &locked, 0);
  tick (&c, &locked, 7 * DAY - HOUR);
  g_assert_true (answer (&c, OCS_ANSWER_LATER, 240));
  g_assert_cmpint (c.consent.later_until, ==, NOW + 7 * DAY);
  tick (&c, &locked, HOUR);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  question = shown (&c);
  g_assert_true (question->counting);
  g_assert_false (question->may_delay || question->may_pause);
  g_assert_false (answer (&c, OCS_ANSWER_LATER, 1));
  g_assert_false (answer (&c, OCS_ANSWER_PAUSE, 0));
  tick (&c, &locked, 120);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
}

static void
test_absent (void)
{
  Case c = begin (&one);

  tick (&c, &one, 0);
  tick (&c, &one, 100);
  g_assert_true (tick (&c, &nobody, 10));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_ABSENT);
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, c.facts.now + DAY);
  g_assert_false (tick (&c, &nobody, DAY - 1));
  g_assert_true (tick (&c, &two, 0));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  g_assert_cmpint (c.consent.serial, ==, 2);
  g_assert_cmpint (c.consent.spent, ==, 0);
  tick (&c, &nobody, 1);
  g_assert_true (tick (&c, &nobody, DAY));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
}

/* Put off, and gone home: it disturbs nobody now. */
static void
test_later_then_gone (void)
{
  Case c = begin (&one);

  tick (&c, &one, 0);
  g_assert_true (answer (&c, OCS_ANSWER_LATER, 60));
  tick (&c, &nobody, HOUR - 1);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_LATER);
  tick (&c, &nobody, 1);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
}

static void
test_cancel (void)
{
  Case c = begin (&two);
  g_autoptr (OcsQuestion) question = NULL;
  g_autoptr (GError) error = NULL;

  tick (&c, &two, 0);
  question = shown (&c);
  g_assert_false (question->may_cancel);
  g_assert_false (ocs_consent_answer (&c.consent, &c.terms, &c.facts, 1, OCS_ANSWER_CANCEL, 0, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_REFUSED);
  tick (&c, &one, 1);
  g_assert_true (answer (&c, OCS_ANSWER_CANCEL, 0));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_REFUSED);
  g_assert_false (tick (&c, &one, 100 * DAY));
  c = begin (&one);
  c.terms.may_cancel = FALSE;
  tick (&c, &one, 0);
  g_assert_false (answer (&c, OCS_ANSWER_CANCEL, 0));
}

static void
test_pause (void)
{
  Case c = begin (&one);
  g_autoptr (OcsQuestion) question = NULL;

  tick (&c, &one, 0);
  tick (&c, &one, 30);
  g_assert_false (answer (&c, OCS_ANSWER_RESUME, 0));
  g_assert_true (answer (&c, OCS_ANSWER_PAUSE, 0));
  tick (&c, &one, 5 * HOUR);
  question = shown (&c);
  g_assert_true (question->paused);
  g_assert_false (question->counting || question->may_pause);
  g_assert_cmpint (question->remaining, ==, 90);
  g_assert_false (answer (&c, OCS_ANSWER_PAUSE, 0));
  g_assert_true (answer (&c, OCS_ANSWER_RESUME, 0));
  g_assert_false (answer (&c, OCS_ANSWER_PAUSE, 0));
  tick (&c, &one, 90);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
}

static void
test_old_answers (void)
{
  Case c = begin (&one);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) after = NULL;

  g_assert_false (ocs_consent_answer (&c.consent, &c.terms, &c.facts, 0, OCS_ANSWER_NOW, 0, NULL));
  tick (&c, &one, 0);
  g_assert_true (answer (&c, OCS_ANSWER_LATER, 60));
  g_assert_false (ocs_consent_answer (&c.consent, &c.terms, &c.facts, 1, OCS_ANSWER_NOW, 0, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND);
  tick (&c, &one, HOUR);
  g_assert_false (ocs_consent_answer (&c.consent, &c.terms, &c.facts, 1, OCS_ANSWER_CANCEL, 0, NULL));
  g_assert_true (answer (&c, OCS_ANSWER_LATER, 60));
  g_assert_true (ocs_consent_answer (&c.consent, &c.terms, &c.facts, 0, OCS_ANSWER_NOW, 0, NULL));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
  g_assert_false (ocs_consent_answer (&c.consent, &c.terms, &c.facts, 0, OCS_ANSWER_CANCEL, 0, &after));
  g_assert_error (after, OCS_ERROR, OCS_ERROR_NOT_FOUND);
}

/* A restart waits for what holds a shutdown back, until the deadline; it waits for nobody who has left. */
static void
test_power (void)
{
  const OcsAudience held = {FALSE, 1, 1, TRUE, TRUE};
  Case c = begin (&held);

  c.terms = (OcsTerms) {.countdown = 900, .may_delay = TRUE, .max_delays = 5, .deadline = DAY, .power = TRUE};
  tick (&c, &held, 0);
  tick (&c, &held, HOUR);
  g_assert_cmpint (c.consent.spent, ==, 0);
  tick (&c, &held, DAY - HOUR);
  tick (&c, &held, 900);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
  c.consent = (OcsConsent) {.step = OCS_CONSENT_NEW};
  tick (&c, &one, 0);
  tick (&c, &nobody, 1);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
}

/* It was given as nobody was there, and has to wait for something else: who comes meanwhile is asked. */
static void
test_somebody_comes_before_it_begins (void)
{
  Case c = begin (&nobody);
  g_autoptr (JsonObject) json = NULL;
  OcsConsent read;

  tick (&c, &nobody, 0);
  g_assert_false (tick (&c, &nobody, HOUR));
  json = ocs_consent_to_json (&c.consent);
  ocs_consent_read_json (&read, json);
  g_assert_true (read.alone);
  g_assert_true (tick (&c, &one, 1));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  g_assert_true (answer (&c, OCS_ANSWER_NOW, 0));
  /* Somebody has agreed: nobody is asked again. */
  g_assert_false (tick (&c, &two, HOUR));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
  /* All have gone, for a day; and then comes one. */
  c = begin (&one);
  tick (&c, &one, 0);
  tick (&c, &nobody, 1);
  tick (&c, &nobody, DAY);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
  g_assert_true (tick (&c, &one, 1));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  g_assert_true (c.consent.counting);
}

/* Nobody is there to be asked, but a program writes firmware or upgrades the machine: it is not cut off. */
static void
test_power_held_from_nobody (void)
{
  const OcsAudience held = {.shutdown_held = TRUE};
  Case c = begin (&held);

  c.terms = (OcsTerms) {.countdown = 900, .may_delay = TRUE, .max_delays = 5, .deadline = DAY, .power = TRUE};
  g_assert_true (tick (&c, &held, 0));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_NEW);
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, NOW + DAY);
  g_assert_false (tick (&c, &held, HOUR));
  g_assert_true (tick (&c, &nobody, 1));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
  c = begin (&held);
  c.terms = (OcsTerms) {.deadline = DAY, .power = TRUE};
  tick (&c, &held, 0);
  g_assert_true (tick (&c, &held, DAY));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
  /* A package need not wait for that. */
  c = begin (&held);
  g_assert_true (tick (&c, &held, 0));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
}

/* They went home, or put it off and went home, while something holds it. */
static void
test_power_held_from_who_left (void)
{
  const OcsAudience held = {.shutdown_held = TRUE};
  const OcsAudience held_one = {FALSE, 1, 1, TRUE, TRUE};
  Case c = begin (&one);

  c.terms = (OcsTerms) {.countdown = 900, .may_delay = TRUE, .max_delays = 5, .deadline = DAY, .power = TRUE};
  tick (&c, &one, 0);
  tick (&c, &held, 10);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  tick (&c, &held, 10 * 900);
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_STANDS);
  tick (&c, &held_one, 1);
  g_assert_false (c.consent.counting);
  g_assert_true (answer (&c, OCS_ANSWER_LATER, 60));
  g_assert_false (tick (&c, &held, 2 * HOUR));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_LATER);
  g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), ==, NOW + DAY);
  g_assert_true (tick (&c, &nobody, 1));
  g_assert_cmpint (c.consent.step, ==, OCS_CONSENT_GIVEN);
}

static void
test_journal (void)
{
  Case c = begin (&one);
  g_autoptr (JsonObject) json = NULL;
  OcsConsent read;

  tick (&c, &one, 0);
  answer (&c, OCS_ANSWER_LATER, 60);
  tick (&c, &one, HOUR);
  g_assert_true (tick (&c, &one, 20));
  answer (&c, OCS_ANSWER_PAUSE, 0);
  json = ocs_consent_to_json (&c.consent);
  ocs_consent_read_json (&read, json);
  g_assert_cmpint (read.step, ==, OCS_CONSENT_STANDS);
  g_assert_cmpint (read.serial, ==, 2);
  g_assert_cmpint (read.first_asked, ==, NOW);
  g_assert_cmpint (read.delays, ==, 1);
  g_assert_cmpint (read.spent, ==, 20000);
  g_assert_true (read.paused && read.has_paused);
  ocs_consent_read_json (&read, NULL);
  g_assert_cmpint (read.step, ==, OCS_CONSENT_NEW);
  json_object_set_string_member (json, "step", "nonsense");
  ocs_consent_read_json (&read, json);
  g_assert_cmpint (read.step, ==, OCS_CONSENT_NEW);
}

/* Whatever happens: nothing is given against people who are there but by an answer, a countdown or a deadline; what people
 * decide stays; and something always wakes it. */
static void
test_random (void)
{
  const OcsAudience *const audiences[] = {&nobody, &one, &two, &locked};

  for (guint round = 0; round < 3000; round++) {
    Case c = begin (&one);
    gboolean answered = FALSE;

    c.terms.countdown = g_test_rand_int_range (0, 2) * 120;
    c.terms.max_delays = g_test_rand_int_range (-1, 4);
    for (guint i = 0; i < 60; i++) {
      OcsConsentStep before = c.consent.step;
      gboolean alone = c.consent.alone;
      const OcsAudience *audience = audiences[g_test_rand_int_range (0, G_N_ELEMENTS (audiences))];
      gint64 seconds = g_test_rand_int_range (-3000, 9000);

      tick (&c, audience, seconds);
      if (before >= OCS_CONSENT_GIVEN && !(alone && audience->people > 0))
        g_assert_cmpint (c.consent.step, ==, before);
      else if (c.consent.step == OCS_CONSENT_GIVEN && audience->people > 0 && !answered)
        g_assert_cmpint (c.consent.spent, >=, 120000);
      if (c.consent.step != OCS_CONSENT_GIVEN && c.consent.step != OCS_CONSENT_REFUSED)
        g_assert_cmpint (ocs_consent_wake (&c.consent, &c.terms, c.facts.now), >, 0);
      if (g_test_rand_int_range (0, 3) == 0)
        answered = answer (&c, (OcsAnswer)g_test_rand_int_range (0, OCS_ANSWER_N), g_test_rand_int_range (-5, 100000))
                   && c.consent.step >= OCS_CONSENT_GIVEN;
      answered = answered || (c.consent.step >= OCS_CONSENT_GIVEN && !c.consent.alone);
      g_assert_cmpint (c.consent.later_until, <=, MAX (c.consent.first_asked, 0) + 15 * DAY);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/consent/nobody", test_nobody);
  g_test_add_func ("/consent/pending", test_pending);
  g_test_add_func ("/consent/countdown", test_countdown);
  g_test_add_func ("/consent/unseen", test_unseen);
  g_test_add_func ("/consent/no-countdown", test_no_countdown);
  g_test_add_func ("/consent/later", test_later);
  g_test_add_func ("/consent/deadline", test_deadline);
  g_test_add_func ("/consent/absent", test_absent);
  g_test_add_func ("/consent/later-then-gone", test_later_then_gone);
  g_test_add_func ("/consent/cancel", test_cancel);
  g_test_add_func ("/consent/pause", test_pause);
  g_test_add_func ("/consent/old-answers", test_old_answers);
  g_test_add_func ("/consent/somebody-comes-before-it-begins", test_somebody_comes_before_it_begins);
  g_test_add_func ("/consent/power", test_power);
  g_test_add_func ("/consent/power-held-from-nobody", test_power_held_from_nobody);
  g_test_add_func ("/consent/power-held-from-who-left", test_power_held_from_who_left);
  g_test_add_func ("/consent/journal", test_journal);
  g_test_add_func ("/consent/random", test_random);
  return g_test_run ();
}
