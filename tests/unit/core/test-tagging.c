/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When people are asked for the TAG, what they may answer, and how long the first inventory waits. */
#include "ipc/error.h"
#include "worker/core/tagging.h"
#include <string.h>

static OcsSettings
settings_asking (void)
{
  return (OcsSettings) {.ask_tag = TRUE};
}

static void
test_when (void)
{
  g_autoptr (OcsTagging) tagging = ocs_tagging_new ();
  OcsSettings settings = settings_asking ();

  g_assert_true (ocs_tagging_wants_label (tagging, &settings, NULL));
  g_assert_true (ocs_tagging_wants_label (tagging, &settings, "NA"));
  g_assert_true (ocs_tagging_wants_label (tagging, &settings, "LOST"));
  g_assert_false (ocs_tagging_wants_label (tagging, &settings, "LEIPZIG"));
  settings.no_tag = TRUE;
  g_assert_false (ocs_tagging_wants_label (tagging, &settings, NULL));
  settings = settings_asking ();
  settings.tag = (char *)"SET";
  g_assert_false (ocs_tagging_wants_label (tagging, &settings, NULL));
  settings = (OcsSettings) {.ask_tag = FALSE};
  g_assert_false (ocs_tagging_wants_label (tagging, &settings, NULL));
}

static void
test_question (void)
{
  g_autoptr (OcsTagging) tagging = ocs_tagging_new ();
  OcsSettings settings = settings_asking ();
  g_autoptr (OcsQuestion) question = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (ocs_tagging_ask (tagging, NULL, 1000));
  g_assert_false (ocs_tagging_ask (tagging, " \r\n ", 1000));
  g_assert_null (ocs_tagging_question (tagging, &settings, 1000));
  g_assert_true (ocs_tagging_ask (tagging, " Which site?\n", 1000));
  g_assert_false (ocs_tagging_wants_label (tagging, &settings, NULL)); /* once */
  question = ocs_tagging_question (tagging, &settings, 5000);
  g_assert_cmpstr (question->id, ==, "tag");
  g_assert_cmpstr (question->text, ==, "Which site?");
  g_assert_cmpint (question->settled, ==, OCS_SETTLED_NOT);
  g_assert_true (ocs_tagging_holds (tagging, &settings, 0, 1000 + OCS_TAGGING_HOLD - 1));
  g_assert_false (ocs_tagging_holds (tagging, &settings, 0, 1000 + OCS_TAGGING_HOLD));
  g_assert_false (ocs_tagging_holds (tagging, &settings, 900, 1001)); /* not the first inventory */
  g_assert_false (ocs_tagging_holds (tagging, &settings, 0, 900));    /* the clock was set back */
  g_assert_true (ocs_tagging_answer (tagging, &settings, "  LEIPZIG ", 2000, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ocs_tagging_tag (tagging, &settings), ==, "LEIPZIG");
  g_assert_true (tagging->untold);
  g_assert_false (ocs_tagging_stands (tagging, &settings));
  g_assert_false (ocs_tagging_holds (tagging, &settings, 0, 2000));
  g_clear_pointer (&question, ocs_question_free);
  question = ocs_tagging_question (tagging, &settings, 2059);
  g_assert_cmpint (question->settled, ==, OCS_SETTLED_DONE);
  g_assert_null (ocs_tagging_question (tagging, &settings, 2060));
}

static void
test_never (void)
{
  g_autoptr (OcsTagging) tagging = ocs_tagging_new ();
  OcsSettings settings = settings_asking ();
  g_autoptr (OcsQuestion) question = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ocs_tagging_ask (tagging, "?", 1000));
  g_assert_false (ocs_tagging_withdraw (tagging, "NA"));
  g_assert_false (ocs_tagging_withdraw (tagging, NULL));
  g_assert_true (ocs_tagging_withdraw (tagging, "LEIPZIG")); /* somebody has set it in the console */
  g_assert_false (ocs_tagging_stands (tagging, &settings));
  g_assert_true (ocs_tagging_ask (tagging, "?", 1000));
  g_assert_true (ocs_tagging_answer (tagging, &settings, NULL, 2000, &error));
  g_assert_null (ocs_tagging_tag (tagging, &settings));
  g_assert_false (tagging->untold);
  g_assert_false (ocs_tagging_wants_label (tagging, &settings, NULL));
  question = ocs_tagging_question (tagging, &settings, 2001);
  g_assert_cmpint (question->settled, ==, OCS_SETTLED_CANCELLED);
  g_assert_true (ocs_tagging_answer (tagging, &settings, "AFTER ALL", 3000, &error));
  g_assert_cmpstr (tagging->tag, ==, "AFTER ALL");
}

static void
test_refused (void)
{
  g_autoptr (OcsTagging) tagging = ocs_tagging_new ();
  OcsSettings closed = {0};
  OcsSettings set = {.ask_tag = TRUE, .tag = (char *)"ADMIN"};
  g_autoptr (GError) error = NULL;

  g_assert_false (ocs_tagging_answer (tagging, &closed, "X", 1, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (ocs_tagging_answer (tagging, &set, "X", 1, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_REFUSED);
  g_assert_cmpstr (ocs_tagging_tag (tagging, &set), ==, "ADMIN");
}

static void
test_odd_tags (void)
{
  g_autoptr (OcsTagging) tagging = ocs_tagging_new ();
  OcsSettings settings = settings_asking ();
  g_autofree char *longest = g_strnfill (OCS_TAGGING_TAG_MAX, 'x');
  g_autofree char *longer = g_strnfill (OCS_TAGGING_TAG_MAX + 1, 'x');
  const char *const odd[] = {"", "  ", "two\nlines", "bell\a", longer};

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (ocs_tagging_answer (tagging, &settings, odd[i], 1, &error));
    g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  }
  g_assert_false (tagging->answered);
  g_assert_true (ocs_tagging_answer (tagging, &settings, longest, 1, NULL));
}

static void
test_kept (void)
{
  g_autoptr (OcsTagging) tagging = ocs_tagging_new ();
  g_autoptr (OcsTagging) again = NULL;
  g_autoptr (OcsTagging) nothing = ocs_tagging_from_json (NULL);
  g_autoptr (OcsTagging) odd = NULL;
  g_autoptr (JsonObject) object = NULL;
  OcsSettings settings = settings_asking ();

  g_assert_true (ocs_tagging_ask (tagging, "Site?", 7));
  g_assert_true (ocs_tagging_answer (tagging, &settings, "A", 8, NULL));
  object = ocs_tagging_to_json (tagging);
  again = ocs_tagging_from_json (object);
  g_assert_cmpstr (again->label, ==, "Site?");
  g_assert_cmpstr (again->tag, ==, "A");
  g_assert_true (again->answered && again->untold);
  g_assert_cmpint (again->answered_at, ==, 8);
  g_assert_false (nothing->answered);
  json_object_set_string_member (object, "tag", "a\nb");
  odd = ocs_tagging_from_json (object);
  g_assert_null (odd->tag);
  g_assert_false (odd->untold);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tagging/when", test_when);
  g_test_add_func ("/tagging/question", test_question);
  g_test_add_func ("/tagging/never", test_never);
  g_test_add_func ("/tagging/refused", test_refused);
  g_test_add_func ("/tagging/odd-tags", test_odd_tags);
  g_test_add_func ("/tagging/kept", test_kept);
  return g_test_run ();
}
