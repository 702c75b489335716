/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/route.h"

static void
test_describe (void)
{
  static const struct {
    const char *kind, *host;
    OcsWhy why;
    const char *words;
  } cases[] = {
      {"http", "cache", OCS_WHY_CONFIGURED, "cache:3128"},
      {"http", "fd00::1", OCS_WHY_FALLBACK, "[fd00::1]:3128, in the place of one that cannot be reached"},
      {"http", NULL, OCS_WHY_PAC, "by a proxy, named by the PAC file"}, /* who may not see its name */
      {"none", NULL, OCS_WHY_NONE, "without a proxy"},
      {"none", NULL, OCS_WHY_BYPASSED, "without a proxy, on the list of exceptions"},
      {"none", NULL, (OcsWhy)99, "without a proxy"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsWay) way = ocs_way_new ("server", cases[i].kind, cases[i].host, 3128, cases[i].why);
    g_autofree char *words = ocs_route_describe (way);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
  g_assert_cmpstr (ocs_route_purpose ("fragments"), ==, "To packages");
  g_assert_cmpstr (ocs_route_purpose ("newer"), ==, "newer");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/route/describe", test_describe);
  return g_test_run ();
}
