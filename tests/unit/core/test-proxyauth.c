/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/proxyauth.h"

static void
test_names (void)
{
  for (guint i = 0; i <= OCS_PROXY_AUTH_NTLM; i++) {
    OcsProxyAuth auth = (OcsProxyAuth)-1;

    g_assert_true (ocs_proxy_auth_from_name (ocs_proxy_auth_names[i], &auth));
    g_assert_cmpuint (auth, ==, i);
  }
  g_assert_null (ocs_proxy_auth_names[OCS_PROXY_AUTH_NTLM + 1]);
}

static void
test_unknown (void)
{
  static const char *const names[] = {NULL, "", "kerberos", "basic ", "an", "anything"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    OcsProxyAuth auth = OCS_PROXY_AUTH_DIGEST;

    g_assert_false (ocs_proxy_auth_from_name (names[i], &auth));
    g_assert_cmpint (auth, ==, OCS_PROXY_AUTH_DIGEST);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/proxyauth/names", test_names);
  g_test_add_func ("/proxyauth/unknown", test_unknown);
  return g_test_run ();
}
