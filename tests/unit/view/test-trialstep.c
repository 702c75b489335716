/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "tray/view/trialstep.h"
#include <string.h>

static const struct {
  const char *text;
  const char *name;
  const char *words;
  gboolean bad;
} steps[] = {
    {"{\"step\":{\"name\":\"connect\",\"result\":\"ok\",\"milliseconds\":12}}", "Open a connection", "All right (12 ms)", FALSE},
    {"{\"step\":{\"name\":\"login\",\"result\":\"skipped\"}}", "Log in to the proxy", "Not needed", FALSE},
    {"{\"step\":{\"name\":\"cache\",\"result\":\"warning\",\"detail\":\"too large for this proxy\"}}", "The proxy keeps packages",
     "Could be better\nToo large for this proxy", TRUE},
    {"{\"step\":{\"name\":\"clock\",\"result\":\"failed\",\"reason\":{\"code\":\"failed\",\"message\":\"it is wrong by 3 days\"}}}",
     "The clock of this machine", "Failed\nIt is wrong by 3 days", TRUE},
    {"{\"step\":{\"name\":\"server\",\"result\":\"failed\"}}", "The server answers", "Failed", TRUE},
    {"{\"step\":{\"name\":\"warp\",\"result\":\"odd\",\"milliseconds\":\"x\",\"reason\":7}}", "warp", "odd", FALSE},
};

static void
test_steps (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (JsonObject) reply = ocs_json_parse (steps[i].text, strlen (steps[i].text), NULL);
    g_autoptr (OcsTrialStep) step = ocs_trial_step_from_json (reply);
    g_assert_cmpstr (step->name, ==, steps[i].name);
    g_assert_cmpstr (step->words, ==, steps[i].words);
    g_assert_cmpint (step->bad, ==, steps[i].bad);
    g_assert_nonnull (step->icon);
    /* For the head of the list: all but the result, behind the name. */
    if (step->bad) {
      const char *rest = strchr (step->words, '\n');
      g_autofree char *why = g_strdup_printf ("%s%s%s", step->name, rest != NULL ? ": " : "", rest != NULL ? rest + 1 : "");
      g_assert_cmpstr (step->why, ==, why);
    } else {
      g_assert_null (step->why);
    }
  }
}

static void
test_no_step (void)
{
  static const char *const texts[] = {"{}", "{\"step\":null}", "{\"step\":{\"name\":\"connect\"}}", "{\"step\":{\"result\":\"ok\"}}",
                                      "{\"step\":[]}"};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (JsonObject) reply = ocs_json_parse (texts[i], strlen (texts[i]), NULL);
    g_assert_null (ocs_trial_step_from_json (reply));
  }
  g_autofree char *none = ocs_trial_step_summary (0, 0);
  g_autofree char *good = ocs_trial_step_summary (5, 0);
  g_autofree char *bad = ocs_trial_step_summary (5, 1);
  g_assert_cmpstr (none, ==, "Nothing was tried");
  g_assert_cmpstr (good, ==, "The way to the server and its cache work");
  g_assert_cmpstr (bad, ==, "1 step was not all right");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trial-step/words", test_steps);
  g_test_add_func ("/trial-step/none", test_no_step);
  return g_test_run ();
}
