/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/page.h"
#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000)

static OcsPage *
build (const OcsStatus *status)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  OcsRequest request = {0};
  return ocs_page_build (status, &request, NOW, utc);
}

static void
test_well (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->server = g_strdup ("https://ocs.lan/ocsinventory");
  status->last_success = status->last_contact = NOW - 60;
  status->next_contact = NOW + 7200;
  g_autoptr (OcsPage) page = build (status);
  g_assert_cmpstr (page->icon, ==, "ocs-companion-well");
  g_assert_cmpstr (page->headline, ==, "All is well");
  g_assert_null (page->why);
  g_assert_null (page->advice);
  g_assert_null (page->warning);
  g_assert_null (page->job);
  g_assert_cmpfloat (page->fraction, <, 0);
  g_assert_cmpstr (page->last, ==, "today 22:12");
  g_assert_cmpstr (page->next, ==, "in 2 hours");
  g_assert_cmpstr (page->inventory, ==, "never");
  g_assert_cmpstr (page->server, ==, "https://ocs.lan/ocsinventory");
  g_assert_cmpstr (page->proxy, ==, "No proxy");
  g_assert_null (page->result);
  g_assert_cmpstr (page->more, ==, "No deployments are known");
  g_assert_true (page->can_send);
}

static void
test_problem (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->state = OCS_STATE_PROBLEM;
  status->reason = ocs_reason_new ("tls", "ocs.lan: unknown CA: set CaBundle");
  status->last_contact = NOW;
  status->last_success = NOW - 86400;
  status->insecure = TRUE;
  g_strfreev (status->warnings);
  status->warnings = g_strsplit ("line 7: unknown key Servre|AuthRequired=1 without a user means off", "|", -1);
  g_autoptr (OcsPage) page = build (status);
  g_assert_cmpstr (page->why, ==, "The server's certificate is not accepted");
  g_assert_nonnull (page->advice);
  g_assert_cmpstr (page->detail, ==, "ocs.lan: unknown CA: set CaBundle");
  g_assert_cmpstr (page->last, ==, "yesterday 22:13 (last try: today 22:13)");
  g_assert_nonnull (strstr (page->warning, "pretend to be it.\nLine 7: unknown key Servre\nAuthRequired"));
}

static void
test_job (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->state = OCS_STATE_WORKING;
  status->job = ocs_job_new (OCS_JOB_DOWNLOADING, "9");
  status->job->done = 25;
  status->job->total = 100;
  g_autoptr (OcsPage) page = build (status);
  g_assert_cmpfloat_with_epsilon (page->fraction, 0.25, 1e-9);
  g_assert_cmpstr (page->job, ==, "Downloading package 9");
  g_assert_cmpstr (page->figures, ==, "25 %");
  status->job->total = 0;
  g_autoptr (OcsPage) unknown = build (status);
  g_assert_cmpfloat (unknown->fraction, <, 0);
  g_assert_nonnull (unknown->job);
}

/* Beside the caption "Proxy"; the host may be hidden from the reader. */
static void
test_proxy (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->proxy.kind = OCS_PROXY_HTTP;
  status->proxy.verdict = OCS_VERDICT_HIT;
  g_autoptr (OcsPage) hidden = build (status);
  g_assert_cmpstr (hidden->proxy, ==, "Serves from its cache");
  status->proxy.host = g_strdup ("fd00::1");
  status->proxy.port = 3128;
  g_autoptr (OcsPage) named = build (status);
  g_assert_cmpstr (named->proxy, ==, "[fd00::1]:3128: serves from its cache");
  status->proxy.reason = ocs_reason_new ("proxy-unreachable", "no route");
  g_autoptr (OcsPage) down = build (status);
  g_assert_cmpstr (down->proxy, ==, "[fd00::1]:3128: There is no way to the proxy from here");
}

/* A job that a dead worker left in the newest status must not look as if it ran. */
static void
test_not_running (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->state = OCS_STATE_NOT_RUNNING;
  status->job = ocs_job_new (OCS_JOB_RUNNING, "9");
  g_autoptr (OcsPage) page = build (status);
  g_assert_null (page->job);
  g_assert_false (page->can_send);
  g_assert_nonnull (page->advice);
}

static void
test_many (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  for (int i = 0; i < 10000; i++) {
    g_autofree char *id = g_strdup_printf ("%d", i);
    g_ptr_array_add (status->packages, ocs_package_status_new (id));
  }
  g_autoptr (OcsPage) page = build (status);
  g_assert_cmpuint (page->items->len, ==, OCS_PAGE_PACKAGES_MAX);
  g_assert_cmpstr (page->more, ==, "and 9800 more");
  const OcsPageItem *first = g_ptr_array_index (page->items, 0);
  g_assert_cmpstr (first->name, ==, "Package 0");
  g_assert_cmpstr (first->step, ==, "Offered");
  g_assert_cmpstr (first->words, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page/well", test_well);
  g_test_add_func ("/page/problem", test_problem);
  g_test_add_func ("/page/job", test_job);
  g_test_add_func ("/page/proxy", test_proxy);
  g_test_add_func ("/page/not-running", test_not_running);
  g_test_add_func ("/page/many", test_many);
  return g_test_run ();
}
