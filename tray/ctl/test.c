/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl proxy test: the way to the server, step by step as it is tried. */
#define G_LOG_DOMAIN "ocs-test"
#include "ipc/error.h"
#include "ipc/json.h"
#include "tray/ctl/command.h"
#include "tray/ctl/sheet.h"
#include <glib/gi18n-lib.h>

/* A server may take its time, and the test asks several times. */
#define SILENCE_MAX 300
/* The lines come one by one, so this column cannot wait for the widest. */
#define RESULT_WIDTH 13

static const struct {
  const char *name;
  const char *words;
} steps[] = {
    {"resolve", N_ ("Finding the name")},          {"connect", N_ ("Connecting")},    {"login", N_ ("Logging in to the proxy")},
    {"tunnel", N_ ("Through the proxy by https")}, {"server", N_ ("The OCS server")}, {"fetch", N_ ("A small file")},
    {"again", N_ ("The same once more")},          {"cache", N_ ("The cache")},       {"clock", N_ ("The clock")},
};

static const struct {
  const char *name;
  const char *words;
} results[] = {
    {"ok", N_ ("good")},
    {"warning", N_ ("look at it")},
    {"failed", N_ ("failed")},
    {"skipped", N_ ("not tried")},
};

static const char *
step_words (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (g_strcmp0 (name, steps[i].name) == 0)
      return _ (steps[i].words);
  return name != NULL ? name : "";
}

static const char *
result_words (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    if (g_strcmp0 (name, results[i].name) == 0)
      return _ (results[i].words);
  return name != NULL ? name : "";
}

static void
print_step (JsonObject *step)
{
  const char *detail = ocs_json_string (step, "detail");
  const char *message = ocs_json_string (ocs_json_object (step, "reason"), "message");
  gint64 took = ocs_json_int (step, "milliseconds", 0);
  g_autofree char *words = g_strdup_printf ("%s%s%s", detail != NULL ? detail : "", detail != NULL && message != NULL ? "; " : "",
                                            message != NULL ? message : "");
  g_autofree char *clean = ocs_sheet_clean (words);
  const char *result = result_words (ocs_json_string (step, "result"));
  int padding = MAX (0, RESULT_WIDTH - (int)g_utf8_strlen (result, -1));
  g_autofree char *time = took > 0 ? g_strdup_printf ("%" G_GINT64_FORMAT " ms", took) : g_strdup ("");
  g_autofree char *text = g_strdup_printf ("%s%*s %9s  %s%s%s\n", result, padding, "", time, step_words (ocs_json_string (step, "name")),
                                           *clean != '\0' ? ": " : "", clean);
  ocs_ctl_print (text);
}

/* Of a failure the words that the command ends with. */
static void
note_failure (JsonObject *step, GError **failure)
{
  const char *message = ocs_json_string (ocs_json_object (step, "reason"), "message");
  if (*failure == NULL && g_strcmp0 (ocs_json_string (step, "result"), "failed") == 0)
    /* Its own code would say of the worker what it says of the proxy. */
    g_set_error_literal (failure, OCS_ERROR, OCS_ERROR_FAILED, message != NULL ? message : "the test found something wrong: see above");
}

gboolean
ocs_command_proxy_test (OcsCtl *ctl, char **arguments, GError **error)
{
  g_autoptr (OcsWire) wire = ocs_ctl_stream (ctl, "TestProxy", NULL, SILENCE_MAX, error);
  g_autoptr (GError) failure = NULL;
  g_autoptr (JsonObject) all = json_object_new ();
  JsonArray *told = json_array_new ();
  gboolean continues = wire != NULL;
  json_object_set_array_member (all, "steps", told);
  while (continues) {
    g_autoptr (JsonObject) reply = ocs_wire_receive (wire, &continues, error);
    JsonObject *step = reply != NULL ? ocs_json_object (reply, "step") : NULL;
    if (reply == NULL)
      return FALSE;
    if (step == NULL)
      continue;
    note_failure (step, &failure);
    if (ctl->json)
      json_array_add_object_element (told, json_object_ref (step));
    else
      print_step (step);
  }
  if (wire == NULL)
    return FALSE;
  if (ctl->json)
    ocs_ctl_print_json (all);
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}
