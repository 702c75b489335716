/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By tables. Must not know GTK, nor a network. */
#define G_LOG_DOMAIN "ocs-trialstep"
#include "tray/view/trialstep.h"

#include "ipc/json.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>
#include <string.h>

static const struct {
  const char *name;
  const char *words;
} steps[] = {
    {"resolve", N_ ("Find the address")},          {"connect", N_ ("Open a connection")},      {"login", N_ ("Log in to the proxy")},
    {"tunnel", N_ ("Pass through to the server")}, {"server", N_ ("The server answers")},      {"fetch", N_ ("Fetch a part of a package")},
    {"again", N_ ("Fetch it once more")},          {"cache", N_ ("The proxy keeps packages")}, {"clock", N_ ("The clock of this machine")},
};

static const struct {
  const char *name;
  const char *words;
  const char *icon;
  gboolean bad;
} results[] = {
    {"ok", N_ ("All right"), "emblem-ok-symbolic", FALSE},
    {"warning", N_ ("Could be better"), "dialog-warning-symbolic", TRUE},
    {"failed", N_ ("Failed"), "dialog-error-symbolic", TRUE},
    {"skipped", N_ ("Not needed"), "action-unavailable-symbolic", FALSE},
};

static const char *
step_words (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (strcmp (steps[i].name, name) == 0)
      return _ (steps[i].words);
  return name;
}

static OcsReason *
reason_of (JsonObject *step)
{
  JsonObject *reason = ocs_json_object (step, "reason");
  return reason ? ocs_reason_new (ocs_json_string (reason, "code"), ocs_json_string (reason, "message")) : NULL;
}

/* What came of it, what is wrong and what to do, a line each; "" where it says nothing. */
static char *
explanation (JsonObject *step)
{
  const char *detail = ocs_json_string (step, "detail");
  g_autoptr (OcsReason) reason = reason_of (step);
  g_autofree char *happened = ocs_words_reason (reason);
  g_autofree char *words = ocs_words_detail (reason);
  g_autofree char *sentence = detail && *detail ? ocs_words_sentence (detail) : NULL;
  const char *const lines[] = {sentence, happened, ocs_words_advice (reason), words};
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    if (lines[i] && *lines[i])
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", lines[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* result: in words. */
static char *
result_words (JsonObject *step, const char *result, const char *explained)
{
  gint64 milliseconds = ocs_json_int (step, "milliseconds", 0);
  g_autoptr (GString) text = g_string_new (result);
  if (milliseconds > 0)
    g_string_append_printf (text, C_ ("behind a result", " (%d ms)"), (int)MIN (milliseconds, G_MAXINT));
  if (*explained != '\0')
    g_string_append_printf (text, "\n%s", explained);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

OcsTrialStep *
ocs_trial_step_from_json (JsonObject *reply)
{
  JsonObject *object = ocs_json_object (reply, "step");
  const char *name = object ? ocs_json_string (object, "name") : NULL;
  const char *result = object ? ocs_json_string (object, "result") : NULL;
  if (name == NULL || result == NULL)
    return NULL;
  OcsTrialStep *step = g_new0 (OcsTrialStep, 1);
  const char *words = result;
  step->name = g_strdup (step_words (name));
  step->icon = "dialog-question-symbolic";
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    if (strcmp (results[i].name, result) == 0) {
      words = _ (results[i].words);
      step->icon = results[i].icon;
      step->bad = results[i].bad;
    }
  g_autofree char *explained = explanation (object);
  step->words = result_words (object, words, explained);
  if (step->bad)
    step->why =
        *explained != '\0' ? g_strdup_printf (C_ ("a step and why it failed", "%s: %s"), step->name, explained) : g_strdup (step->name);
  return step;
}

void
ocs_trial_step_free (OcsTrialStep *step)
{
  g_free (step->name);
  g_free (step->words);
  g_free (step->why);
  g_free (step);
}

char *
ocs_trial_step_summary (guint count, guint bad)
{
  if (count == 0)
    return g_strdup (_ ("Nothing was tried"));
  if (bad == 0)
    return g_strdup (_ ("The way to the server and its cache work"));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u step was not all right", "%u steps were not all right", bad), bad);
}
