/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/parts.h"

static void
assert_sums (const OcsParts *parts)
{
  gint64 here = 0, doubted = 0, aside = 0, coming = 0;

  for (gint64 i = 1; i <= parts->n; i++) {
    OcsPart part = ocs_parts_get (parts, i);
    gboolean is_here = part != OCS_PART_MISSING && part != OCS_PART_ASIDE && part != OCS_PART_COMING;

    doubted += parts->doubt[i - 1] > 0;
    here += is_here && parts->doubt[i - 1] == 0;
    aside += part == OCS_PART_ASIDE;
    coming += part == OCS_PART_COMING;
    g_assert_true (is_here || parts->doubt[i - 1] == 0);
  }
  g_assert_cmpint (parts->n_have, ==, here);
  g_assert_cmpint (parts->n_doubt, ==, doubted);
  g_assert_cmpint (parts->n_aside, ==, aside);
  g_assert_cmpint (parts->n_coming, ==, coming);
}

static void
test_each_once (void)
{
  for (guint32 seed = 0; seed < 40000; seed += 997) {
    OcsParts parts = {.seed = seed};
    gint64 sum = 0;

    ocs_parts_reset (&parts, 30);
    for (guint i = 0; i < 30; i++) {
      gint64 next = ocs_parts_next (&parts);

      g_assert_cmpint (ocs_parts_get (&parts, next), ==, OCS_PART_MISSING);
      ocs_parts_mark (&parts, next, OCS_PART_WAN);
      sum += next;
    }
    g_assert_cmpint (ocs_parts_next (&parts), ==, 0);
    g_assert_cmpint (sum, ==, 30 * 31 / 2);
    g_assert_true (ocs_parts_are_here (&parts));
    ocs_parts_clear (&parts);
  }
}

static void
test_many_are_quick (void)
{
  OcsParts parts = {.seed = 0xabcdef};

  ocs_parts_reset (&parts, 200000);
  for (guint i = 0; i < 200000; i++)
    ocs_parts_mark (&parts, ocs_parts_next (&parts), OCS_PART_CACHE);
  g_assert_cmpint (parts.n_have, ==, 200000);
  ocs_parts_clear (&parts);
}

static void
test_aside_comes_last (void)
{
  OcsParts parts = {0};
  g_autofree char *map = NULL;

  ocs_parts_reset (&parts, 4);
  ocs_parts_set_aside (&parts, 1);
  ocs_parts_set_aside (&parts, 3);
  g_assert_cmpint (ocs_parts_next (&parts), ==, 2);
  ocs_parts_mark (&parts, 2, OCS_PART_CACHE);
  g_assert_cmpint (ocs_parts_next (&parts), ==, 4);
  ocs_parts_mark (&parts, 4, OCS_PART_DISK);
  g_assert_cmpint (ocs_parts_get (&parts, ocs_parts_next (&parts)), ==, OCS_PART_ASIDE);
  map = ocs_parts_dup_map (&parts, 400);
  g_assert_cmpstr (map, ==, ".c.d");
  ocs_parts_take_back (&parts);
  g_assert_cmpint (parts.n_aside, ==, 0);
  /* What is here cannot be set aside. */
  ocs_parts_set_aside (&parts, 2);
  g_assert_cmpint (ocs_parts_get (&parts, 2), ==, OCS_PART_CACHE);
  assert_sums (&parts);
  ocs_parts_clear (&parts);
}

static void
test_doubts_by_urgency (void)
{
  OcsParts parts = {0};

  ocs_parts_reset (&parts, 4);
  ocs_parts_doubt (&parts, 1, 9);
  g_assert_cmpint (parts.n_doubt, ==, 0);
  for (gint64 i = 1; i <= 4; i++)
    ocs_parts_mark (&parts, i, i == 2 ? OCS_PART_WAN : OCS_PART_CACHE);
  ocs_parts_doubt (&parts, 1, 1);
  ocs_parts_doubt (&parts, 4, 2);
  ocs_parts_doubt (&parts, 3, 1);
  g_assert_true (ocs_parts_are_here (&parts));
  g_assert_cmpint (parts.n_have, ==, 1);
  g_assert_cmpint (ocs_parts_next (&parts), ==, 4);
  /* Its bytes go before the new ones come: then it is missing, and first. */
  ocs_parts_lose (&parts, 4);
  g_assert_cmpint (ocs_parts_next (&parts), ==, 4);
  g_assert_false (ocs_parts_are_here (&parts));
  ocs_parts_mark (&parts, 4, OCS_PART_WAN);
  g_assert_cmpint (ocs_parts_next (&parts), ==, 1);
  assert_sums (&parts);
  ocs_parts_clear (&parts);
}

static void
test_random_rows (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  OcsParts parts = {.seed = 77};

  ocs_parts_reset (&parts, 7);
  for (guint i = 0; i < 100000; i++) {
    gint64 which = g_rand_int_range (random, -1, 10);
    static const OcsPart kinds[] = {OCS_PART_CACHE, OCS_PART_WAN, OCS_PART_DISK};

    switch (g_rand_int_range (random, 0, 8)) {
    case 0:
      ocs_parts_mark (&parts, which, kinds[g_rand_int_range (random, 0, 3)]);
      break;
    case 1:
      ocs_parts_lose (&parts, which);
      break;
    case 2:
      ocs_parts_set_aside (&parts, which);
      break;
    case 3:
      ocs_parts_doubt (&parts, which, (guint8)g_rand_int_range (random, 0, 255));
      break;
    case 4:
      ocs_parts_look_elsewhere (&parts);
      break;
    case 5:
      ocs_parts_expect (&parts, which);
      break;
    case 6:
      ocs_parts_give_up (&parts, which);
      break;
    default:
      if (g_rand_boolean (random))
        ocs_parts_take_back (&parts);
    }
    assert_sums (&parts);
    /* What was set aside waits for what is on its way. */
    g_assert_true ((ocs_parts_next (&parts) == 0) == (parts.n_have + parts.n_coming + (parts.n_coming > 0 ? parts.n_aside : 0) == 7));
    g_assert_cmpint (ocs_parts_get (&parts, ocs_parts_next (&parts)), !=, OCS_PART_COMING);
  }
  ocs_parts_clear (&parts);
}

/* Each is next once, whatever else is under way; what did not come is next again. */
static void
test_on_their_way (void)
{
  OcsParts parts = {.seed = 5};
  g_autofree char *map = NULL;

  ocs_parts_reset (&parts, 4);
  for (gint64 i = 0; i < 4; i++)
    ocs_parts_expect (&parts, ocs_parts_next (&parts));
  g_assert_cmpint (parts.n_coming, ==, 4);
  g_assert_cmpint (ocs_parts_next (&parts), ==, 0);
  map = ocs_parts_dup_map (&parts, 400);
  g_assert_cmpstr (map, ==, "....");
  ocs_parts_mark (&parts, 2, OCS_PART_CACHE);
  ocs_parts_give_up (&parts, 2);
  ocs_parts_give_up (&parts, 3);
  g_assert_cmpint (parts.n_have, ==, 1);
  g_assert_cmpint (ocs_parts_next (&parts), ==, 3);
  /* Nobody expects what is here already. */
  ocs_parts_expect (&parts, 2);
  g_assert_cmpint (parts.n_coming, ==, 2);
  ocs_parts_reset (&parts, 4);
  g_assert_cmpint (parts.n_coming, ==, 0);
  ocs_parts_clear (&parts);
}

static void
test_map (void)
{
  OcsParts parts = {0};

  g_assert_null (ocs_parts_dup_map (&parts, 400));
  ocs_parts_reset (&parts, 401);
  g_assert_null (ocs_parts_dup_map (&parts, 400));
  ocs_parts_clear (&parts);
}

/* All but the last of very many: the worker answers nobody while it looks for another. */
static void
test_one_of_many_left (void)
{
  OcsParts parts = {.seed = 4711};
  const gint64 n = 300000;
  gint64 last;

  ocs_parts_reset (&parts, n);
  for (gint64 i = 1; i < n; i++)
    ocs_parts_mark (&parts, i, OCS_PART_CACHE);
  for (guint i = 0; i < 10; i++) {
    last = ocs_parts_next (&parts);
    g_assert_cmpint (last, ==, n);
    ocs_parts_look_elsewhere (&parts);
  }
  ocs_parts_mark (&parts, n, OCS_PART_CACHE);
  ocs_parts_look_elsewhere (&parts);
  g_assert_cmpint (ocs_parts_next (&parts), ==, 0);
  ocs_parts_clear (&parts);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/parts/each-once", test_each_once);
  g_test_add_func ("/parts/many-are-quick", test_many_are_quick);
  g_test_add_func ("/parts/one-of-many-left", test_one_of_many_left);
  g_test_add_func ("/parts/aside-comes-last", test_aside_comes_last);
  g_test_add_func ("/parts/doubts-by-urgency", test_doubts_by_urgency);
  g_test_add_func ("/parts/random-rows", test_random_rows);
  g_test_add_func ("/parts/on-their-way", test_on_their_way);
  g_test_add_func ("/parts/map", test_map);
  return g_test_run ();
}
