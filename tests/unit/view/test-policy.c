/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "tray/view/policy.h"
#include <string.h>

static OcsPolicy *
load (const char *text)
{
  g_autoptr (JsonObject) reply = ocs_json_parse (text, strlen (text), NULL);
  return ocs_policy_from_json (reply);
}

static void
test_defaults (void)
{
  static const char *const replies[] = {"{}", "{\"show\":\"\",\"support_text\":\"\"}", "{\"show\":7,\"quit\":\"no\",\"logo\":[]}"};
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++) {
    g_autoptr (OcsPolicy) policy = load (replies[i]);
    g_assert_cmpstr (policy->show, ==, "seat");
    g_assert_true (policy->quit && policy->show_inventory);
    g_assert_null (policy->support_text);
    g_assert_null (policy->logo);
    g_assert_null (ocs_policy_support (policy, "host", "tag"));
    g_assert_null (ocs_policy_link (policy, "host", "tag"));
  }
}

static void
test_support (void)
{
  static const struct {
    const char *text;
    const char *tag;
    const char *words;
  } cases[] = {
      {"Call 4711", NULL, "Call 4711"},
      {"%h of %t%nroom 2", "paris", "desk-07 of paris\nroom 2"},
      {"%t|", NULL, "|"},
      {"100 %% of 5% and %x and %", "t", "100 % of 5% and %x and %"},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsPolicy) policy = ocs_policy_new ();
    policy->support_text = g_strdup (cases[i].text);
    g_autofree char *words = ocs_policy_support (policy, "desk-07", cases[i].tag);
    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

/* What a tag holds must not become another part of the address, and nothing but an address is ever opened. */
static void
test_link (void)
{
  static const struct {
    const char *url;
    const char *link;
  } cases[] = {
      {"https://help.lan/?h=%h&t=%t", "https://help.lan/?h=desk%2007&t=a%26b%3D1"},
      {"HTTP://help.lan/", "HTTP://help.lan/"},
      {"mailto:help@lan?subject=%h", "mailto:help@lan?subject=desk%2007"},
      {"tel:+49123", "tel:+49123"},
      {"file:///etc/passwd", NULL},
      {"javascript:alert(1)", NULL},
      {"/bin/sh", NULL},
      {"help.lan", NULL},
      {"%h://x", NULL},
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsPolicy) policy = ocs_policy_new ();
    policy->support_url = g_strdup (cases[i].url);
    g_autofree char *link = ocs_policy_link (policy, "desk 07", "a&b=1");
    g_assert_cmpstr (link, ==, cases[i].link);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/policy/defaults", test_defaults);
  g_test_add_func ("/policy/support", test_support);
  g_test_add_func ("/policy/link", test_link);
  return g_test_run ();
}
