/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the package machine does when somebody who may be lying changes his mind: another offer while it runs, a rule of trust at any time.
 */
#include "ipc/error.h"
#include "worker/core/package.h"

#define NOW G_GINT64_CONSTANT (1800000000)

static OcsOffer *
make_offer (const char *postcmd)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  OcsOffer *offer;

  g_hash_table_insert (attributes, (gpointer) "ID", (gpointer) "17");
  g_hash_table_insert (attributes, (gpointer) "INFO_LOC", (gpointer) "ocs/download");
  g_hash_table_insert (attributes, (gpointer) "PACK_LOC", (gpointer) "ocs/download");
  g_hash_table_insert (attributes, (gpointer) "POSTCMD", (gpointer)postcmd);
  offer = ocs_offer_from_attributes (attributes, &error);
  g_assert_no_error (error);
  return offer;
}

static OcsInfo *
make_info (void)
{
  static const char *const pairs[][2] = {
      {"ID", "17"},           {"PRI", "5"},
      {"ACT", "EXECUTE"},     {"DIGEST", "00000000000000000000000000000000"},
      {"DIGEST_ALGO", "MD5"}, {"DIGEST_ENCODE", "Hexa"},
      {"PROTO", "HTTP"},      {"FRAGS", "2"},
      {"COMMAND", "true"},
  };
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  OcsInfo *info;

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    g_hash_table_insert (attributes, (gpointer)pairs[i][0], (gpointer)pairs[i][1]);
  info = ocs_info_from_attributes (attributes, "17", &error);
  g_assert_no_error (error);
  return info;
}

static void
feed (OcsPackage *package, OcsEvent event)
{
  event.now = NOW;
  event.random = 0.5;
  ocs_package_step (package, &event);
}

/* A package that has come as far as step. */
static OcsPackage *
package_at (OcsStep step)
{
  OcsPackage *package = ocs_package_new ("17", NOW);
  g_autoptr (OcsOffer) offer = make_offer ("");
  g_autoptr (OcsInfo) info = make_info ();

  feed (package, (OcsEvent) {.kind = OCS_EVENT_OFFERED, .offer = offer});
  if (step > OCS_STEP_OFFERED)
    feed (package, (OcsEvent) {.kind = OCS_EVENT_DESCRIBED, .info = info});
  if (step > OCS_STEP_FETCHING) {
    feed (package, (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .fragment = 1});
    feed (package, (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .fragment = 2});
    feed (package, (OcsEvent) {.kind = OCS_EVENT_VERIFIED});
  }
  if (step > OCS_STEP_VERIFIED)
    feed (package, (OcsEvent) {.kind = OCS_EVENT_RUN});
  if (step > OCS_STEP_RUNNING)
    feed (package, (OcsEvent) {.kind = OCS_EVENT_ENDED, .code = "SUCCESS"});
  g_assert_cmpint (package->step, ==, step);
  return package;
}

/* Over http anybody on the way may name another POSTCMD: the one that was judged before the run is the one that is done. */
static void
test_keeps_the_offer_it_began_with (void)
{
  g_autoptr (OcsOffer) other = make_offer ("touch /root/stolen");

  for (OcsStep step = OCS_STEP_RUNNING; step <= OCS_STEP_FINISHED; step++) {
    g_autoptr (OcsPackage) package = package_at (step);

    feed (package, (OcsEvent) {.kind = OCS_EVENT_OFFERED, .offer = other});
    g_assert_cmpint (package->step, ==, step);
    g_assert_cmpstr (package->offer->postcmd, ==, "");
    if (step == OCS_STEP_RUNNING)
      feed (package, (OcsEvent) {.kind = OCS_EVENT_ENDED, .code = "SUCCESS"});
    feed (package, (OcsEvent) {.kind = OCS_EVENT_ACKNOWLEDGED});
    g_assert_false (package->post_due);
    feed (package, (OcsEvent) {.kind = OCS_EVENT_OFFERED, .offer = other});
    g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_CLEAN);
    feed (package, (OcsEvent) {.kind = OCS_EVENT_CLEANED});
    /* A new offer is judged anew by whoever gives it to us. */
    feed (package, (OcsEvent) {.kind = OCS_EVENT_OFFERED, .offer = other});
    g_assert_cmpstr (package->offer->postcmd, ==, "touch /root/stolen");
  }
}

/* Before it runs it takes the newest offer, which its owner judges. */
static void
test_takes_a_new_offer_before (void)
{
  static const OcsStep steps[] = {OCS_STEP_OFFERED, OCS_STEP_FETCHING, OCS_STEP_VERIFIED};
  g_autoptr (OcsOffer) other = make_offer ("REBOOT");

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (OcsPackage) package = package_at (steps[i]);

    feed (package, (OcsEvent) {.kind = OCS_EVENT_OFFERED, .offer = other});
    g_assert_cmpint (package->step, ==, steps[i]);
    g_assert_cmpstr (package->offer->postcmd, ==, "REBOOT");
  }
}

static void
test_untrusted_is_described_again (void)
{
  static const OcsStep steps[] = {OCS_STEP_OFFERED, OCS_STEP_FETCHING, OCS_STEP_VERIFIED};
  g_autoptr (GError) untrusted = g_error_new_literal (OCS_ERROR, OCS_ERROR_UNTRUSTED, "no");
  g_autoptr (OcsOffer) offer = make_offer ("");

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++) {
    g_autoptr (OcsPackage) package = package_at (steps[i]);

    feed (package, (OcsEvent) {.kind = OCS_EVENT_HELD, .error = untrusted});
    g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_NONE);
    g_assert_cmpstr (package->reason->code, ==, "untrusted");
    g_assert_null (package->info);
    g_assert_cmpint (package->parts.n_have, ==, 0);
    /* Its time does not run out: a final error would end the server's offer. */
    feed (package, (OcsEvent) {.kind = OCS_EVENT_TICK, .timeout = -1});
    package->since = NOW - 1000000;
    feed (package, (OcsEvent) {.kind = OCS_EVENT_TICK, .timeout = 1});
    g_assert_null (package->result);
    feed (package, (OcsEvent) {.kind = OCS_EVENT_OFFERED, .offer = offer});
    g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_DESCRIBE);
    g_assert_null (package->reason);
  }
}

/* What runs goes on: it cannot be undone by half. */
static void
test_held_too_late (void)
{
  g_autoptr (GError) untrusted = g_error_new_literal (OCS_ERROR, OCS_ERROR_UNTRUSTED, "no");

  for (OcsStep step = OCS_STEP_RUNNING; step <= OCS_STEP_FINISHED; step++) {
    g_autoptr (OcsPackage) package = package_at (step);

    feed (package, (OcsEvent) {.kind = OCS_EVENT_HELD, .error = untrusted});
    g_assert_cmpint (package->step, ==, step);
    g_assert_nonnull (package->info);
  }
}

/* ocs-run found other bytes than were verified: they are looked at again, the disk before the cache, and not in a loop. */
static void
test_spoilt (void)
{
  g_autoptr (OcsPackage) package = package_at (OCS_STEP_RUNNING);
  g_autoptr (OcsPackage) early = package_at (OCS_STEP_VERIFIED);
  g_autoptr (OcsPackage) late = package_at (OCS_STEP_FINISHED);

  feed (package, (OcsEvent) {.kind = OCS_EVENT_SPOILT});
  g_assert_cmpint (package->step, ==, OCS_STEP_FETCHING);
  g_assert_cmpstr (package->reason->code, ==, "digest");
  g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_NONE);
  g_assert_cmpint (ocs_package_next (package, NOW + 60).kind, ==, OCS_DUTY_FETCH);
  feed (early, (OcsEvent) {.kind = OCS_EVENT_SPOILT});
  g_assert_cmpint (early->step, ==, OCS_STEP_VERIFIED);
  feed (late, (OcsEvent) {.kind = OCS_EVENT_SPOILT});
  g_assert_cmpint (late->step, ==, OCS_STEP_FINISHED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package-trust/keeps-the-offer-it-began-with", test_keeps_the_offer_it_began_with);
  g_test_add_func ("/package-trust/takes-a-new-offer-before", test_takes_a_new_offer_before);
  g_test_add_func ("/package-trust/untrusted-is-described-again", test_untrusted_is_described_again);
  g_test_add_func ("/package-trust/held-too-late", test_held_too_late);
  g_test_add_func ("/package-trust/spoilt", test_spoilt);
  return g_test_run ();
}
