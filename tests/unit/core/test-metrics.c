/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/metrics.h"
#include <string.h>

static OcsStatus *
make_status (void)
{
  OcsStatus *status = ocs_status_new ();
  static const struct {
    OcsStep step;
    const char *result;
  } packages[] = {
      {OCS_STEP_FETCHING, NULL}, {OCS_STEP_GONE, "SUCCESS"}, {OCS_STEP_GONE, "SUCCESS_3"}, {OCS_STEP_REPORTED, "ERR_BAD_DIGEST"}};

  status->state = OCS_STATE_PROBLEM;
  status->reason = ocs_reason_new ("proxy-auth", "the proxy at secret.example wants a login");
  g_free (status->version);
  status->version = g_strdup ("1.2\"3\\");
  status->server = g_strdup ("https://secret.example/ocsinventory");
  status->deviceid = g_strdup ("secret-2026-01-01-00-00-00");
  status->last_contact = 1790000000;
  status->proxy.from_cache = 5368709120;
  status->proxy.from_wan = 7;
  for (guint i = 0; i < G_N_ELEMENTS (packages); i++) {
    OcsPackageStatus *package = ocs_package_status_new ("1600000001");

    package->step = packages[i].step;
    package->result = g_strdup (packages[i].result);
    g_ptr_array_add (status->packages, package);
  }
  return status;
}

static gboolean
has_line (const char *text, const char *line)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  return g_strv_contains ((const char *const *)lines, line);
}

static void
test_figures (void)
{
  g_autoptr (OcsStatus) status = make_status ();
  OcsTally tally = {.contacts = 12, .failures = 3, .inventories = 4};
  g_autofree char *text = ocs_metrics_format (status, &tally);

  g_assert_true (has_line (text, "ocs_companion_state{state=\"problem\"} 1"));
  g_assert_true (has_line (text, "ocs_companion_state{state=\"well\"} 0"));
  g_assert_true (has_line (text, "ocs_companion_problem{code=\"proxy-auth\"} 1"));
  g_assert_true (has_line (text, "ocs_companion_info{version=\"1.2\\\"3\\\\\"} 1"));
  g_assert_true (has_line (text, "ocs_companion_contacts_total 12"));
  g_assert_true (has_line (text, "ocs_companion_contact_failures_total 3"));
  g_assert_true (has_line (text, "ocs_companion_inventories_total 4"));
  g_assert_true (has_line (text, "ocs_companion_last_contact_timestamp_seconds 1790000000"));
  g_assert_true (has_line (text, "ocs_companion_package_bytes_total{source=\"cache\"} 5368709120"));
  g_assert_true (has_line (text, "ocs_companion_packages{step=\"gone\"} 2"));
  g_assert_true (has_line (text, "ocs_companion_packages{step=\"running\"} 0"));
  g_assert_true (has_line (text, "ocs_companion_packages_failed 1"));
}

/* The file is for anybody. */
static void
test_tells_no_more_than_the_state (void)
{
  g_autoptr (OcsStatus) status = make_status ();
  OcsTally tally = {0};
  g_autofree char *text = ocs_metrics_format (status, &tally);

  g_assert_null (strstr (text, "secret"));
  g_assert_null (strstr (text, "1600000001"));
}

static void
test_without_reason (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  OcsTally tally = {0};
  g_autofree char *text = ocs_metrics_format (status, &tally);

  g_assert_true (has_line (text, "ocs_companion_state{state=\"well\"} 1"));
  g_assert_null (strstr (text, "code="));
  g_assert_true (g_str_has_suffix (text, "\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/figures", test_figures);
  g_test_add_func ("/metrics/tells-no-more-than-the-state", test_tells_no_more_than_the_state);
  g_test_add_func ("/metrics/without-reason", test_without_reason);
  return g_test_run ();
}
