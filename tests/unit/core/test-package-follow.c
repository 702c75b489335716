/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Behind a cache that does not say what it holds: who is first fetches, the others follow. */
#include "ipc/error.h"
#include "tests/unit/core/package-made.h"

typedef struct {
  OcsPackage *package;
  gint64 now;
} Case;

static void
step (Case *c, OcsEvent event)
{
  event.now = c->now;
  event.random = 0.5;
  ocs_package_step (c->package, &event);
}

static void
set_up (Case *c, gconstpointer data)
{
  c->now = NOW;
  c->package = make_fetching ("20");
  c->package->parts.seed = 123456789;
  c->package->cached = c->package->deaf = TRUE;
  c->package->may_probe = FALSE;
}

static void
tear_down (Case *c, gconstpointer data)
{
  ocs_package_free (c->package);
}

static OcsDuty
next (Case *c)
{
  return ocs_package_next (c->package, c->now);
}

static void
claim (Case *c, OcsClaim claimed)
{
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_PROBE);
  g_assert_true (next (c).first);
  step (c, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = next (c).fragment, .claim = claimed});
}

static void
come (Case *c, OcsVerdict verdict)
{
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_FETCH);
  step (c, (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .fragment = next (c).fragment, .bytes = 1 << 20, .verdict = verdict});
}

/* Keeps off the line, which --once waits for, and not for ever. */
static void
rests (Case *c)
{
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_NONE);
  g_assert_true (ocs_package_is_busy (c->package, c->now));
  g_assert_cmpint (next (c).not_before, >, c->now);
  g_assert_cmpint (next (c).not_before, <=, c->now + 62);
  c->now = next (c).not_before;
}

/* Also one who is alone: it waits for nobody, whatever crosses the line or comes. */
static void
test_first (Case *c, gconstpointer data)
{
  claim (c, OCS_CLAIM_FIRST);
  g_assert_cmpint (next (c).fragment, ==, 1);
  for (guint i = 0; i < 20; i++)
    come (c, i % 3 == 1 ? OCS_VERDICT_HIT : OCS_VERDICT_MISS);
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_VERIFY);
}

static void
test_late (Case *c, gconstpointer data)
{
  claim (c, OCS_CLAIM_LATE);
  rests (c);
  g_assert_cmpint (next (c).fragment, ==, 1);
  come (c, OCS_VERDICT_HIT);
  rests (c);
  for (guint i = 0; i < 19; i++)
    come (c, OCS_VERDICT_HIT);
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_VERIFY);
}

/* Who was first is slow, or gone: the others wait once more, and then for nobody. */
static void
test_first_is_gone (Case *c, gconstpointer data)
{
  claim (c, OCS_CLAIM_LATE);
  rests (c);
  come (c, OCS_VERDICT_MISS);
  rests (c);
  come (c, OCS_VERDICT_HIT);
  come (c, OCS_VERDICT_MISS);
  rests (c);
  for (guint i = 0; i < 17; i++)
    come (c, OCS_VERDICT_MISS);
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_VERIFY);
}

/* As ever: nothing was learnt. */
static void
test_unknown (Case *c, gconstpointer data)
{
  claim (c, OCS_CLAIM_NONE);
  for (guint i = 0; i < 20; i++)
    come (c, OCS_VERDICT_UNKNOWN);
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_VERIFY);
}

static void
fail (Case *c, OcsError code)
{
  g_autoptr (GError) error = g_error_new (OCS_ERROR, (int)code, "x");

  step (c, (OcsEvent) {.kind = OCS_EVENT_FAILED, .fragment = next (c).fragment, .error = error});
}

/* Somebody reads what all wait for, and does not read on: after the others had their chance it is passed, and so are other fragments of
 * that kind, at once. */
static void
test_silent (Case *c, gconstpointer data)
{
  c->package->deaf = FALSE;
  c->package->probed = TRUE;
  g_assert_false (ocs_package_may_pass (c->package));
  fail (c, OCS_ERROR_TIMED_OUT);
  g_assert_cmpint (next (c).kind, ==, OCS_DUTY_NONE);
  g_assert_cmpint (next (c).not_before, >, c->now + 5);
  c->now = next (c).not_before;
  g_assert_true (ocs_package_is_wary (c->package));
  come (c, OCS_VERDICT_MISS);
  g_assert_true (ocs_package_is_wary (c->package));
  g_assert_true (ocs_package_may_pass (c->package));
  c->package->cached = FALSE;
  g_assert_false (ocs_package_is_wary (c->package));
  g_assert_false (ocs_package_may_pass (c->package));
}

/* Any other failure says nothing of the next fragment. */
static void
test_not_silent (Case *c, gconstpointer data)
{
  c->package->deaf = FALSE;
  c->package->probed = TRUE;
  fail (c, OCS_ERROR_UNREACHABLE);
  g_assert_false (ocs_package_is_wary (c->package));
  g_assert_true (ocs_package_may_pass (c->package));
  c->now = next (c).not_before;
  come (c, OCS_VERDICT_MISS);
  g_assert_false (ocs_package_may_pass (c->package));
}

/* The latencies of the server are kept beside. */
static void
test_latencies (Case *c, gconstpointer data)
{
  claim (c, OCS_CLAIM_LATE);
  rests (c);
  step (c, (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .fragment = 1, .bytes = 1, .verdict = OCS_VERDICT_MISS, .pause = 500});
  g_assert_cmpint (next (c).not_before, >=, c->now + 500);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/package-follow/first", Case, NULL, set_up, test_first, tear_down);
  g_test_add ("/package-follow/late", Case, NULL, set_up, test_late, tear_down);
  g_test_add ("/package-follow/first-is-gone", Case, NULL, set_up, test_first_is_gone, tear_down);
  g_test_add ("/package-follow/unknown", Case, NULL, set_up, test_unknown, tear_down);
  g_test_add ("/package-follow/latencies", Case, NULL, set_up, test_latencies, tear_down);
  g_test_add ("/package-follow/silent", Case, NULL, set_up, test_silent, tear_down);
  g_test_add ("/package-follow/not-silent", Case, NULL, set_up, test_not_silent, tear_down);
  return g_test_run ();
}
