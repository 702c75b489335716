/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "tray/view/knobs.h"
#include <string.h>

#define REPLY                                                                                                                              \
  "{\"settings\":["                                                                                                                        \
  "{\"section\":\"HTTP\",\"key\":\"Server\",\"kind\":\"server\",\"set\":true,\"value\":\"http://ocs/\",\"help\":\"Address.\","             \
  "\"source\":\"/etc/x/ocsinventory.ini\"},"                                                                                               \
  "{\"section\":\"HTTP\",\"key\":\"SSL\",\"kind\":\"bool\",\"set\":false,\"fallback\":\"1\",\"help\":\"1 checks.\"},"                      \
  "{\"section\":\"HTTP\",\"key\":\"Pwd\",\"kind\":\"secret\",\"set\":true,\"help\":\"Password.\"},"                                        \
  "{\"section\":\"HTTP\",\"key\":\"ProxyPort\",\"kind\":\"number\",\"set\":true,\"value\":\"80\",\"minimum\":1,\"maximum\":65535,"         \
  "\"help\":\"Port.\",\"source\":\"/etc/x/ocsinventory.d/site.ini\"},"                                                                     \
  "{\"section\":\"OCS Inventory Agent\",\"key\":\"HKCU\",\"kind\":\"ignored\",\"help\":\"Windows only.\"},"                                \
  "{\"section\":\"OCS Companion\",\"key\":\"ProxyAuth\",\"kind\":\"choice\",\"choices\":[\"any\",\"safe\",5],\"help\":\"How.\"},"          \
  "{\"section\":\"OCS Companion\",\"key\":\"New\",\"kind\":\"of-the-future\",\"help\":\"\"}, 7, {\"kind\":\"bool\"}]}"

static GPtrArray *
parse (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) reply = ocs_json_parse (REPLY, strlen (REPLY), &error);

  g_assert_no_error (error);
  return ocs_knobs_parse (reply, "/ocsinventory.ini");
}

static OcsKnob *
named (GPtrArray *knobs, const char *key)
{
  for (guint i = 0; i < knobs->len; i++) {
    OcsKnob *knob = knobs->pdata[i];

    if (g_str_equal (knob->key, key))
      return knob;
  }
  g_assert_not_reached ();
}

static void
test_parse (void)
{
  g_autoptr (GPtrArray) knobs = parse ();

  g_assert_cmpuint (knobs->len, ==, 6);
  g_assert_cmpint (named (knobs, "Server")->kind, ==, OCS_KNOB_TEXT);
  g_assert_null (named (knobs, "Server")->place);
  g_assert_cmpstr (named (knobs, "ProxyPort")->place, ==, "/etc/x/ocsinventory.d/site.ini");
  g_assert_true (ocs_knob_is_on (named (knobs, "SSL")));
  g_assert_cmpuint (g_strv_length (named (knobs, "ProxyAuth")->choices), ==, 2);
  g_assert_cmpint (named (knobs, "New")->kind, ==, OCS_KNOB_TEXT);
  g_assert_cmpstr (ocs_knob_shown (named (knobs, "Pwd")), ==, "");
  g_assert_false (ocs_knobs_can_save (knobs));
}

static void
test_edit (void)
{
  g_autoptr (GPtrArray) knobs = parse ();
  g_autoptr (JsonArray) none = ocs_knobs_assignments (knobs);
  g_autoptr (JsonArray) some = NULL;

  g_assert_cmpuint (json_array_get_length (none), ==, 0);
  ocs_knob_edit (named (knobs, "Server"), "https://ocs/");
  ocs_knob_edit (named (knobs, "SSL"), "0");
  g_assert_true (ocs_knobs_can_save (knobs));
  /* As it was: not changed. */
  ocs_knob_edit (named (knobs, "Server"), "http://ocs/");
  ocs_knob_edit (named (knobs, "SSL"), "1");
  g_assert_false (ocs_knobs_can_save (knobs));
  /* Emptied: taken out, but a secret only looks empty. */
  ocs_knob_edit (named (knobs, "Server"), "");
  ocs_knob_edit (named (knobs, "Pwd"), "");
  ocs_knob_edit (named (knobs, "ProxyAuth"), "safe");
  some = ocs_knobs_assignments (knobs);
  g_assert_cmpuint (json_array_get_length (some), ==, 2);
  g_assert_cmpstr (ocs_json_string (json_array_get_object_element (some, 0), "key"), ==, "[HTTP]Server");
  g_assert_null (ocs_json_string (json_array_get_object_element (some, 0), "value"));
  g_assert_cmpstr (ocs_json_string (json_array_get_object_element (some, 1), "value"), ==, "safe");
}

static void
test_problem (void)
{
  g_autoptr (GPtrArray) knobs = parse ();
  OcsKnob *port = named (knobs, "ProxyPort");
  static const char *const wrong[] = {"0", "65536", "8o", "-1", "99999999999999999999"};

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *problem = NULL;

    ocs_knob_edit (port, wrong[i]);
    problem = ocs_knob_problem (port);
    g_assert_nonnull (strstr (problem, "65535"));
    g_assert_false (ocs_knobs_can_save (knobs));
  }
  ocs_knob_edit (port, "");
  g_assert_null (ocs_knob_problem (port));
  g_assert_true (ocs_knobs_can_save (knobs));
}

static void
test_search (void)
{
  g_autoptr (GPtrArray) knobs = parse ();

  g_assert_true (ocs_knob_matches (named (knobs, "Server"), NULL));
  g_assert_true (ocs_knob_matches (named (knobs, "Server"), "ADDR"));
  g_assert_true (ocs_knob_matches (named (knobs, "ProxyAuth"), "companion"));
  g_assert_false (ocs_knob_matches (named (knobs, "Server"), "proxy"));
}

static void
test_words (void)
{
  static const struct {
    OcsKnobKind kind;
    const char *value, *fallback;
    gboolean is_set, is_hidden;
    const char *words;
  } cases[] = {
      {OCS_KNOB_TEXT, "http://ocs/", NULL, TRUE, FALSE, "http://ocs/"},
      {OCS_KNOB_TEXT, "", NULL, TRUE, TRUE, "is set, but not shown to you"},
      {OCS_KNOB_TEXT, "", "cacert.pem", TRUE, TRUE, "is set, but not shown to you"},
      {OCS_KNOB_TEXT, "", "cacert.pem", FALSE, FALSE, "cacert.pem, as nothing is set"},
      {OCS_KNOB_TEXT, "", "", FALSE, FALSE, "not set"},
      {OCS_KNOB_TEXT, "", NULL, FALSE, FALSE, "not set"},
      {OCS_KNOB_FLAG, "0", "1", TRUE, FALSE, "off (0)"},
      {OCS_KNOB_FLAG, "", "1", FALSE, FALSE, "on (1), as nothing is set"},
      {OCS_KNOB_SECRET, "", NULL, TRUE, TRUE, "is set"},
      {OCS_KNOB_SECRET, "", NULL, TRUE, FALSE, "is set"}, /* an older worker */
      {OCS_KNOB_SECRET, "", NULL, FALSE, FALSE, "not set"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    OcsKnob knob = {.kind = cases[i].kind,
                    .value = (char *)cases[i].value,
                    .fallback = (char *)cases[i].fallback,
                    .is_set = cases[i].is_set,
                    .is_hidden = cases[i].is_hidden};
    g_autofree char *words = ocs_knob_words (&knob);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/knobs/parse", test_parse);
  g_test_add_func ("/knobs/edit", test_edit);
  g_test_add_func ("/knobs/problem", test_problem);
  g_test_add_func ("/knobs/search", test_search);
  g_test_add_func ("/knobs/words", test_words);
  return g_test_run ();
}
