/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to words. Must not know GTK, nor read a clock. */
#define G_LOG_DOMAIN "ocs-ask"
#include "tray/view/ask.h"

#include "tray/view/markup.h"
#include "tray/view/moment.h"
#include <glib/gi18n-lib.h>

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define MORNING 8
#define LAST_CALL (2 * MINUTE)
#define TAG_MAX 255

static void
delay_free (gpointer data)
{
  OcsAskDelay *delay = data;
  g_free (delay->label);
  g_free (delay);
}

gboolean
ocs_ask_is_known (const OcsQuestion *question)
{
  return question->kind < OCS_QUESTION_UNKNOWN;
}

static char *
title_of (const OcsQuestion *question)
{
  switch (question->kind) {
  case OCS_QUESTION_INSTALL:
    return g_strdup_printf (_ ("Package %s is ready to be installed"), question->id);
  case OCS_QUESTION_DONE:
    return g_strdup_printf (_ ("Package %s: something is left for you to do"), question->id);
  case OCS_QUESTION_RESTART:
    return g_strdup (_ ("This machine has to be restarted"));
  case OCS_QUESTION_SHUTDOWN:
    return g_strdup (_ ("This machine is to be turned off"));
  case OCS_QUESTION_TAG:
    return g_strdup (_ ("Which TAG does this machine have?"));
  case OCS_QUESTION_UNKNOWN:
  default:
    return g_strdup (_ ("There is a question that this version does not know"));
  }
}

/* Of what comes from the server only a package's text is HTML. */
static char *
markup_of (const OcsQuestion *question)
{
  if (question->kind == OCS_QUESTION_INSTALL || question->kind == OCS_QUESTION_DONE)
    return ocs_markup_from_html (question->text);
  return question->text && *question->text ? g_markup_escape_text (question->text, -1) : NULL;
}

static const char *
advice_of (const OcsQuestion *question)
{
  if (question->kind == OCS_QUESTION_RESTART || question->kind == OCS_QUESTION_SHUTDOWN)
    return _ ("Save your work now.");
  if (question->kind == OCS_QUESTION_TAG)
    return _ ("Your administrator sorts the machines by it. If you do not know it, ask whoever gave you this machine.");
  return NULL;
}

static char *
clock_words (gint64 seconds)
{
  gint64 bounded = CLAMP (seconds, 0, 100 * HOUR - 1);
  if (bounded >= HOUR)
    return g_strdup_printf ("%d:%02d:%02d", (int)(bounded / HOUR), (int)(bounded % HOUR / MINUTE), (int)(bounded % MINUTE));
  return g_strdup_printf ("%d:%02d", (int)(bounded / MINUTE), (int)(bounded % MINUTE));
}

static char *
countdown_of (const OcsQuestion *question, gint64 left)
{
  g_autofree char *clock = clock_words (left);
  if (question->countdown <= 0)
    return NULL;
  if (question->paused)
    return g_strdup_printf (_ ("Paused with %s left"), clock);
  if (!question->counting)
    return g_strdup_printf (_ ("%s left; it does not count while the screen is locked or somebody presents"), clock);
  switch (question->kind) {
  case OCS_QUESTION_RESTART:
    return g_strdup_printf (_ ("Restarts in %s"), clock);
  case OCS_QUESTION_SHUTDOWN:
    return g_strdup_printf (_ ("Turns off in %s"), clock);
  case OCS_QUESTION_INSTALL:
    return g_strdup_printf (_ ("Installs in %s"), clock);
  case OCS_QUESTION_DONE:
  case OCS_QUESTION_TAG:
  case OCS_QUESTION_UNKNOWN:
  default:
    return g_strdup_printf (_ ("%s left"), clock);
  }
}

static const char *
ignored_of (const OcsQuestion *question)
{
  gboolean counts = question->countdown > 0;
  switch (question->kind) {
  case OCS_QUESTION_INSTALL:
    return counts ? _ ("Without an answer it is installed when the time is up.") : _ ("It waits for your answer.");
  case OCS_QUESTION_RESTART:
    return counts ? _ ("Without an answer the machine restarts when the time is up.") : _ ("It waits for your answer.");
  case OCS_QUESTION_SHUTDOWN:
    return counts ? _ ("Without an answer the machine turns off when the time is up.") : _ ("It waits for your answer.");
  case OCS_QUESTION_DONE:
    return _ ("This stays here until somebody has done it.");
  case OCS_QUESTION_TAG:
  case OCS_QUESTION_UNKNOWN:
  default:
    return NULL;
  }
}

static char *
limits_of (const OcsQuestion *question, gint64 now, GTimeZone *zone)
{
  g_autofree char *deadline = question->deadline > now ? ocs_moment_past (question->deadline, now, zone) : NULL;
  g_autofree char *times = NULL;
  if (!question->may_delay)
    return question->kind == OCS_QUESTION_INSTALL ? g_strdup (_ ("It cannot be put off any more.")) : NULL;
  if (question->delays_left >= 0)
    times = g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE, "It can be put off %d time more", "It can be put off %d times more", (gulong)question->delays_left),
        (int)MIN (question->delays_left, G_MAXINT));
  if (times && deadline)
    return g_strdup_printf (C_ ("how often, and until when", "%s, until %s at most."), times, deadline);
  if (times)
    return g_strdup_printf (C_ ("a sentence", "%s."), times);
  return deadline ? g_strdup_printf (_ ("It can be put off until %s at most."), deadline) : NULL;
}

static char *
settled_of (const OcsQuestion *question, gint64 now, GTimeZone *zone)
{
  g_autofree char *when = ocs_moment_future (question->settled_until, now, zone);
  gboolean installs = question->kind == OCS_QUESTION_INSTALL;
  switch (question->settled) {
  case OCS_SETTLED_NOT:
    return NULL;
  case OCS_SETTLED_NOW:
    return g_strdup (installs ? _ ("It was decided to install it now.") : _ ("It was decided to do it now."));
  case OCS_SETTLED_LATER:
    return question->settled_until > now ? g_strdup_printf (_ ("It was put off; the question comes again %s."), when)
                                         : g_strdup (_ ("It was put off."));
  case OCS_SETTLED_CANCELLED:
    return g_strdup (_ ("It was decided not to install it."));
  case OCS_SETTLED_TIMED_OUT:
    return g_strdup (installs ? _ ("The time was up: it is installed now.") : _ ("The time was up: it is done now."));
  case OCS_SETTLED_RESTARTED:
    return g_strdup (_ ("The machine has been restarted."));
  case OCS_SETTLED_DONE:
  default:
    return g_strdup (_ ("It is done. Thank you."));
  }
}

typedef enum { IN_1_HOUR, IN_4_HOURS, IN_THE_MORNING, AT_LAST } DelayKind;

static char *
delay_label (DelayKind kind, const char *when)
{
  switch (kind) {
  case IN_1_HOUR:
    return g_strdup_printf (_ ("In 1 hour (%s)"), when);
  case IN_4_HOURS:
    return g_strdup_printf (_ ("In 4 hours (%s)"), when);
  case IN_THE_MORNING:
    return g_strdup_printf (C_ ("the time is a day and 08:00", "In the morning (%s)"), when);
  case AT_LAST:
  default:
    return g_strdup_printf (_ ("As late as possible (%s)"), when);
  }
}

static void
add_delay (OcsAsk *ask, const OcsQuestion *question, gint64 now, GTimeZone *zone, gint64 time, DelayKind kind)
{
  gboolean cut = question->deadline > now && time > question->deadline;
  gint64 until = cut ? question->deadline : time;
  const OcsAskDelay *last = ask->delays->len > 0 ? ask->delays->pdata[ask->delays->len - 1] : NULL;
  gint64 minutes = (until - now + MINUTE - 1) / MINUTE;
  if (minutes <= 0 || (last && last->minutes == minutes))
    return;
  OcsAskDelay *delay = g_new0 (OcsAskDelay, 1);
  g_autofree char *when = ocs_moment_past (until, now, zone);
  delay->minutes = minutes;
  delay->label = delay_label (cut ? AT_LAST : kind, when);
  g_ptr_array_add (ask->delays, delay);
}

static gint64
tomorrow_morning (gint64 now, GTimeZone *zone)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (now);
  g_autoptr (GDateTime) local = utc ? g_date_time_to_timezone (utc, zone) : NULL;
  g_autoptr (GDateTime) next = local ? g_date_time_add_days (local, 1) : NULL;
  g_autoptr (GDateTime) morning = next ? g_date_time_new (zone, g_date_time_get_year (next), g_date_time_get_month (next),
                                                          g_date_time_get_day_of_month (next), MORNING, 0, 0)
                                       : NULL;
  return morning ? g_date_time_to_unix (morning) : 0;
}

static void
fill_answers (OcsAsk *ask, const OcsQuestion *question, gint64 now, GTimeZone *zone)
{
  gboolean machine = question->kind == OCS_QUESTION_RESTART || question->kind == OCS_QUESTION_SHUTDOWN;
  if (question->settled != OCS_SETTLED_NOT)
    return;
  if (question->kind == OCS_QUESTION_INSTALL)
    ask->now = _ ("_Install now");
  else if (machine)
    ask->now = question->kind == OCS_QUESTION_RESTART ? _ ("_Restart now") : _ ("_Turn off now");
  ask->later = question->may_delay && (machine || question->kind == OCS_QUESTION_INSTALL) ? _ ("_Later") : NULL;
  ask->cancel = question->may_cancel ? _ ("_Do not install") : NULL;
  ask->done = question->kind == OCS_QUESTION_DONE ? _ ("_Done") : NULL;
  ask->paused = question->paused;
  if (question->countdown > 0 && (question->paused || question->may_pause))
    ask->pause = question->paused ? _ ("_Go on counting") : _ ("_Pause");
  if (ask->later == NULL)
    return;
  add_delay (ask, question, now, zone, now + HOUR, IN_1_HOUR);
  add_delay (ask, question, now, zone, now + 4 * HOUR, IN_4_HOURS);
  add_delay (ask, question, now, zone, tomorrow_morning (now, zone), IN_THE_MORNING);
}

gint64
ocs_ask_may_wait (const OcsQuestion *question, gint64 now)
{
  gint64 last = MIN (LAST_CALL, question->countdown / 2);
  if (question->countdown <= 0 || !question->counting || question->paused || question->settled != OCS_SETTLED_NOT)
    return -1;
  return MAX (ocs_question_remaining (question, now) - last, 0);
}

OcsAsk *
ocs_ask_build (const OcsQuestion *question, gint64 now, GTimeZone *zone)
{
  OcsAsk *ask = g_new0 (OcsAsk, 1);
  gint64 left = ocs_question_remaining (question, now);
  ask->delays = g_ptr_array_new_with_free_func (delay_free);
  ask->title = title_of (question);
  ask->markup = markup_of (question);
  ask->settled = settled_of (question, now, zone);
  ask->fraction = -1;
  ask->tag = question->kind == OCS_QUESTION_TAG && ask->settled == NULL;
  fill_answers (ask, question, now, zone);
  if (ask->settled)
    return ask;
  ask->advice = g_strdup (advice_of (question));
  ask->countdown = countdown_of (question, left);
  ask->ignored = g_strdup (ignored_of (question));
  ask->limits = question->kind == OCS_QUESTION_TAG || question->kind == OCS_QUESTION_DONE ? NULL : limits_of (question, now, zone);
  ask->counts = question->countdown > 0 && question->counting && !question->paused && left > 0;
  if (question->countdown > 0)
    ask->fraction = CLAMP ((double)left / (double)question->countdown, 0, 1);
  return ask;
}

void
ocs_ask_free (OcsAsk *ask)
{
  char *texts[] = {ask->title, ask->markup, ask->advice, ask->countdown, ask->ignored, ask->limits, ask->settled};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_ptr_array_unref (ask->delays);
  g_free (ask);
}

char *
ocs_ask_tag (const char *text, const char **why)
{
  g_autofree char *tag = g_strstrip (g_strdup (text));
  *why = NULL;
  if (*tag == '\0')
    return NULL;
  if (g_utf8_strlen (tag, -1) > TAG_MAX)
    *why = _ ("It is too long: 255 characters at most.");
  for (const char *at = tag; *at && *why == NULL; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      *why = _ ("It must not hold a line break or another control character.");
  return *why ? NULL : g_steal_pointer (&tag);
}

JsonObject *
ocs_ask_answer (const char *id, gint64 serial, OcsAnswer answer, gint64 minutes)
{
  JsonObject *parameters = json_object_new ();
  json_object_set_string_member (parameters, "id", id);
  if (serial != 0)
    json_object_set_int_member (parameters, "serial", serial);
  json_object_set_string_member (parameters, "answer", ocs_answer_name (answer));
  if (answer == OCS_ANSWER_LATER)
    json_object_set_int_member (parameters, "minutes", minutes);
  return parameters;
}
