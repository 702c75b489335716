/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/package.h"

#define NOW 1700000000
#define ID "1700000001"

static OcsInfo *
make_info (gboolean done)
{
  g_autoptr (GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GError) error = NULL;
  const char *const pairs[] = {"ID", ID, "PRI", "5", "ACT", "EXECUTE", "COMMAND", "true", "FRAGS", "0", "NOTIFY_USER", "1"};
  OcsInfo *info;

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i += 2)
    g_hash_table_insert (attributes, (gpointer)pairs[i], (gpointer)pairs[i + 1]);
  if (done)
    g_hash_table_insert (attributes, (gpointer) "NEED_DONE_ACTION", (gpointer) "1");
  info = ocs_info_from_attributes (attributes, ID, &error);
  g_assert_no_error (error);
  return info;
}

static gboolean
step (OcsPackage *package, OcsEvent event)
{
  event.now = event.now > 0 ? event.now : NOW;
  return ocs_package_step (package, &event);
}

static OcsPackage *
verified (gint64 schedule, gboolean done)
{
  g_autoptr (OcsInfo) info = make_info (done);
  OcsOffer offer = {.id = (char *)ID, .info_loc = (char *)"h/d", .pack_loc = (char *)"h/d", .schedule = (char *)"", .postcmd = (char *)""};
  OcsPackage *package = ocs_package_new (ID, NOW);

  step (package, (OcsEvent) {.kind = OCS_EVENT_OFFERED, .offer = &offer, .schedule = schedule});
  step (package, (OcsEvent) {.kind = OCS_EVENT_DESCRIBED, .info = info});
  g_assert_cmpint (package->step, ==, OCS_STEP_VERIFIED);
  return package;
}

static void
say (OcsPackage *package, OcsConsentStep consent_step)
{
  OcsConsent consent = package->consent;

  consent.step = consent_step;
  consent.serial = 4;
  step (package, (OcsEvent) {.kind = OCS_EVENT_CONSENT, .consent = &consent});
}

static void
test_not_before_consent (void)
{
  g_autoptr (OcsPackage) package = verified (0, FALSE);

  g_assert_true (ocs_package_is_asking (package, NOW));
  g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_NONE);
  g_assert_false (ocs_package_is_busy (package, NOW));
  g_assert_false (step (package, (OcsEvent) {.kind = OCS_EVENT_RUN}));
  for (guint i = OCS_CONSENT_STANDS; i <= OCS_CONSENT_ABSENT; i++) {
    g_autoptr (OcsPackageStatus) status = NULL;

    say (package, (OcsConsentStep)i);
    g_assert_false (step (package, (OcsEvent) {.kind = OCS_EVENT_RUN}));
    g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_NONE);
    status = ocs_package_status (package);
    g_assert_cmpint (status->step, ==, OCS_STEP_ASKING);
    g_assert_cmpint (status->may_hurry, ==, i != OCS_CONSENT_STANDS);
    /* The time that a package may take does not count while people think. */
    g_assert_false (step (package, (OcsEvent) {.kind = OCS_EVENT_TICK, .timeout = 60, .now = NOW + 86400}));
  }
  say (package, OCS_CONSENT_GIVEN);
  g_assert_false (ocs_package_is_asking (package, NOW));
  g_assert_cmpint (ocs_package_next (package, NOW).kind, ==, OCS_DUTY_RUN);
  g_assert_true (step (package, (OcsEvent) {.kind = OCS_EVENT_RUN}));
  say (package, OCS_CONSENT_REFUSED);
  g_assert_cmpint (package->step, ==, OCS_STEP_RUNNING);
}

static void
test_refused (void)
{
  g_autoptr (OcsPackage) package = verified (0, FALSE);

  say (package, OCS_CONSENT_REFUSED);
  g_assert_cmpint (package->step, ==, OCS_STEP_FINISHED);
  g_assert_cmpstr (package->result, ==, "ERR_ABORTED");
}

static void
test_hour_first (void)
{
  g_autoptr (OcsPackage) package = verified (NOW + 100, FALSE);
  g_autoptr (OcsPackageStatus) status = ocs_package_status (package);

  g_assert_false (ocs_package_is_asking (package, NOW));
  g_assert_cmpint (ocs_package_next (package, NOW).not_before, ==, NOW + 100);
  g_assert_cmpint (status->step, ==, OCS_STEP_SCHEDULED);
  g_assert_cmpint (status->waits_until, ==, NOW + 100);
  g_assert_false (status->may_hurry);
  g_assert_true (ocs_package_is_asking (package, NOW + 100));
}

static void
test_done (void)
{
  g_autoptr (OcsPackage) package = verified (0, TRUE);
  gint64 serial;

  say (package, OCS_CONSENT_GIVEN);
  g_assert_false (step (package, (OcsEvent) {.kind = OCS_EVENT_SEEN}));
  step (package, (OcsEvent) {.kind = OCS_EVENT_RUN});
  step (package, (OcsEvent) {.kind = OCS_EVENT_ENDED, .code = "SUCCESS"});
  serial = package->done_serial;
  g_assert_cmpint (package->done_since, ==, NOW);
  g_assert_cmpint (serial, ==, 5);
  step (package, (OcsEvent) {.kind = OCS_EVENT_ACKNOWLEDGED});
  step (package, (OcsEvent) {.kind = OCS_EVENT_CLEANED});
  g_assert_cmpint (package->step, ==, OCS_STEP_GONE);
  g_assert_true (step (package, (OcsEvent) {.kind = OCS_EVENT_SEEN, .now = NOW + 9}));
  g_assert_cmpint (package->done_at, ==, NOW + 9);
  g_assert_false (step (package, (OcsEvent) {.kind = OCS_EVENT_SEEN}));
}

static void
test_journal (void)
{
  g_autoptr (OcsPackage) package = verified (0, TRUE);
  g_autoptr (OcsPackage) read = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GError) error = NULL;

  package->consent.delays = 3;
  package->done_since = 7;
  package->done_serial = 8;
  say (package, OCS_CONSENT_LATER);
  object = ocs_package_to_json (package);
  read = ocs_package_from_json (object, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->consent.step, ==, OCS_CONSENT_LATER);
  g_assert_cmpint (read->consent.delays, ==, 3);
  g_assert_cmpint (read->done_since, ==, 7);
  g_assert_cmpint (read->done_serial, ==, 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package-asking/not-before-consent", test_not_before_consent);
  g_test_add_func ("/package-asking/refused", test_refused);
  g_test_add_func ("/package-asking/hour-first", test_hour_first);
  g_test_add_func ("/package-asking/done", test_done);
  g_test_add_func ("/package-asking/journal", test_journal);
  return g_test_run ();
}
