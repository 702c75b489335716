/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/report.h"
#include <string.h>

static void
test_report (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (GPtrArray) contacts = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_outcome_free);
  OcsPackageStatus *package = ocs_package_status_new ("1763733600");
  static const char *const secrets[] = {"ocs.secret.lan", "hidden-proxy", "sh setup.sh", "pa55word", "E: no such file", "warned"};
  status->state = OCS_STATE_PROBLEM;
  status->reason = ocs_reason_new ("proxy-auth", "hidden-proxy wants user:pa55word");
  status->server = g_strdup ("https://user:pa55word@ocs.secret.lan/ocsinventory");
  status->deviceid = g_strdup ("desk-07-2026-01-02-03-04-05");
  status->proxy.host = g_strdup ("hidden-proxy");
  g_strfreev (status->warnings);
  status->warnings = g_strsplit ("warned", "|", -1);
  package->step = OCS_STEP_REPORTED;
  package->result = g_strdup ("EXIT_CODE_3");
  package->command = g_strdup ("sh setup.sh");
  package->output = g_strdup ("E: no such file");
  g_ptr_array_add (status->packages, package);
  for (int i = 0; i < 100; i++)
    g_ptr_array_add (contacts, ocs_outcome_new (0, 1700000000 + i, OCS_OUTCOME_FAILED, status->reason));
  g_autofree char *text = ocs_report_build (status, contacts, "0.2.0", 1700000000);
  g_assert_nonnull (strstr (text, "state: problem, reason proxy-auth\n"));
  g_assert_nonnull (strstr (text, "machine: desk-07-2026-01-02-03-04-05\n"));
  g_assert_nonnull (strstr (text, "now: 2023-11-14T22:13:20Z\n"));
  g_assert_nonnull (strstr (text, "last contact: never\n"));
  g_assert_nonnull (strstr (text, "package 1763733600: reported, result EXIT_CODE_3"));
  g_assert_nonnull (strstr (text, "contact 2023-11-14T22:14:59Z: failed, proxy-auth\n"));
  g_assert_null (strstr (text, "contact 2023-11-14T22:13:20Z"));
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (text, secrets[i]));
}

static void
test_empty (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (GPtrArray) contacts = g_ptr_array_new ();
  g_autofree char *text = ocs_report_build (status, contacts, "0.2.0", 0);
  g_assert_nonnull (strstr (text, "state: well, reason none\n"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/report", test_report);
  g_test_add_func ("/report/empty", test_empty);
  return g_test_run ();
}
