/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/core/assign.h"

#include <string.h>

static void
assert_key (const char *name, const char *section, const char *key)
{
  g_autoptr (GError) error = NULL;
  const OcsSettingsKey *found = ocs_assign_key (name, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (found->section, ==, section);
  g_assert_cmpstr (found->key, ==, key);
}

static void
assert_refused (const char *name, const char *value, OcsError code, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsAssign) assign = ocs_assign_new (name, value, &error);

  g_assert_null (assign);
  g_assert_error (error, OCS_ERROR, (int)code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_null (strstr (error->message, "canary"));
  g_assert_null (strchr (error->message, '\n'));
}

/* The switches of the Windows agent's set-up. */
static void
test_names (void)
{
  assert_key ("SERVER", "HTTP", "Server");
  assert_key ("USER", "HTTP", "User");
  assert_key ("PWD", "HTTP", "Pwd");
  assert_key ("SSL", "HTTP", "SSL");
  assert_key ("CA", "HTTP", "CaBundle");
  assert_key ("PROXY_TYPE", "HTTP", "ProxyType");
  assert_key ("PROXY", "HTTP", "Proxy");
  assert_key ("PROXY_PORT", "HTTP", "ProxyPort");
  assert_key ("PROXY_USER", "HTTP", "ProxyUser");
  assert_key ("PROXY_PWD", "HTTP", "ProxyPwd");
  assert_key ("DEBUG", "OCS Inventory Agent", "Debug");
  assert_key ("NOSOFTWARE", "OCS Inventory Agent", "NoSoftware");
  assert_key ("NOTAG", "OCS Inventory Agent", "NoTAG");
  assert_key ("TAG", "OCS Companion", "TAG");
  assert_key ("LOCAL", "OCS Inventory Agent", "Local");
  assert_key ("WMI_FLAG_MODE", "OCS Inventory Agent", "WMI_FLAG_MODE");
  assert_key ("DEFAULT_USER_DOMAIN", "OCS Inventory Agent", "DEFAULT_USER_DOMAIN");
  assert_key ("[http]proxytype", "HTTP", "ProxyType");
  assert_key ("[ OCS Companion ] TAG", "OCS Companion", "TAG");
}

static void
test_unknown (void)
{
  assert_refused ("ProxyTyp", "1", OCS_ERROR_NOT_FOUND, "ProxyType");
  assert_refused ("Sever", "x", OCS_ERROR_NOT_FOUND, "Server");
  assert_refused ("[HTTP]TAG", "x", OCS_ERROR_NOT_FOUND, "[OCS Companion]");
  assert_refused ("", "x", OCS_ERROR_NOT_FOUND, "ocsinventory.ini(5)");
  assert_refused ("a\xff\nb", "x", OCS_ERROR_NOT_FOUND, "not known");
}

static void
test_values (void)
{
  static const struct {
    const char *name;
    const char *good;
    const char *bad;
    const char *word;
  } rows[] = {
      {"SSL", "0", "yes", "0 or 1"},
      {"ProxyPort", "3128", "0", "1 to 65535"},
      {"ProxyPort", "65535", "80a", "1 to 65535"},
      {"ProxyType", "3", "-1", "0 to 6"},
      {"Server", "https://ocs.example/ocsinventory", "ftp://x", "http://HOST"},
      {"Server", "ocs.example", "http://a b/", "http://HOST"},
      {"Proxy", "10.1.2.3", "vip:canary@host", "ProxyPwd"},
      {"Proxy", "a.example:3128;b.example:3128", "a b", "host name"},
      {"ProxyAuth", "Negotiate", "magic", "basic"},
      {"TrustedInfoHosts", "a.example, b.example", "a b$", "host name"},
      {"ProxyUser", "vip", "a:canary", "colon"},
      {"ProxyPwd", "p:w \"x\"", "canary\n", "control"},
      {"TAG", "Zürich", "a\tb", "control"},
      {"TAG", "x", "\xff", "UTF-8"},
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (OcsAssign) assign = ocs_assign_new (rows[i].name, rows[i].good, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (assign->value, ==, rows[i].good);
    assert_refused (rows[i].name, rows[i].bad, OCS_ERROR_INVALID_DATA, rows[i].word);
  }
}

static void
test_complete (void)
{
  g_autoptr (GPtrArray) assigns = ocs_assigns_new ();

  g_ptr_array_add (assigns, ocs_assign_new ("PROXY_USER", "vip", NULL));
  g_ptr_array_add (assigns, ocs_assign_new ("User", "", NULL));
  ocs_assigns_complete (assigns);
  g_assert_cmpstr (ocs_assigns_find (assigns, "ProxyAuthRequired")->value, ==, "1");
  g_assert_cmpstr (ocs_assigns_find (assigns, "AuthRequired")->value, ==, "0");
  g_assert_null (ocs_assigns_find (assigns, "User")->value);
  g_assert_cmpuint (assigns->len, ==, 4);
  ocs_assigns_complete (assigns);
  g_assert_cmpuint (assigns->len, ==, 4);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/assign/names", test_names);
  g_test_add_func ("/assign/unknown", test_unknown);
  g_test_add_func ("/assign/values", test_values);
  g_test_add_func ("/assign/complete", test_complete);
  return g_test_run ();
}
