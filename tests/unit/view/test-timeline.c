/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/timeline.h"

#define NOW G_GINT64_CONSTANT (1700000000) /* a Tuesday, 22:13:20 UTC */
#define DAY (24 * 60 * 60)

static OcsTimeline *
build (const GPtrArray *contacts)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  return ocs_timeline_build (contacts, NOW, utc);
}

static void
add (GPtrArray *contacts, gint64 time, OcsOutcomeKind kind, const char *code)
{
  g_autoptr (OcsReason) reason = code ? ocs_reason_new (code, "words") : NULL;
  g_ptr_array_add (contacts, ocs_outcome_new (0, time, kind, reason));
}

static void
test_shapes (void)
{
  static const struct {
    OcsOutcomeKind kind;
    const char *code;
    OcsMarkShape shape;
  } cases[] = {
      {OCS_OUTCOME_SENT, NULL, OCS_MARK_DISC},
      {OCS_OUTCOME_CONTACTED, NULL, OCS_MARK_RING},
      {OCS_OUTCOME_SWITCHED_OFF, NULL, OCS_MARK_RING},
      {OCS_OUTCOME_QUEUED, "unreachable", OCS_MARK_DASH},
      {OCS_OUTCOME_FAILED, "unreachable", OCS_MARK_DASH},
      {OCS_OUTCOME_FAILED, "tls", OCS_MARK_CROSS},
      {OCS_OUTCOME_FAILED, NULL, OCS_MARK_CROSS},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) contacts = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_outcome_free);
    add (contacts, NOW - 60, cases[i].kind, cases[i].code);
    g_autoptr (OcsTimeline) timeline = build (contacts);
    const OcsMark *mark = timeline->marks->pdata[0];
    g_assert_cmpint (mark->shape, ==, cases[i].shape);
    g_assert_true (g_str_has_prefix (mark->words, "today 22:12: "));
  }
}

static void
test_places (void)
{
  g_autoptr (GPtrArray) contacts = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_outcome_free);
  add (contacts, 0, OCS_OUTCOME_SENT, NULL);
  add (contacts, NOW - 30 * DAY, OCS_OUTCOME_SENT, NULL);
  add (contacts, NOW - 7 * DAY / 2, OCS_OUTCOME_SENT, NULL);
  add (contacts, NOW, OCS_OUTCOME_FAILED, "tls");
  add (contacts, NOW + DAY, OCS_OUTCOME_SENT, NULL);
  g_autoptr (OcsTimeline) timeline = build (contacts);
  const OcsMark *middle = timeline->marks->pdata[0];
  const OcsMark *last = timeline->marks->pdata[1];
  g_assert_cmpuint (timeline->marks->len, ==, 2);
  g_assert_cmpfloat_with_epsilon (middle->place, 0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (last->place, 1, 1e-9);
  g_assert_cmpstr (timeline->words, ==, "2 contacts in the last 7 days, 1 failed");
  g_assert_cmpuint (timeline->days->len, ==, 7);
  const OcsTimelineDay *today = timeline->days->pdata[6];
  g_assert_cmpstr (today->name, ==, "Tue");
}

static void
test_none (void)
{
  g_autoptr (GPtrArray) contacts = g_ptr_array_new ();
  g_autoptr (OcsTimeline) timeline = build (contacts);
  g_assert_cmpuint (timeline->marks->len, ==, 0);
  g_assert_cmpstr (timeline->words, ==, "No contact in the last 7 days");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timeline/shapes", test_shapes);
  g_test_add_func ("/timeline/places", test_places);
  g_test_add_func ("/timeline/none", test_none);
  return g_test_run ();
}
