/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/route.h"
#include "worker/core/waycheck.h"
#include <string.h>

static OcsSettings *
read_settings (const char *http, const char *companion)
{
  g_autofree char *text = g_strdup_printf ("[HTTP]\nServer=http://ocs.example\n%s\n[OCS Companion]\n%s\n", http, companion);
  g_autoptr (OcsIni) ini = ocs_ini_parse (text, strlen (text), NULL);

  return ocs_settings_new (ini, "/etc/ocs-companion");
}

static void
test_warnings (void)
{
  static const struct {
    const char *companion, *warning;
  } cases[] = {
      {"ProxyFor=server,parts\n", "ProxyFor="},        {"DirectFallback=maybe\n", "DirectFallback="},
      {"ProxyBypass=10.0.0.0/99\n", "ProxyBypass="},   {"ProxyTrusted=a b:c\n", "ProxyTrusted="},
      {"ProxyFallback=ftp://b:1\n", "ProxyFallback="}, {"ProxyFallback=u:secret@b:1\n", "ProxyFallback="},
      {"ProxyPac=ftp://pac/\n", "ProxyPac="},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (OcsSettings) settings = read_settings ("ProxyType=1\nProxy=a\n", cases[i].companion);

    g_test_message ("%s", cases[i].companion);
    g_assert_cmpuint (g_strv_length (settings->warnings), ==, 1);
    g_assert_nonnull (strstr (settings->warnings[0], cases[i].warning));
    g_assert_null (strstr (settings->warnings[0], "secret"));
  }
}

static void
test_values (void)
{
  g_autoptr (OcsSettings) plain = read_settings ("", "");
  g_autoptr (OcsSettings) chosen = read_settings ("", "ProxyFor=fragments,INFO\nDirectFallback=fragments\nProxyPac=my.pac\n");
  g_autoptr (OcsSettings) file = read_settings ("", "ProxyPac=file:///etc/x.pac\nDirectFallback=all\n");

  g_assert_cmpuint (plain->proxied, ==, 7);
  g_assert_cmpuint (plain->direct, ==, 0);
  g_assert_null (plain->proxy_pac);
  g_assert_cmpuint (chosen->proxied, ==, 1 << OCS_ROUTE_FRAGMENT | 1 << OCS_ROUTE_INFO);
  g_assert_cmpuint (chosen->direct, ==, 1 << OCS_ROUTE_FRAGMENT);
  g_assert_cmpstr (chosen->proxy_pac, ==, "/etc/ocs-companion/my.pac");
  g_assert_cmpstr (file->proxy_pac, ==, "/etc/x.pac");
  g_assert_cmpuint (file->direct, ==, 7);
}

/* Without a proxy the further ones can never be tried. */
static void
test_lonely_fallback (void)
{
  g_autoptr (OcsSettings) settings = read_settings ("", "ProxyFallback=b:1\n");

  g_assert_cmpuint (g_strv_length (settings->warnings), ==, 1);
  g_assert_nonnull (strstr (settings->warnings[0], "line 5: ProxyFallback="));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/waycheck/warnings", test_warnings);
  g_test_add_func ("/waycheck/values", test_values);
  g_test_add_func ("/waycheck/lonely-fallback", test_lonely_fallback);
  return g_test_run ();
}
