/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-query"
#include "tray/ctl/query.h"
#include "tray/view/moment.h"
#include <glib/gi18n-lib.h>

/* HTML as plain text: what is between angle brackets becomes a blank, and the few entities that the console makes become themselves. */
static char *
plain (const char *html)
{
  static const char *const entities[][2] = {{"&lt;", "<"},  {"&gt;", ">"},   {"&quot;", "\""},
                                            {"&#39;", "'"}, {"&nbsp;", " "}, {"&amp;", "&"}};
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean inside = FALSE;
  for (const char *at = html ? html : ""; *at; at++) {
    if (*at == '<' || *at == '>') {
      inside = *at == '<';
      g_string_append_c (text, ' ');
    } else if (!inside) {
      g_string_append_c (text, *at);
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS (entities); i++)
    g_string_replace (text, entities[i][0], entities[i][1], 0);
  g_auto (GStrv) words = g_strsplit_set (text->str, " \t\r\n", -1);
  g_string_truncate (text, 0);
  for (guint i = 0; words[i]; i++)
    if (*words[i])
      g_string_append_printf (text, "%s%s", text->len ? " " : "", words[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
asked (const OcsQuestion *question)
{
  switch (question->kind) {
  case OCS_QUESTION_INSTALL:
    return g_strdup_printf (_ ("May package %s be installed now?"), question->id);
  case OCS_QUESTION_DONE:
    return g_strdup_printf (_ ("Package %s is installed. Please do this now."), question->id);
  case OCS_QUESTION_RESTART:
    return g_strdup (_ ("This machine is to be restarted. Save your work."));
  case OCS_QUESTION_SHUTDOWN:
    return g_strdup (_ ("This machine is to be turned off. Save your work."));
  case OCS_QUESTION_TAG:
    return g_strdup (_ ("Which tag does this machine have?"));
  case OCS_QUESTION_UNKNOWN:
  default:
    return g_strdup (_ ("The worker asks something that this version does not know."));
  }
}

char *
ocs_query_words (const OcsQuestion *question)
{
  g_autofree char *words = asked (question);
  g_autofree char *text = plain (question->text);
  return *text ? g_strdup_printf (C_ ("what is asked, then the administrator's own words", "%s %s"), words, text)
               : g_steal_pointer (&words);
}

static char *
decided (const OcsQuestion *question, gint64 now, GTimeZone *zone)
{
  g_autofree char *when = question->settled_until > 0 ? ocs_moment_future (question->settled_until, now, zone) : NULL;
  switch (question->settled) {
  case OCS_SETTLED_NOW:
    return g_strdup (_ ("Decided: now."));
  case OCS_SETTLED_LATER:
    return g_strdup_printf (_ ("Decided: later, asked again %s."), when ? when : "");
  case OCS_SETTLED_CANCELLED:
    return g_strdup (_ ("Decided: cancelled."));
  case OCS_SETTLED_TIMED_OUT:
    return g_strdup (_ ("Nobody decided in time: it goes on."));
  case OCS_SETTLED_RESTARTED:
    return g_strdup (_ ("The machine has been restarted."));
  case OCS_SETTLED_DONE:
  case OCS_SETTLED_NOT:
  default:
    return g_strdup (_ ("Done."));
  }
}

static char *
answers (const OcsQuestion *question)
{
  if (question->kind == OCS_QUESTION_TAG)
    return g_strdup ("ocsctl tag");
  if (question->kind == OCS_QUESTION_DONE)
    return g_strdup_printf ("ocsctl answer %s done", question->id);
  return g_strdup_printf ("ocsctl answer %s now%s%s", question->id, question->may_delay ? " | later [MINUTES]" : "",
                          question->may_cancel ? " | cancel" : "");
}

static void
append_countdown (GString *text, const OcsQuestion *question, gint64 now)
{
  gint64 left = ocs_question_remaining (question, now);
  if (question->countdown == 0)
    return;
  g_string_append (text, "  ");
  if (question->counting)
    g_string_append_printf (text, _ ("Without an answer it goes on in %d:%02d."), (int)(left / 60), (int)(left % 60));
  else
    g_string_append_printf (text, _ ("The countdown waits at %d:%02d."), (int)(left / 60), (int)(left % 60));
}

static void
append_delays (GString *text, const OcsQuestion *question, gint64 now, GTimeZone *zone)
{
  if (!question->may_delay)
    return;
  if (question->delays_left > 0) {
    g_string_append_c (text, ' ');
    g_string_append_printf (
        text,
        g_dngettext (GETTEXT_PACKAGE, "It can be put off once more.", "It can be put off %d times more.", (gulong)question->delays_left),
        (int)question->delays_left);
  }
  if (question->deadline > 0) {
    g_autofree char *when = ocs_moment_future (question->deadline, now, zone);
    g_string_append_c (text, ' ');
    g_string_append_printf (text, _ ("After the deadline, %s, it is not put off any more."), when);
  }
}

char *
ocs_query_choices (const OcsQuestion *question, gint64 now, GTimeZone *zone)
{
  if (question->settled != OCS_SETTLED_NOT)
    return decided (question, now, zone);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *command = answers (question);
  g_string_append (text, command);
  append_countdown (text, question, now);
  append_delays (text, question, now, zone);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
