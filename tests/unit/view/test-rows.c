/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/rows.h"
#include "tray/view/words.h"
#include <string.h>

#define NOW G_GINT64_CONSTANT (1700000000)

static OcsMenu *
build (const OcsStatus *status, OcsRequestKind kind)
{
  g_autoptr (OcsPolicy) policy = ocs_policy_new ();
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  OcsRequest request = {.kind = kind, .time = NOW};
  return ocs_menu_build (status, &request, policy, NOW, utc);
}

static const OcsRow *
row (const OcsMenu *menu, const char *id)
{
  for (guint i = 0; i < menu->rows->len; i++) {
    const OcsRow *each = g_ptr_array_index (menu->rows, i);
    if (strcmp (each->id, id) == 0)
      return each;
  }
  return NULL;
}

static const char *
label (const OcsMenu *menu, const char *id)
{
  const OcsRow *found = row (menu, id);
  return found ? found->label : NULL;
}

/* state, icon, headline, whether "Send inventory now" can be chosen */
static const struct {
  OcsState state;
  const char *icon;
  const char *headline;
  gboolean sensitive;
} states[] = {
    {OCS_STATE_WELL, "ocs-companion-well-symbolic", "All is well", TRUE},
    {OCS_STATE_WORKING, "ocs-companion-working-symbolic", "Working", TRUE},
    {OCS_STATE_WAITING, "ocs-companion-waiting-symbolic", "Waiting", TRUE},
    {OCS_STATE_NEEDS_YOU, "ocs-companion-needs-you-symbolic", "Your answer is needed", TRUE},
    {OCS_STATE_AWAY, "ocs-companion-away-symbolic", "Away from the server", TRUE},
    {OCS_STATE_PROBLEM, "ocs-companion-problem-symbolic", "There is a problem", TRUE},
    {OCS_STATE_NOT_RUNNING, "ocs-companion-not-running-symbolic", "The worker is not running", FALSE},
};
G_STATIC_ASSERT (G_N_ELEMENTS (states) == OCS_STATE_N);

static void
test_states (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++) {
    g_autoptr (OcsStatus) status = ocs_status_new ();
    status->state = states[i].state;
    g_autoptr (OcsMenu) menu = build (status, OCS_REQUEST_NONE);
    g_autofree char *title = g_strconcat ("OCS Companion: ", states[i].headline, NULL);
    g_assert_cmpstr (menu->icon, ==, states[i].icon);
    g_assert_cmpstr (label (menu, "state"), ==, states[i].headline);
    g_assert_true (g_str_has_prefix (menu->title, title));
    g_assert_cmpstr (menu->description, ==, menu->title);
    g_assert_cmpint (row (menu, "send")->sensitive, ==, states[i].sensitive);
    g_assert_true (row (menu, "deployments")->sensitive);
    g_assert_true (row (menu, "inventory")->sensitive);
    g_assert_true (row (menu, "open")->sensitive);
    g_assert_true (row (menu, "about")->sensitive);
    g_assert_true (row (menu, "quit")->sensitive);
    g_assert_cmpstr (label (menu, "last"), ==, "Last contact: never");
    g_assert_true ((row (menu, "next") != NULL) == (states[i].state != OCS_STATE_NOT_RUNNING));
  }
}

/* State lines are chosen by keyboard and screen reader: they must stay active. */
static void
test_lines (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->state = OCS_STATE_PROBLEM;
  status->reason = ocs_reason_new ("refused", "cache.lan said 403");
  status->insecure = TRUE;
  g_autoptr (OcsMenu) menu = build (status, OCS_REQUEST_STARTED);
  for (guint i = 0; i < menu->rows->len; i++) {
    const OcsRow *each = g_ptr_array_index (menu->rows, i);
    if (each->kind == OCS_ROW_LINE)
      g_assert_true (each->sensitive && each->label && *each->label);
  }
  g_assert_cmpstr (label (menu, "why"), ==, "The server or the proxy said no");
  g_assert_cmpstr (menu->description, ==, "OCS Companion: There is a problem. The server or the proxy said no");
  g_assert_nonnull (row (menu, "insecure"));
  g_assert_cmpstr (label (menu, "result"), ==, "The inventory is on its way…");
}

static void
test_working (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->state = OCS_STATE_WORKING;
  status->job = ocs_job_new (OCS_JOB_DOWNLOADING, "17");
  g_autoptr (OcsMenu) unknown = build (status, OCS_REQUEST_NONE);
  g_assert_cmpstr (label (unknown, "job"), ==, "Downloading package 17…");
  g_assert_cmpstr (unknown->label, ==, "");
  status->job->done = 999;
  status->job->total = 2000;
  g_autoptr (OcsMenu) half = build (status, OCS_REQUEST_NONE);
  g_assert_cmpstr (label (half, "job"), ==, "Downloading package 17: 50 %");
  g_assert_cmpstr (half->label, ==, "50 %");
  status->job->from_cache = 3;
  status->job->from_wan = 1;
  g_autoptr (OcsMenu) source = build (status, OCS_REQUEST_NONE);
  g_assert_cmpstr (label (source, "job"), ==, "Downloading package 17: 50 %, 75 % from the cache");
}

static void
test_times (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->last_success = NOW - 3600;
  status->last_contact = NOW - 3600;
  status->next_contact = NOW + 3 * 3600;
  g_autoptr (OcsMenu) menu = build (status, OCS_REQUEST_NONE);
  g_assert_cmpstr (label (menu, "last"), ==, "Last contact: today 21:13");
  g_assert_cmpstr (label (menu, "next"), ==, "Next contact: in 3 hours");
  g_assert_null (row (menu, "tried"));
  status->last_contact = NOW - 60;
  g_autoptr (OcsMenu) failed = build (status, OCS_REQUEST_NONE);
  g_assert_cmpstr (label (failed, "tried"), ==, "Last try: today 22:12");
}

static void
test_proxy (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (OcsMenu) direct = build (status, OCS_REQUEST_NONE);
  g_assert_cmpstr (label (direct, "proxy"), ==, "No proxy");
  g_assert_null (row (direct, "saved"));
  status->proxy.kind = OCS_PROXY_HTTP;
  status->proxy.host = g_strdup ("cache.lan");
  status->proxy.port = 3128;
  status->proxy.verdict = OCS_VERDICT_HIT;
  status->proxy.from_cache = 1000000;
  g_autoptr (OcsMenu) hit = build (status, OCS_REQUEST_NONE);
  g_assert_cmpstr (label (hit, "proxy"), ==, "Proxy cache.lan:3128: serves from its cache");
  g_assert_nonnull (strstr (label (hit, "saved"), "100 %"));
  status->proxy.reason = ocs_reason_new ("proxy-auth", "407");
  g_autoptr (OcsMenu) refused = build (status, OCS_REQUEST_NONE);
  g_assert_cmpstr (label (refused, "proxy"), ==, "Proxy cache.lan:3128: The proxy wants another login");
}

/* What waits is named from the packages where the worker gives no reason. */
static void
test_why (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  OcsPackageStatus *package = ocs_package_status_new ("42");
  package->step = OCS_STEP_SCHEDULED;
  g_ptr_array_add (status->packages, package);
  status->state = OCS_STATE_WAITING;
  g_autofree char *waits = ocs_menu_why (status);
  g_assert_cmpstr (waits, ==, "Package 42 waits for its time");
  package->step = OCS_STEP_ASKING;
  status->state = OCS_STATE_NEEDS_YOU;
  g_autofree char *asks = ocs_menu_why (status);
  g_assert_cmpstr (asks, ==, "Package 42 waits for your answer");
  status->state = OCS_STATE_NOT_RUNNING;
  g_assert_nonnull (strstr (ocs_menu_advice (status), "systemctl start ocs-worker"));
}

/* Somebody is there and says nothing: to start it again is no advice. */
static void
test_silent (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->state = OCS_STATE_NOT_RUNNING;
  status->reason = ocs_reason_new ("timed-out", "the worker does not answer yet");
  g_autoptr (OcsMenu) menu = build (status, OCS_REQUEST_NONE);
  g_autofree char *why = ocs_menu_why (status);
  g_assert_cmpstr (label (menu, "state"), ==, "The worker does not answer yet");
  g_assert_cmpstr (menu->icon, ==, "ocs-companion-not-running-symbolic");
  g_assert_nonnull (strstr (why, "may be starting"));
  g_assert_null (ocs_menu_advice (status));
  g_assert_false (row (menu, "send")->sensitive);
  status->state = OCS_STATE_PROBLEM;
  g_assert_cmpstr (ocs_words_status (status), ==, "There is a problem");
}

/* A reason of one package names it; a server that has switched the machine off is nothing that anybody here must mend. */
static void
test_waiting (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  status->state = OCS_STATE_WAITING;
  g_autofree char *first = ocs_menu_why (status);
  g_assert_cmpstr (first, ==, "It waits for its first contact with the server");
  status->last_success = NOW;
  g_assert_null (ocs_menu_why (status));
  status->reason = ocs_reason_new ("refused", "the server wants nothing from this machine");
  g_autofree char *off = ocs_menu_why (status);
  g_assert_cmpstr (off, ==, "Your administrator has switched this machine off on the server");
  g_assert_null (ocs_menu_advice (status));
  OcsPackageStatus *package = ocs_package_status_new ("42");
  package->reason = ocs_reason_copy (status->reason);
  g_ptr_array_add (status->packages, package);
  g_autofree char *refused = ocs_menu_why (status);
  g_assert_cmpstr (refused, ==, "Package 42: The server or the proxy said no");
  g_assert_nonnull (ocs_menu_advice (status));
  package->step = OCS_STEP_FINISHED;
  g_autofree char *over = ocs_menu_why (status);
  g_assert_cmpstr (over, ==, "Your administrator has switched this machine off on the server");
  status->state = OCS_STATE_PROBLEM;
  g_autofree char *problem = ocs_menu_why (status);
  g_assert_cmpstr (problem, ==, "The server or the proxy said no");
}

static void
test_asked (void)
{
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (OcsMenu) asked = build (status, OCS_REQUEST_ASKED);
  g_assert_false (row (asked, "send")->sensitive);
}

/* What the administrator has taken away is not there. */
static void
test_policy (void)
{
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (OcsStatus) status = ocs_status_new ();
  g_autoptr (OcsPolicy) policy = ocs_policy_new ();
  OcsRequest request = {.kind = OCS_REQUEST_NONE};
  g_autoptr (OcsMenu) all = ocs_menu_build (status, &request, policy, NOW, utc);

  policy->quit = FALSE;
  policy->show_inventory = FALSE;
  g_autoptr (OcsMenu) less = ocs_menu_build (status, &request, policy, NOW, utc);

  g_assert_nonnull (row (all, "quit"));
  g_assert_nonnull (row (all, "inventory"));
  g_assert_null (row (less, "quit"));
  g_assert_null (row (less, "inventory"));
  g_assert_nonnull (row (less, "about"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rows/states", test_states);
  g_test_add_func ("/rows/policy", test_policy);
  g_test_add_func ("/rows/lines", test_lines);
  g_test_add_func ("/rows/working", test_working);
  g_test_add_func ("/rows/times", test_times);
  g_test_add_func ("/rows/proxy", test_proxy);
  g_test_add_func ("/rows/why", test_why);
  g_test_add_func ("/rows/waiting", test_waiting);
  g_test_add_func ("/rows/silent", test_silent);
  g_test_add_func ("/rows/asked", test_asked);
  return g_test_run ();
}
