/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "worker/core/pages.h"

#define NOW G_GINT64_CONSTANT (1800000000)
#define DAY (24 * 3600)

static void
test_each_once_a_day (void)
{
  OcsPages pages = {0};

  g_assert_true (ocs_pages_may_pass (&pages, 3, 0, NOW));
  ocs_pages_note (&pages, 3, NOW);
  g_assert_false (ocs_pages_may_pass (&pages, 3, 0, NOW));
  g_assert_false (ocs_pages_may_pass (&pages, 3, 0, NOW + DAY - 1));
  g_assert_true (ocs_pages_may_pass (&pages, 4, 0, NOW + DAY - 1));
  ocs_pages_note (&pages, 4, NOW + DAY - 1);
  g_assert_true (ocs_pages_may_pass (&pages, 3, 0, NOW + DAY));
  ocs_pages_note (&pages, 3, NOW + DAY);
  g_assert_false (ocs_pages_may_pass (&pages, 3, 0, NOW + DAY + 1));
  g_assert_true (ocs_pages_may_pass (&pages, 4, 0, NOW + DAY + 1));
  ocs_pages_clear (&pages);
}

static void
test_healing_was_its_try (void)
{
  const OcsPages pages = {0};

  g_assert_false (ocs_pages_may_pass (&pages, 1, NOW - 10, NOW));
  g_assert_true (ocs_pages_may_pass (&pages, 1, NOW - DAY, NOW));
}

static void
test_clock_set_back (void)
{
  OcsPages pages = {0};

  ocs_pages_note (&pages, 1, NOW + 30 * DAY);
  g_assert_true (ocs_pages_may_pass (&pages, 1, NOW + 30 * DAY, NOW));
  ocs_pages_note (&pages, 1, NOW);
  g_assert_cmpint (pages.began, ==, NOW);
  g_assert_false (ocs_pages_may_pass (&pages, 1, 0, NOW));
  ocs_pages_clear (&pages);
}

static void
test_not_without_end (void)
{
  OcsPages pages = {0};

  for (gint64 i = 1; i <= 2 * OCS_PAGES_MAX; i++)
    ocs_pages_note (&pages, i, NOW);
  g_assert_cmpuint (pages.fragments->len, ==, OCS_PAGES_MAX);
  g_assert_false (ocs_pages_may_pass (&pages, 5000, 0, NOW));
  g_assert_true (ocs_pages_may_pass (&pages, 5000, 0, NOW + DAY));
  ocs_pages_clear (&pages);
}

static void
test_kept (void)
{
  OcsPages pages = {0}, again = {0};
  g_autoptr (JsonObject) object = NULL;

  g_assert_null (ocs_pages_to_json (&pages));
  ocs_pages_note (&pages, 7, NOW);
  ocs_pages_note (&pages, 9, NOW + 5);
  object = ocs_pages_to_json (&pages);
  ocs_pages_from_json (&again, object);
  g_assert_cmpint (again.began, ==, NOW);
  g_assert_false (ocs_pages_may_pass (&again, 7, 0, NOW + 10));
  g_assert_false (ocs_pages_may_pass (&again, 9, 0, NOW + 10));
  g_assert_true (ocs_pages_may_pass (&again, 8, 0, NOW + 10));
  ocs_pages_clear (&pages);
  ocs_pages_clear (&again);
}

static void
test_odd_journals (void)
{
  static const char *const odd[] = {"{}",
                                    "{\"began\": 5}",
                                    "{\"began\": -5, \"fragments\": [1]}",
                                    "{\"began\": \"x\", \"fragments\": [1]}",
                                    "{\"began\": 5, \"fragments\": 7}",
                                    "{\"began\": 5, \"fragments\": [[], {}, null]}"};

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++) {
    g_autoptr (JsonNode) node = json_from_string (odd[i], NULL);
    OcsPages pages = {0};

    ocs_pages_from_json (&pages, json_node_get_object (node));
    g_assert_true (ocs_pages_may_pass (&pages, 1, 0, NOW));
    g_assert_null (ocs_pages_to_json (&pages));
    ocs_pages_clear (&pages);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pages/each-once-a-day", test_each_once_a_day);
  g_test_add_func ("/pages/healing-was-its-try", test_healing_was_its_try);
  g_test_add_func ("/pages/clock-set-back", test_clock_set_back);
  g_test_add_func ("/pages/not-without-end", test_not_without_end);
  g_test_add_func ("/pages/kept", test_kept);
  g_test_add_func ("/pages/odd-journals", test_odd_journals);
  return g_test_run ();
}
