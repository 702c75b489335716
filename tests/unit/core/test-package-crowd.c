/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many machines of a site fetch the same package at the same time. */
#include "tests/unit/core/package-made.h"

#define FRAGMENTS 20

typedef struct {
  OcsPackage *package;
} Case;

static gboolean
step (Case *c, OcsEvent event)
{
  event.now = NOW;
  return ocs_package_step (c->package, &event);
}

static void
set_up (Case *c, gconstpointer data)
{
  c->package = make_fetching ("20");
  c->package->probed = TRUE;
}

static void
tear_down (Case *c, gconstpointer data)
{
  ocs_package_free (c->package);
}

static OcsDuty
next (Case *c)
{
  return ocs_package_next (c->package, NOW);
}

static void
come (Case *c, OcsVerdict verdict)
{
  step (c, (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .fragment = next (c).fragment, .bytes = 100, .verdict = verdict});
}

static void
is_asked (Case *c, gboolean found)
{
  OcsDuty duty = next (c);

  g_assert_cmpint (duty.kind, ==, OCS_DUTY_PROBE);
  g_assert_false (duty.first);
  step (c, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = duty.fragment, .found = found});
}

/* What lies in the cache, and what one machine alone brings over the line, is not asked for first. */
static void
test_nobody_else (Case *c, gconstpointer data)
{
  OcsVerdict verdict = GPOINTER_TO_INT (data);

  for (gint64 i = 0; i < FRAGMENTS - 1; i++) {
    come (c, verdict);
    g_assert_cmpint (next (c).kind, ==, OCS_DUTY_FETCH);
  }
}

static void
test_looks_around (Case *c, gconstpointer data)
{
  gint64 asked[3];

  come (c, OCS_VERDICT_SHARED);
  for (guint i = 0; i < G_N_ELEMENTS (asked); i++) {
    asked[i] = next (c).fragment;
    g_assert_cmpint (next (c).last, ==, i == G_N_ELEMENTS (asked) - 1);
    is_asked (c, FALSE);
  }
  g_assert_cmpint (asked[0], !=, asked[1]);
  g_assert_cmpint (asked[1], !=, asked[2]);
  /* The others had their chance to begin with this one. */
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_FETCH);
  g_assert_cmpint (next (c).fragment, ==, asked[2]);
  come (c, OCS_VERDICT_MISS);
  is_asked (c, FALSE);
  is_asked (c, TRUE);
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_FETCH);
}

static void
test_partly_by_others (Case *c, gconstpointer data)
{
  come (c, OCS_VERDICT_MISS);
  come (c, OCS_VERDICT_HIT);
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_PROBE);
}

static void
test_nobody_to_ask (Case *c, gconstpointer data)
{
  come (c, OCS_VERDICT_SHARED);
  c->package->may_probe = FALSE;
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_FETCH);
}

/* The last one of all is the only one to ask for: never without an end. */
static void
test_to_the_end (Case *c, gconstpointer data)
{
  guint asked = 0;

  come (c, OCS_VERDICT_SHARED);
  while (next (c).kind != OCS_DUTY_VERIFY) {
    for (guint i = 0; next (c).kind == OCS_DUTY_PROBE; i++, asked++) {
      g_assert_cmpuint (i, <, 3);
      is_asked (c, FALSE);
    }
    come (c, OCS_VERDICT_MISS);
  }
  g_assert_cmpuint (asked, ==, 3 * (FRAGMENTS - 1));
}

/* What comes for somebody else is not fetched a second time, unless the cache says so for ever. */
static void
test_on_its_way (Case *c, gconstpointer data)
{
  gint64 before = next (c).fragment;
  guint asked = 0;

  c->package->probed = FALSE;
  g_assert_true (next (c).first);
  step (c, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = before, .coming = TRUE});
  g_assert_cmpint (next (c).fragment, !=, before);
  while (next (c).kind == OCS_DUTY_PROBE && asked < 1000) {
    asked++;
    step (c, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = next (c).fragment, .coming = TRUE});
  }
  g_assert_cmpuint (asked, >=, 50);
  g_assert_cmpuint (asked, <, 100);
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_FETCH);
  come (c, OCS_VERDICT_MISS);
  is_asked (c, FALSE);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/package-crowd/all-in-the-cache", Case, GINT_TO_POINTER (OCS_VERDICT_HIT), set_up, test_nobody_else, tear_down);
  g_test_add ("/package-crowd/all-over-the-line", Case, GINT_TO_POINTER (OCS_VERDICT_MISS), set_up, test_nobody_else, tear_down);
  g_test_add ("/package-crowd/looks-around", Case, NULL, set_up, test_looks_around, tear_down);
  g_test_add ("/package-crowd/partly-by-others", Case, NULL, set_up, test_partly_by_others, tear_down);
  g_test_add ("/package-crowd/nobody-to-ask", Case, NULL, set_up, test_nobody_to_ask, tear_down);
  g_test_add ("/package-crowd/to-the-end", Case, NULL, set_up, test_to_the_end, tear_down);
  g_test_add ("/package-crowd/on-its-way", Case, NULL, set_up, test_on_its_way, tear_down);
  return g_test_run ();
}
