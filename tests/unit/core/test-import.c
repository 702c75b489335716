/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/import.h"

#include <string.h>

static OcsImport *
import_text (const char *text, OcsImportKind kind)
{
  OcsImport *import = ocs_import_parse (text, strlen (text), kind);

  g_assert_cmpint (ocs_import_guess (text, strlen (text)), ==, kind);
  for (guint i = 0; i < import->left_out->len; i++) {
    g_test_message ("%s", (char *)import->left_out->pdata[i]);
    g_assert_null (strstr (import->left_out->pdata[i], "canary"));
  }
  return import;
}

static const char *
value_of (const OcsImport *import, const char *key)
{
  const OcsAssign *assign = ocs_assigns_find (import->values, key);

  return assign != NULL ? assign->value : NULL;
}

static gboolean
leaves_out (const OcsImport *import, const char *word)
{
  for (guint i = 0; i < import->left_out->len; i++)
    if (strstr (import->left_out->pdata[i], word) != NULL)
      return TRUE;
  return FALSE;
}

static void
test_perl (void)
{
  g_autoptr (OcsImport) import = import_text ("# by hand\nserver = https://ocs.example/ocsinventory\r\ntag='site 9'\nSSL=1\ndebug=2\n"
                                              "user=dmlw\npassword=\"cm94b3I=\"\nproxy=http://px%40y:se%3Acret@cache.example:3128/\n"
                                              "lazy=1\nbasevardir=/srv/ocs\nfrobnicate=canary\nsnmp=1\n#tag=no\n",
                                              OCS_IMPORT_PERL);

  g_assert_cmpstr (value_of (import, "Server"), ==, "https://ocs.example/ocsinventory");
  g_assert_cmpstr (value_of (import, "TAG"), ==, "site 9");
  g_assert_cmpstr (value_of (import, "SSL"), ==, "1");
  g_assert_cmpstr (value_of (import, "Debug"), ==, "1");
  g_assert_cmpstr (value_of (import, "User"), ==, "vip");
  g_assert_cmpstr (value_of (import, "Pwd"), ==, "roxor");
  g_assert_cmpstr (value_of (import, "AuthRequired"), ==, "1");
  g_assert_cmpstr (value_of (import, "ProxyType"), ==, "1");
  g_assert_cmpstr (value_of (import, "Proxy"), ==, "cache.example");
  g_assert_cmpstr (value_of (import, "ProxyPort"), ==, "3128");
  g_assert_cmpstr (value_of (import, "ProxyUser"), ==, "px@y");
  g_assert_cmpstr (value_of (import, "ProxyPwd"), ==, "se:cret");
  g_assert_cmpstr (value_of (import, "ProxyAuthRequired"), ==, "1");
  g_assert_cmpstr (import->base, ==, "/srv/ocs");
  g_assert_cmpstr (import->server, ==, "https://ocs.example/ocsinventory");
  g_assert_true (leaves_out (import, "frobnicate"));
  g_assert_true (leaves_out (import, "lazy"));
  g_assert_true (leaves_out (import, "snmp"));
}

/* Debian's own: never a local mode. */
static void
test_perl_local (void)
{
  g_autoptr (OcsImport) import = import_text ("local=/var/lib/ocsinventory-agent/reports\n", OCS_IMPORT_PERL);

  g_assert_cmpuint (import->values->len, ==, 0);
  g_assert_true (leaves_out (import, "local"));
  g_assert_null (import->server);
}

static void
test_perl_bad (void)
{
  g_autoptr (OcsImport) import =
      import_text ("server=ftp://canary@x\nssl=maybe\npassword=???\ngarbage\nproxy=http://[::1\n", OCS_IMPORT_PERL);

  g_assert_null (value_of (import, "Server"));
  g_assert_null (value_of (import, "SSL"));
  g_assert_null (value_of (import, "Pwd"));
  g_assert_null (value_of (import, "Proxy"));
  g_assert_true (leaves_out (import, "Server"));
  g_assert_true (leaves_out (import, "Pwd"));
  g_assert_cmpuint (import->warnings->len, ==, 1);
}

static void
test_windows (void)
{
  g_autoptr (OcsImport) import = import_text (
      "[HTTP]\r\nServer=http://ocs/ocsinventory\r\nCaBundle=C:\\ProgramData\\OCS\\cacert.pem\r\nSSL=0\r\nAuthRequired=1\r\nUser=\r\n"
      "Pwd=\r\nProxyType=1\r\nProxy=10.1.2.3\r\nProxyPort=3128\r\nProxyAuthRequired=1\r\n"
      "ProxyUser=EdJdsJc6fNXRXzMlaDblzQ==|||E02L5EtgtxzUSEPp98J25Q==\r\nProxyPwd=BHC2aWyaiD5Pgl1UmLXBmw==|||NH5R4H3hZiDiDFkVezPAVQ==\r\n"
      "[OCS Inventory Agent]\r\nComProvider=ComHTTP.dll\r\nLocal=D:\\canary\r\n[OCS Inventory Service]\r\nPROLOG_FREQ=24\r\n"
      "[Other]\r\nx=canary\r\n",
      OCS_IMPORT_INI);

  g_assert_cmpstr (value_of (import, "Server"), ==, "http://ocs/ocsinventory");
  g_assert_cmpstr (value_of (import, "CaBundle"), ==, "cacert.pem");
  g_assert_cmpstr (value_of (import, "SSL"), ==, "0");
  g_assert_null (ocs_assigns_find (import->values, "AuthRequired"));
  g_assert_cmpstr (value_of (import, "ProxyUser"), ==, "vip");
  g_assert_cmpstr (value_of (import, "ProxyPwd"), ==, "roxor");
  g_assert_cmpstr (value_of (import, "ProxyAuthRequired"), ==, "1");
  g_assert_cmpstr (value_of (import, "PROLOG_FREQ"), ==, "24");
  g_assert_null (value_of (import, "Local"));
  g_assert_true (leaves_out (import, "ComProvider"));
  g_assert_true (leaves_out (import, "Local"));
  g_assert_true (leaves_out (import, "[Other]x"));
  g_assert_cmpuint (import->warnings->len, ==, 1);
}

static void
test_environment (void)
{
  g_autoptr (OcsImport) import = import_text ("# proxy\nexport http_proxy=\"http://cache.example:8080\"\nHTTPS_PROXY=http://other:1\n"
                                              "no_proxy=localhost\nPATH=/bin\nOCSSERVER=http://ocs/ocsinventory\n",
                                              OCS_IMPORT_ENVIRONMENT);
  g_autoptr (OcsImport) socks = import_text ("ALL_PROXY=socks5h://[fd00::1]:1081\n", OCS_IMPORT_ENVIRONMENT);
  g_autoptr (OcsImport) bare = import_text ("http_proxy=cache.example\n", OCS_IMPORT_ENVIRONMENT);

  g_assert_cmpstr (value_of (import, "Proxy"), ==, "cache.example");
  g_assert_cmpstr (value_of (import, "ProxyPort"), ==, "8080");
  g_assert_cmpstr (value_of (import, "Server"), ==, "http://ocs/ocsinventory");
  g_assert_cmpstr (value_of (import, "ProxyBypass"), ==, "localhost");
  g_assert_true (leaves_out (import, "https_proxy"));
  g_assert_cmpstr (value_of (socks, "ProxyType"), ==, "3");
  g_assert_cmpstr (value_of (socks, "Proxy"), ==, "[fd00::1]");
  g_assert_cmpstr (value_of (socks, "ProxyPort"), ==, "1081");
  g_assert_cmpstr (value_of (bare, "Proxy"), ==, "cache.example");
  g_assert_cmpstr (value_of (bare, "ProxyPort"), ==, "80");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/import/perl", test_perl);
  g_test_add_func ("/import/perl-local", test_perl_local);
  g_test_add_func ("/import/perl-bad", test_perl_bad);
  g_test_add_func ("/import/windows", test_windows);
  g_test_add_func ("/import/environment", test_environment);
  return g_test_run ();
}
