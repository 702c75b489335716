/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/heal.h"
#include <string.h>

#define NOW G_GINT64_CONSTANT (1800000000)
#define DAY (24 * 3600)
#define N 5

typedef struct {
  OcsHeal heal;
  OcsParts parts;
  OcsHealFacts facts;
  gint64 not_before;
} Case;

static void
set_up (Case *c, gconstpointer from)
{
  memset (c, 0, sizeof *c);
  ocs_parts_reset (&c->parts, N);
  for (gint64 i = 1; i <= N; i++)
    ocs_parts_mark (&c->parts, i, from != NULL ? (OcsPart)GPOINTER_TO_INT (from) : OCS_PART_CACHE);
  c->facts = (OcsHealFacts) {.cached = TRUE, .bytes = 1000, .now = NOW, .random = 0.5};
}

static void
tear_down (Case *c, gconstpointer from)
{
  ocs_parts_clear (&c->parts);
}

static gboolean
bad (Case *c)
{
  return ocs_heal_begin (&c->heal, &c->parts, &c->facts, &c->not_before);
}

/* Fetches all that is in doubt; changed: what comes is other than before. */
static guint
fetch (Case *c, gboolean changed)
{
  guint n = 0;

  for (gint64 next = ocs_parts_next (&c->parts); next > 0; next = ocs_parts_next (&c->parts), n++) {
    ocs_parts_mark (&c->parts, next, c->heal.pass == OCS_HEAL_AGAIN ? OCS_PART_CACHE : OCS_PART_WAN);
    ocs_heal_note (&c->heal, changed);
  }
  return n;
}

static void
test_in_order (Case *c, gconstpointer data)
{
  c->facts.direct = TRUE;
  g_assert_true (bad (c));
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_AGAIN);
  g_assert_cmpint (c->not_before, >, NOW);
  g_assert_cmpint (c->not_before, <=, NOW + 10);
  g_assert_cmpuint (fetch (c, FALSE), ==, N);
  g_assert_true (bad (c));
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_PAST);
  g_assert_cmpint (c->not_before, ==, 0);
  g_assert_cmpint (c->heal.passed_at, ==, NOW);
  g_assert_cmpuint (fetch (c, FALSE), ==, N);
  g_assert_true (bad (c));
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_QUERY);
  fetch (c, FALSE);
  g_assert_true (bad (c));
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_DIRECT);
  fetch (c, FALSE);
  g_assert_false (bad (c));
}

static void
test_without_a_cache (Case *c, gconstpointer data)
{
  c->facts.cached = FALSE;
  g_assert_true (bad (c));
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_PAST);
  g_assert_cmpint (c->not_before, ==, 0);
  fetch (c, FALSE);
  g_assert_false (bad (c));
}

static void
test_two_that_disagree (Case *c, gconstpointer data)
{
  for (guint i = 0; i < 3; i++) {
    g_assert_true (bad (c));
    fetch (c, TRUE);
  }
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_QUERY);
  /* It came with other bytes each time: nothing is final, tomorrow it begins anew. */
  g_assert_true (bad (c));
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_AGAIN);
  g_assert_cmpint (c->not_before, ==, NOW + DAY);
  c->facts.now = NOW + DAY;
  fetch (c, FALSE);
  g_assert_true (bad (c));
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_PAST);
  g_assert_cmpint (c->not_before, <=, NOW + DAY);
}

static void
test_once_a_day (Case *c, gconstpointer data)
{
  c->heal.passed_at = NOW - 3600;
  c->heal.waited = TRUE;
  g_assert_true (bad (c));
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_PAST);
  g_assert_cmpint (c->not_before, ==, NOW - 3600 + DAY);
  /* A clock that was set back by years does not hold it. */
  ocs_heal_end (&c->heal);
  fetch (c, FALSE);
  c->heal.passed_at = NOW + 365 * DAY;
  c->heal.waited = TRUE;
  g_assert_true (bad (c));
  g_assert_cmpint (c->not_before, ==, 0);
}

static void
test_disk_first (Case *c, gconstpointer data)
{
  ocs_parts_mark (&c->parts, 1, OCS_PART_WAN);
  ocs_parts_mark (&c->parts, 2, OCS_PART_CACHE);
  g_assert_true (bad (c));
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_AGAIN);
  g_assert_cmpint (c->not_before, ==, 0);
  g_assert_cmpint (c->parts.n_doubt, ==, N - 2);
  fetch (c, FALSE);
  g_assert_true (bad (c));
  /* Then what the cache gave, once the others had their chance. */
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_AGAIN);
  g_assert_cmpint (c->not_before, >, NOW);
  g_assert_cmpint (c->parts.n_doubt, ==, N - 1);
}

static void
test_odd_first (Case *c, gconstpointer data)
{
  static const gint64 sizes[N] = {100, 100, 40, 100, 7};
  g_autoptr (GArray) odd = ocs_heal_odd (sizes, N);

  g_assert_cmpuint (odd->len, ==, 1);
  c->facts.odd = odd;
  g_assert_true (bad (c));
  g_assert_cmpint (ocs_parts_next (&c->parts), ==, 3);
  /* As soon as something has changed, the digest is judged. */
  ocs_parts_mark (&c->parts, 3, OCS_PART_CACHE);
  ocs_heal_note (&c->heal, FALSE);
  g_assert_false (ocs_heal_is_due (&c->heal, &c->parts));
  ocs_parts_mark (&c->parts, 4, OCS_PART_CACHE);
  ocs_heal_note (&c->heal, TRUE);
  g_assert_true (ocs_heal_is_due (&c->heal, &c->parts));
  /* Still wrong: the pass goes on with the rest. */
  g_assert_true (bad (c));
  g_assert_false (ocs_heal_is_due (&c->heal, &c->parts));
  g_assert_cmpint (c->parts.n_doubt, ==, N - 2);
  g_assert_cmpint (c->heal.pass, ==, OCS_HEAL_AGAIN);
}

static void
test_odd_sizes (void)
{
  static const gint64 good[] = {10, 10, 10, 3}, last[] = {10, 10, 11}, first[] = {9, 10, 10, 10}, two[] = {5, 6};
  g_autoptr (GArray) none = ocs_heal_odd (good, 4);
  g_autoptr (GArray) larger = ocs_heal_odd (last, 3);
  g_autoptr (GArray) smaller = ocs_heal_odd (first, 4);
  g_autoptr (GArray) pair = ocs_heal_odd (two, 2);
  g_autoptr (GArray) single = ocs_heal_odd (two, 1);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (larger->len, ==, 1);
  g_assert_cmpint (g_array_index (larger, gint64, 0), ==, 3);
  g_assert_cmpint (g_array_index (smaller, gint64, 0), ==, 1);
  g_assert_cmpuint (pair->len, ==, 1);
  g_assert_cmpuint (single->len, ==, 0);
}

static void
test_many_are_judged_seldom (void)
{
  OcsHeal heal = {.pass = OCS_HEAL_PAST};
  OcsParts parts = {0};
  guint judged = 0;

  ocs_parts_reset (&parts, 5000);
  for (gint64 i = 1; i <= 5000; i++)
    ocs_parts_mark (&parts, i, OCS_PART_DISK);
  for (gint64 i = 1; i <= 5000; i++) {
    ocs_heal_note (&heal, TRUE);
    if (ocs_heal_is_due (&heal, &parts)) {
      judged++;
      heal.due = FALSE;
      heal.fetched = 0;
    }
  }
  g_assert_cmpuint (judged, ==, 50);
  ocs_parts_clear (&parts);
}

static void
test_journal (Case *c, gconstpointer data)
{
  g_autoptr (JsonObject) journal = NULL;
  g_autoptr (JsonObject) odd = json_object_new ();
  g_autoptr (GHashTable) done = g_hash_table_new (g_int64_hash, g_int64_equal);
  gint64 two = 2;
  OcsHeal back;

  g_hash_table_add (done, &two);
  g_assert_true (bad (c));
  fetch (c, FALSE);
  g_assert_true (bad (c));
  journal = ocs_heal_to_json (&c->heal);
  ocs_heal_from_json (&back, journal);
  g_assert_cmpint (back.pass, ==, OCS_HEAL_PAST);
  g_assert_cmpint (back.passed_at, ==, NOW);
  g_assert_true (back.waited);
  ocs_parts_reset (&c->parts, N);
  for (gint64 i = 1; i < N; i++)
    ocs_parts_mark (&c->parts, i, OCS_PART_DISK);
  ocs_heal_resume (&back, &c->parts, done);
  g_assert_cmpint (c->parts.n_doubt, ==, N - 2);
  /* What had changed before is not known: the origin is not to blame for that. */
  fetch (c, FALSE);
  g_assert_true (back.changed);
  json_object_set_string_member (odd, "pass", "nonsense");
  ocs_heal_from_json (&back, odd);
  g_assert_cmpint (back.pass, ==, OCS_HEAL_NONE);
  ocs_heal_from_json (&back, NULL);
  g_assert_cmpint (back.passed_at, ==, 0);
}

/* Whatever comes, it ends or goes on with something to do, and the cache is not passed twice a day. */
static void
test_random_rows (Case *c, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (8);
  gint64 last = 0;

  for (guint i = 0; i < 20000; i++) {
    gint64 before = c->heal.passed_at;

    c->facts.now += g_rand_int_range (random, 0, 4000);
    c->facts.random = g_rand_double (random);
    c->facts.cached = TRUE;
    c->facts.direct = g_rand_boolean (random);
    if (!bad (c)) {
      ocs_heal_end (&c->heal);
      continue;
    }
    g_assert_cmpint (c->parts.n_doubt, >, 0);
    c->facts.now = MAX (c->facts.now, c->not_before);
    if (c->heal.passed_at != before) {
      g_assert_cmpint (c->heal.passed_at - last, >=, DAY);
      last = c->heal.passed_at;
    }
    fetch (c, g_rand_int_range (random, 0, 4) == 0);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/heal/in-order", Case, NULL, set_up, test_in_order, tear_down);
  g_test_add ("/heal/without-a-cache", Case, NULL, set_up, test_without_a_cache, tear_down);
  g_test_add ("/heal/two-that-disagree", Case, NULL, set_up, test_two_that_disagree, tear_down);
  g_test_add ("/heal/once-a-day", Case, NULL, set_up, test_once_a_day, tear_down);
  g_test_add ("/heal/disk-first", Case, GINT_TO_POINTER (OCS_PART_DISK), set_up, test_disk_first, tear_down);
  g_test_add ("/heal/odd-first", Case, NULL, set_up, test_odd_first, tear_down);
  g_test_add_func ("/heal/odd-sizes", test_odd_sizes);
  g_test_add_func ("/heal/many-are-judged-seldom", test_many_are_judged_seldom);
  g_test_add ("/heal/journal", Case, NULL, set_up, test_journal, tear_down);
  g_test_add ("/heal/random-rows", Case, NULL, set_up, test_random_rows, tear_down);
  return g_test_run ();
}
