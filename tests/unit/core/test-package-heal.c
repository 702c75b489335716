/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the package machine does about wrong and missing bytes. */
#include "tests/unit/core/package-case.h"

static void
fetch_pass (Case *c, gboolean changed)
{
  for (gint64 i = 1; i <= 3; i++) {
    OcsEvent event = make_event (c, OCS_EVENT_FRAGMENT);

    event.fragment = i;
    event.changed = changed;
    ocs_package_step (c->package, &event);
  }
}

static void
test_heals (Case *c, gconstpointer data)
{
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  c->package->cached = TRUE;
  fetch_all (c);
  g_assert_true (feed (c, OCS_EVENT_DIGEST_BAD));
  /* The others get their chance to heal the cache; --once sees it through. */
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_NONE);
  g_assert_true (ocs_package_is_busy (c->package, NOW));
  g_assert_cmpint (ocs_package_next (c->package, NOW + 10).pass, ==, OCS_HEAL_AGAIN);
  g_assert_cmpstr (c->package->reason->code, ==, "digest");
  fetch_pass (c, FALSE);
  g_assert_cmpint (duty (c, NOW + 10), ==, OCS_DUTY_VERIFY);
  g_assert_true (feed (c, OCS_EVENT_DIGEST_BAD));
  g_assert_cmpint (ocs_package_next (c->package, NOW + 10).pass, ==, OCS_HEAL_PAST);
  fetch_pass (c, TRUE);
  g_assert_true (feed (c, OCS_EVENT_VERIFIED));
  g_assert_null (c->package->reason);
  g_assert_cmpint (c->package->heal.pass, ==, OCS_HEAL_NONE);
  g_assert_cmpint (c->package->heal.passed_at, >, 0);
}

static void
test_wrong_at_the_origin (Case *c, gconstpointer data)
{
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  fetch_all (c);
  /* Without a cache nobody is waited for. */
  g_assert_true (feed (c, OCS_EVENT_DIGEST_BAD));
  g_assert_cmpint (ocs_package_next (c->package, NOW).pass, ==, OCS_HEAL_PAST);
  fetch_pass (c, FALSE);
  feed (c, OCS_EVENT_DIGEST_BAD);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_REPORT);
  g_assert_cmpstr (c->package->result, ==, "ERR_BAD_DIGEST");
  g_assert_false (ocs_package_is_success (c->package));
}

static void
test_doubts_the_disk_first (Case *c, gconstpointer data)
{
  g_autoptr (JsonObject) journal = NULL;
  g_autoptr (GError) error = NULL;

  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  fetch_all (c);
  feed (c, OCS_EVENT_VERIFIED);
  journal = ocs_package_to_json (c->package);
  ocs_package_free (c->package);
  c->package = ocs_package_from_json (journal, &error);
  g_assert_no_error (error);
  c->package->cached = TRUE;
  for (gint64 i = 0; i <= 4; i++)
    ocs_parts_mark (&c->package->parts, i, OCS_PART_DISK);
  g_assert_cmpint (c->package->parts.n_have, ==, 3);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_VERIFY);
  feed (c, OCS_EVENT_DIGEST_BAD);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_FETCH);
  g_assert_cmpint (ocs_package_next (c->package, NOW).pass, ==, OCS_HEAL_AGAIN);
}

/* One that is missing on the server stops no other; when only such are left, all waits, longer each time. */
static void
test_missing_fragment (Case *c, gconstpointer data)
{
  g_autoptr (GError) missing = g_error_new_literal (OCS_ERROR, OCS_ERROR_NOT_FOUND, "no such part");
  OcsEvent failed = make_event (c, OCS_EVENT_FAILED);
  g_autoptr (OcsPackageStatus) status = NULL;
  gint64 wait;

  failed.error = missing;
  failed.fragment = 2;
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  ocs_package_step (c->package, &failed);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_FETCH);
  g_assert_cmpint (ocs_package_next (c->package, NOW).fragment, ==, 1);
  feed_fragment (c, 1, OCS_VERDICT_HIT, 0);
  feed_fragment (c, 3, OCS_VERDICT_MISS, 0);
  g_assert_cmpstr (c->package->reason->code, ==, "not-found");
  g_assert_true (g_str_has_prefix (c->package->reason->message, "fragment 2 of 3: "));
  g_assert_cmpint (ocs_package_next (c->package, NOW).fragment, ==, 2);
  ocs_package_step (c->package, &failed);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_NONE);
  wait = ocs_package_next (c->package, NOW).not_before;
  g_assert_cmpint (ocs_package_next (c->package, wait).fragment, ==, 2);
  ocs_package_step (c->package, &failed);
  g_assert_cmpint (ocs_package_next (c->package, NOW).not_before, >, wait);
  status = ocs_package_status (c->package);
  g_assert_cmpstr (status->fragment_map, ==, "c.w");
}

/* Described anew, all is fetched as ever; the cache has been passed all the same. */
static void
test_described_again (Case *c, gconstpointer data)
{
  g_autoptr (GError) untrusted = g_error_new_literal (OCS_ERROR, OCS_ERROR_UNTRUSTED, "a rule");
  OcsEvent held = make_event (c, OCS_EVENT_HELD);

  held.error = untrusted;
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  fetch_all (c);
  feed (c, OCS_EVENT_DIGEST_BAD);
  g_assert_cmpint (ocs_package_next (c->package, NOW).pass, ==, OCS_HEAL_PAST);
  ocs_package_step (c->package, &held);
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_DESCRIBED);
  g_assert_cmpint (duty (c, NOW), ==, OCS_DUTY_FETCH);
  g_assert_cmpint (ocs_package_next (c->package, NOW).pass, ==, OCS_HEAL_NONE);
  g_assert_cmpint (c->package->heal.passed_at, ==, NOW);
}

static void
test_server_asks_for_a_pause (Case *c, gconstpointer data)
{
  ocs_error_set_retry_after (c->error, 7200);
  feed (c, OCS_EVENT_OFFERED);
  feed (c, OCS_EVENT_FAILED);
  g_assert_cmpint (ocs_package_next (c->package, NOW).not_before, ==, NOW + 7200);
}

int
main (int argc, char **argv)
{
  const struct {
    const char *path;
    void (*run) (Case *c, gconstpointer data);
  } cases[] = {
      {"/package-heal/heals", test_heals},
      {"/package-heal/wrong-at-the-origin", test_wrong_at_the_origin},
      {"/package-heal/doubts-the-disk-first", test_doubts_the_disk_first},
      {"/package-heal/missing-fragment", test_missing_fragment},
      {"/package-heal/described-again", test_described_again},
      {"/package-heal/server-asks-for-a-pause", test_server_asks_for_a_pause},
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Case, NULL, set_up, cases[i].run, tear_down);
  return g_test_run ();
}
