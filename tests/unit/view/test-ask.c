/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/ask.h"
#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000) /* 22:13:20 UTC */
#define HOUR 3600
#define DAY (24 * HOUR)

static OcsAsk *
build (const OcsQuestion *question)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  return ocs_ask_build (question, NOW, utc);
}

static OcsQuestion *
install (void)
{
  OcsQuestion *question = ocs_question_new (OCS_QUESTION_INSTALL, "7");
  question->serial = 1;
  question->text = g_strdup ("<p><b>Firefox</b> is updated.</p>");
  question->countdown = 300;
  question->remaining = 250;
  question->counted = NOW - 51;
  question->counting = TRUE;
  question->may_pause = question->may_delay = question->may_cancel = TRUE;
  question->delays_left = 5;
  question->deadline = NOW + 7 * DAY;
  return question;
}

static void
test_install (void)
{
  g_autoptr (OcsQuestion) question = install ();
  g_autoptr (OcsAsk) ask = build (question);
  g_assert_cmpstr (ask->title, ==, "Package 7 is ready to be installed");
  g_assert_cmpstr (ask->markup, ==, "<b>Firefox</b> is updated.");
  g_assert_cmpstr (ask->countdown, ==, "Installs in 3:19");
  g_assert_cmpfloat_with_epsilon (ask->fraction, 199.0 / 300, 1e-9);
  g_assert_true (ask->counts);
  g_assert_cmpstr (ask->ignored, ==, "Without an answer it is installed when the time is up.");
  g_assert_cmpstr (ask->limits, ==, "It can be put off 5 times more, until 21 Nov 22:13 at most.");
  g_assert_true (ask->now && ask->later && ask->cancel && ask->pause && !ask->done);
  g_assert_null (ask->settled);
}

static void
test_delays (void)
{
  g_autoptr (OcsQuestion) question = install ();
  g_autoptr (OcsAsk) ask = build (question);
  static const struct {
    gint64 minutes;
    const char *label;
  } free_ones[] = {{60, "In 1 hour (today 23:13)"}, {240, "In 4 hours (tomorrow 02:13)"}, {587, "In the morning (tomorrow 08:00)"}};
  g_assert_cmpuint (ask->delays->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const OcsAskDelay *delay = ask->delays->pdata[i];
    g_assert_cmpint (delay->minutes, ==, free_ones[i].minutes);
    g_assert_cmpstr (delay->label, ==, free_ones[i].label);
  }
  question->deadline = NOW + 2 * HOUR;
  g_autoptr (OcsAsk) cut = build (question);
  g_assert_cmpuint (cut->delays->len, ==, 2);
  const OcsAskDelay *last = cut->delays->pdata[1];
  g_assert_cmpint (last->minutes, ==, 120);
  g_assert_cmpstr (last->label, ==, "As late as possible (tomorrow 00:13)");
  question->may_delay = FALSE;
  g_autoptr (OcsAsk) none = build (question);
  g_assert_null (none->later);
  g_assert_cmpuint (none->delays->len, ==, 0);
  g_assert_cmpstr (none->limits, ==, "It cannot be put off any more.");
}

static void
test_countdown (void)
{
  g_autoptr (OcsQuestion) question = install ();
  question->paused = TRUE;
  question->counting = FALSE;
  g_autoptr (OcsAsk) paused = build (question);
  g_assert_cmpstr (paused->countdown, ==, "Paused with 4:10 left");
  g_assert_false (paused->counts);
  g_assert_true (paused->paused && paused->pause);
  question->paused = FALSE;
  g_autoptr (OcsAsk) locked = build (question);
  g_assert_true (g_str_has_prefix (locked->countdown, "4:10 left; "));
  g_assert_false (locked->counts);
  question->counting = TRUE;
  question->counted = NOW - 10000;
  g_autoptr (OcsAsk) over = build (question);
  g_assert_cmpstr (over->countdown, ==, "Installs in 0:00");
  g_assert_false (over->counts);
  question->countdown = 0;
  g_autoptr (OcsAsk) endless = build (question);
  g_assert_null (endless->countdown);
  g_assert_null (endless->pause);
  g_assert_cmpfloat (endless->fraction, <, 0);
  g_assert_cmpstr (endless->ignored, ==, "It waits for your answer.");
}

static void
test_kinds (void)
{
  static const struct {
    OcsQuestionKind kind;
    const char *now;
    const char *done;
    const char *countdown;
    gboolean tag;
  } cases[] = {
      {OCS_QUESTION_DONE, NULL, "_Done", "2:05:00 left", FALSE},
      {OCS_QUESTION_RESTART, "_Restart now", NULL, "Restarts in 2:05:00", FALSE},
      {OCS_QUESTION_SHUTDOWN, "_Turn off now", NULL, "Turns off in 2:05:00", FALSE},
      {OCS_QUESTION_TAG, NULL, NULL, "2:05:00 left", TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsQuestion) question = ocs_question_new (cases[i].kind, "7");
    question->text = g_strdup ("a < b");
    question->countdown = question->remaining = 7500;
    question->counted = NOW;
    question->counting = TRUE;
    g_autoptr (OcsAsk) ask = build (question);
    g_assert_true (ocs_ask_is_known (question));
    g_assert_cmpstr (ask->now, ==, cases[i].now);
    g_assert_cmpstr (ask->done, ==, cases[i].done);
    g_assert_cmpstr (ask->countdown, ==, cases[i].countdown);
    g_assert_cmpint (ask->tag, ==, cases[i].tag);
    g_assert_cmpstr (ask->markup, ==, "a &lt; b");
    g_assert_null (ask->cancel);
  }
  g_autoptr (OcsQuestion) unknown = ocs_question_new (OCS_QUESTION_UNKNOWN, "7");
  g_assert_false (ocs_ask_is_known (unknown));
}

static void
test_settled (void)
{
  static const struct {
    OcsSettled settled;
    const char *words;
  } cases[] = {
      {OCS_SETTLED_NOW, "It was decided to install it now."},
      {OCS_SETTLED_LATER, "It was put off; the question comes again in 1 hour."},
      {OCS_SETTLED_CANCELLED, "It was decided not to install it."},
      {OCS_SETTLED_TIMED_OUT, "The time was up: it is installed now."},
      {OCS_SETTLED_DONE, "It is done. Thank you."},
      {OCS_SETTLED_RESTARTED, "The machine has been restarted."},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsQuestion) question = install ();
    question->settled = cases[i].settled;
    question->settled_until = NOW + HOUR;
    g_autoptr (OcsAsk) ask = build (question);
    g_assert_cmpstr (ask->settled, ==, cases[i].words);
    g_assert_false (ask->now || ask->later || ask->cancel || ask->pause || ask->counts);
    g_assert_null (ask->countdown);
  }
}

static void
test_tag (void)
{
  g_autoptr (GString) longest = g_string_new (NULL);
  const char *why = NULL;
  g_autofree char *tag = ocs_ask_tag ("  Paris 2 ", &why);
  g_assert_cmpstr (tag, ==, "Paris 2");
  g_assert_null (ocs_ask_tag ("   ", &why));
  g_assert_null (why);
  g_assert_null (ocs_ask_tag ("a\nb", &why));
  g_assert_nonnull (why);
  for (int i = 0; i < 255; i++)
    g_string_append (longest, "ä");
  g_autofree char *most = ocs_ask_tag (longest->str, &why);
  g_assert_cmpstr (most, ==, longest->str);
  g_string_append_c (longest, 'x');
  g_assert_null (ocs_ask_tag (longest->str, &why));
  g_assert_nonnull (why);
}

static void
test_answer (void)
{
  g_autoptr (JsonObject) later = ocs_ask_answer ("9", 4, OCS_ANSWER_LATER, 60);
  g_autoptr (JsonObject) now = ocs_ask_answer ("9", 0, OCS_ANSWER_NOW, 60);
  g_assert_cmpstr (json_object_get_string_member (later, "answer"), ==, "later");
  g_assert_cmpint (json_object_get_int_member (later, "serial"), ==, 4);
  g_assert_cmpint (json_object_get_int_member (later, "minutes"), ==, 60);
  g_assert_cmpstr (json_object_get_string_member (now, "id"), ==, "9");
  g_assert_false (json_object_has_member (now, "serial"));
  g_assert_false (json_object_has_member (now, "minutes"));
}

/* Two minutes before the end, or half of a shorter time, it can no longer stay away. */
static void
test_may_wait (void)
{
  static const struct {
    gint64 countdown, remaining, wait;
    gboolean counting, paused;
    OcsSettled settled;
  } cases[] = {
      {300, 300, 180, TRUE, FALSE, OCS_SETTLED_NOT},
      {300, 121, 1, TRUE, FALSE, OCS_SETTLED_NOT},
      {300, 120, 0, TRUE, FALSE, OCS_SETTLED_NOT},
      {300, 5, 0, TRUE, FALSE, OCS_SETTLED_NOT},
      {60, 60, 30, TRUE, FALSE, OCS_SETTLED_NOT},
      {60, 30, 0, TRUE, FALSE, OCS_SETTLED_NOT},
      {1, 1, 1, TRUE, FALSE, OCS_SETTLED_NOT},
      {0, 0, -1, TRUE, FALSE, OCS_SETTLED_NOT},
      {-7, 5, -1, TRUE, FALSE, OCS_SETTLED_NOT},
      {300, 5, -1, FALSE, FALSE, OCS_SETTLED_NOT},
      {300, 5, -1, TRUE, TRUE, OCS_SETTLED_NOT},
      {300, 5, -1, TRUE, FALSE, OCS_SETTLED_NOW},
      {G_MAXINT64, G_MAXINT64, G_MAXINT64 - 120, TRUE, FALSE, OCS_SETTLED_NOT},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsQuestion) question = install ();
    question->countdown = cases[i].countdown;
    question->remaining = cases[i].remaining;
    question->counted = NOW;
    question->counting = cases[i].counting;
    question->paused = cases[i].paused;
    question->settled = cases[i].settled;
    g_assert_cmpint (ocs_ask_may_wait (question, NOW), ==, cases[i].wait);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ask/install", test_install);
  g_test_add_func ("/ask/delays", test_delays);
  g_test_add_func ("/ask/countdown", test_countdown);
  g_test_add_func ("/ask/kinds", test_kinds);
  g_test_add_func ("/ask/settled", test_settled);
  g_test_add_func ("/ask/tag", test_tag);
  g_test_add_func ("/ask/answer", test_answer);
  g_test_add_func ("/ask/may-wait", test_may_wait);
  return g_test_run ();
}
