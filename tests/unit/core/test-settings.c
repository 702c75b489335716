/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/settings.h"

#include <string.h>

#define VIP "EdJdsJc6fNXRXzMlaDblzQ==|||E02L5EtgtxzUSEPp98J25Q=="
#define ROXOR "BHC2aWyaiD5Pgl1UmLXBmw==|||NH5R4H3hZiDiDFkVezPAVQ=="

static OcsSettings *
load (const char *text)
{
  g_autoptr (OcsIni) ini = ocs_ini_parse (text, strlen (text), NULL);

  return ocs_settings_new (ini, "/etc/ocs-companion");
}

/* One warning that holds both words, and no other. */
static void
assert_one_warning (const OcsSettings *settings, const char *word, const char *other)
{
  g_assert_cmpuint (g_strv_length (settings->warnings), ==, 1);
  g_test_message ("%s", settings->warnings[0]);
  g_assert_nonnull (strstr (settings->warnings[0], word));
  g_assert_nonnull (strstr (settings->warnings[0], other));
}

static void
test_defaults (void)
{
  g_autoptr (OcsSettings) settings = load ("");

  g_assert_cmpuint (g_strv_length (settings->warnings), ==, 0);
  g_assert_null (settings->server);
  g_assert_true (settings->verify);
  g_assert_cmpstr (settings->ca_bundle, ==, "/etc/ocs-companion/cacert.pem");
  g_assert_false (settings->ca_bundle_is_given);
  g_assert_null (settings->server_user);
  g_assert_null (settings->server_password);
  g_assert_cmpint (settings->proxy_kind, ==, OCS_PROXY_NONE);
  g_assert_null (settings->proxy_host);
  g_assert_cmpint (settings->proxy_port, ==, 0);
  g_assert_cmpint (settings->prolog_freq, ==, 10);
  g_assert_false (settings->inventory_on_startup);
  g_assert_false (settings->allow_insecure_deployment);
  g_assert_false (settings->system_ca);
  g_assert_cmpuint (g_strv_length (settings->trusted_info_hosts), ==, 0);
  g_assert_cmpint (settings->connect_timeout, ==, 30);
  g_assert_cmpint (settings->stall_timeout, ==, 120);
  g_assert_nonnull (settings->install_path);
  g_assert_null (settings->tag);
  g_assert_null (settings->local);
}

/* As the Windows agent and its service write it. */
static void
test_windows (void)
{
  g_autoptr (OcsSettings) settings =
      load ("[OCS Inventory Agent]\r\nComProvider=ComHTTP.dll\r\nDebug=1\r\nLocal=\r\nNoSoftware=0\r\nHKCU=0\r\nNoTAG=1\r\n"
            "IpDisc=\r\nWMI_FLAG_MODE=COMPLETE\r\nDEFAULT_USER_DOMAIN=\r\n"
            "[HTTP]\r\nServer=https://ocs.example/ocsinventory\r\nSSL=1\r\nCaBundle=cacert.pem\r\n"
            "AuthRequired=0\r\nUser=\r\nPwd=\r\nProxyType=1\r\nProxy=10.1.2.3\r\nProxyPort=3128\r\n"
            "ProxyAuthRequired=1\r\nProxyUser=" VIP "\r\nProxyPwd=" ROXOR "\r\n"
            "[OCS Inventory Service]\r\nTTO_WAIT=83460\r\nPROLOG_FREQ=24\r\nOLD_PROLOG_FREQ=24\r\n"
            "INVENTORY_ON_STARTUP=\r\n");

  g_assert_cmpuint (g_strv_length (settings->warnings), ==, 0);
  g_assert_cmpstr (settings->server, ==, "https://ocs.example/ocsinventory");
  g_assert_true (settings->ca_bundle_is_given);
  g_assert_cmpint (settings->debug, ==, 1);
  g_assert_true (settings->no_tag);
  g_assert_null (settings->server_user);
  g_assert_cmpint (settings->proxy_kind, ==, OCS_PROXY_HTTP);
  g_assert_cmpstr (settings->proxy_host, ==, "10.1.2.3");
  g_assert_cmpint (settings->proxy_port, ==, 3128);
  g_assert_true (settings->proxy_auth_required);
  g_assert_cmpstr (settings->proxy_user, ==, "vip");
  g_assert_cmpstr (settings->proxy_password, ==, "roxor");
  g_assert_cmpint (settings->prolog_freq, ==, 24);
}

static void
test_server (void)
{
  static const struct {
    const char *value;
    const char *server;
  } cases[] = {
      {"ocs", "http://ocs/ocsinventory"},
      {"ocs:8080", "http://ocs:8080/ocsinventory"},
      {"ocs/ocsinventory", "http://ocs/ocsinventory"},
      {"http://OCS/", "http://ocs/ocsinventory"},
      {"https://ocs/ocsinventory/", "https://ocs/ocsinventory"},
      {"https://ocs:8443/other", "https://ocs:8443/other"},
      {"http://[::1]:80", "http://[::1]/ocsinventory"},
      {"http://ocsinventory-ng/ocsinventory", "http://ocsinventory-ng/ocsinventory"},
      {"ocsinventory-ng", NULL},
      {"", NULL},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strconcat ("[HTTP]\nServer=", cases[i].value, "\n", NULL);
    g_autoptr (OcsSettings) settings = load (text);

    g_assert_cmpstr (settings->server, ==, cases[i].server);
    g_assert_cmpuint (g_strv_length (settings->warnings), ==, 0);
  }
}

static void
test_server_bad (void)
{
  const char *const values[] = {"ftp://ocs/", "http://", "http://admin:geheim@ocs/", "http://ocs/?x", "my server"};

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autofree char *text = g_strconcat ("[HTTP]\nServer=", values[i], "\n", NULL);
    g_autoptr (OcsSettings) settings = load (text);

    g_assert_null (settings->server);
    assert_one_warning (settings, "line 2: ", "Server=");
    g_assert_null (strstr (settings->warnings[0], "geheim"));
  }
}

static void
test_numbers (void)
{
  g_autoptr (OcsSettings) settings =
      load ("[HTTP]\nSSL=no\n[OCS Inventory Service]\nPROLOG_FREQ=0\n[OCS Companion]\nStallTimeout=60 ; seconds\n"
            "ConnectTimeout=99999999999999\nSystemCa=2\n");

  g_assert_true (settings->verify); /* never off by accident */
  g_assert_cmpint (settings->prolog_freq, ==, 10);
  g_assert_cmpint (settings->stall_timeout, ==, 60);
  g_assert_cmpint (settings->connect_timeout, ==, 30);
  g_assert_false (settings->system_ca);
  g_assert_cmpuint (g_strv_length (settings->warnings), ==, 5);
  g_assert_cmpstr (settings->warnings[0], ==, "line 2: SSL=no is not a number from 0 to 1: 1 is used");
}

static void
test_paths (void)
{
  g_autoptr (OcsSettings) relative = load ("[HTTP]\nCaBundle=tls/ca.pem\n[OCS Inventory Agent]\nLocal=/srv/out\n");
  g_autoptr (OcsSettings) windows = load ("[HTTP]\nCaBundle=C:\\ProgramData\\OCS Inventory NG\\Agent\\site.pem\n");
  g_autoptr (OcsSettings) local = load ("[OCS Inventory Agent]\nLocal=C:\\Temp\n");
  g_autoptr (OcsSettings) install = load ("[OCS Companion]\nInstallPath=C:\\Temp\n");
  g_autoptr (OcsSettings) plain = load ("");

  g_assert_cmpstr (relative->ca_bundle, ==, "/etc/ocs-companion/tls/ca.pem");
  g_assert_cmpstr (relative->local, ==, "/srv/out");
  g_assert_cmpstr (windows->ca_bundle, ==, "/etc/ocs-companion/site.pem");
  assert_one_warning (windows, "line 2", "site.pem");
  g_assert_null (local->local);
  assert_one_warning (local, "line 2", "Local=");
  g_assert_cmpstr (install->install_path, ==, plain->install_path);
}

/* The flag without a login: WindowsAgent issue 84. */
static void
test_blank_login (void)
{
  g_autoptr (OcsSettings) empty = load ("[HTTP]\nServer=ocs\nAuthRequired=1\nUser=\nPwd=\n");
  g_autoptr (OcsSettings) absent = load ("[HTTP]\nAuthRequired=1\n");
  g_autoptr (OcsSettings) plain = load ("[HTTP]\nAuthRequired=1\nUser=vip\nPwd=" ROXOR "\n");
  g_autoptr (OcsSettings) password = load ("[HTTP]\nAuthRequired=1\nUser=" VIP "\nPwd=geheim\n");
  g_autoptr (OcsSettings) off = load ("[HTTP]\nAuthRequired=0\nUser=geheim\nPwd=geheim\n");
  g_autoptr (OcsSettings) proxy = load ("[HTTP]\nProxyType=1\nProxy=p\nProxyAuthRequired=1\n");
  g_autoptr (OcsSettings) no_password = load ("[HTTP]\nAuthRequired=1\nUser=" VIP "\n");

  g_assert_null (empty->server_user);
  g_assert_false (empty->auth_required);
  assert_one_warning (empty, "line 3", "AuthRequired=1");
  g_assert_null (absent->server_user);
  assert_one_warning (absent, "AuthRequired=1", "empty");
  g_assert_null (plain->server_user);
  g_assert_null (plain->server_password);
  assert_one_warning (plain, "line 3", "User=");
  g_assert_null (password->server_user);
  g_assert_null (password->server_password);
  assert_one_warning (password, "line 4", "Pwd=");
  g_assert_null (strstr (password->warnings[0], "geheim"));
  g_assert_cmpuint (g_strv_length (off->warnings), ==, 0);
  g_assert_null (proxy->proxy_user);
  assert_one_warning (proxy, "line 4", "ProxyAuthRequired=1");
  g_assert_cmpstr (no_password->server_user, ==, "vip");
  g_assert_cmpstr (no_password->server_password, ==, "");
}

static void
test_proxy (void)
{
  static const struct {
    const char *value;
    const char *kind;
    OcsProxyKind expected;
    const char *host;
    int port;
    guint warnings;
  } cases[] = {
      {"cache", "1", OCS_PROXY_HTTP, "cache", 80, 0},
      {"cache", "0", OCS_PROXY_NONE, NULL, 0, 0},
      {"cache", "3", OCS_PROXY_SOCKS5, "cache", 80, 0},
      {"cache", "9", OCS_PROXY_NONE, NULL, 0, 1},
      {"", "1", OCS_PROXY_NONE, NULL, 0, 1},
      {"cache:3128", "1", OCS_PROXY_HTTP, "cache", 3128, 1},
      {"http://cache", "1", OCS_PROXY_HTTP, "cache", 80, 1},
      {"http://cache:3128/", "2", OCS_PROXY_HTTP, "cache", 3128, 2},
      {"socks5://cache:1080", "1", OCS_PROXY_SOCKS5_LOCAL, "cache", 1080, 2},
      {"socks5h://cache", "1", OCS_PROXY_SOCKS5, "cache", 80, 1},
      {"cache", "4", OCS_PROXY_HTTPS, "cache", 80, 0},
      {"a:1;b:2", "1", OCS_PROXY_HTTP, "a", 1, 0},
      {"gopher://cache", "2", OCS_PROXY_SOCKS4, "cache", 80, 1},
      {"http://u:geheim@cache:8080", "1", OCS_PROXY_HTTP, "cache", 8080, 3},
      {"[::1]:3128", "1", OCS_PROXY_HTTP, "::1", 3128, 1},
      {"not a host", "1", OCS_PROXY_NONE, NULL, 0, 1},
      {"cache:99999", "1", OCS_PROXY_NONE, NULL, 0, 1},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strdup_printf ("[HTTP]\nProxyType=%s\nProxy=%s\n", cases[i].kind, cases[i].value);
    g_autoptr (OcsSettings) settings = load (text);

    g_test_message ("%s", cases[i].value);
    g_assert_cmpint (settings->proxy_kind, ==, cases[i].expected);
    g_assert_cmpstr (settings->proxy_host, ==, cases[i].host);
    g_assert_cmpint (settings->proxy_port, ==, cases[i].port);
    g_assert_cmpuint (g_strv_length (settings->warnings), ==, cases[i].warnings);
    for (guint j = 0; settings->warnings[j] != NULL; j++)
      g_assert_null (strstr (settings->warnings[j], "geheim"));
  }
}

static void
test_hosts (void)
{
  g_autoptr (OcsSettings) settings = load ("[OCS Companion]\nTrustedInfoHosts=Packages.example, cache ;10.0.0.1:443,http://x,,\n");

  g_assert_cmpuint (g_strv_length (settings->trusted_info_hosts), ==, 3);
  g_assert_cmpstr (settings->trusted_info_hosts[0], ==, "packages.example");
  g_assert_cmpstr (settings->trusted_info_hosts[1], ==, "cache");
  g_assert_cmpstr (settings->trusted_info_hosts[2], ==, "10.0.0.1");
  g_assert_cmpuint (g_strv_length (settings->warnings), ==, 2);
}

static void
test_unknown (void)
{
  g_autoptr (OcsSettings) misspelt = load ("[HTTP]\nProxyPrt=3128\n");
  g_autoptr (OcsSettings) misplaced = load ("[HTTP]\ntag=x\n");
  g_autoptr (OcsSettings) strange = load ("[Wallpaper]\nColour=blue\n");
  g_autoptr (GString) text = g_string_new ("[X]\n");
  g_autoptr (OcsSettings) flood = NULL;

  assert_one_warning (misspelt, "line 2: ProxyPrt=", "did you mean ProxyPort=?");
  assert_one_warning (misplaced, "TAG=", "[OCS Companion]");
  assert_one_warning (strange, "line 2: Colour=", "is not known");
  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "key%u=1\n", i);
  flood = load (text->str);
  g_assert_cmpuint (g_strv_length (flood->warnings), ==, 20);
}

static void
test_malformed_file (void)
{
  g_autoptr (OcsSettings) settings = load ("[HTTP]\nwhat is this\nServer=ocs\n");

  assert_one_warning (settings, "line 2: ", "left out");
  g_assert_cmpstr (settings->server, ==, "http://ocs/ocsinventory");
}

static void
test_bandwidth (void)
{
  g_autoptr (OcsSettings) good = load ("[HTTP]\nServer=ocs\n[OCS Companion]\nBandwidthOther=5\nBandwidthHours=Mon-Fri 08:00-18:00\n");
  g_autoptr (OcsSettings) alone = load ("[HTTP]\nServer=ocs\n[OCS Companion]\nBandwidthOther=5\n");

  g_assert_cmpint (good->bandwidth_other, ==, 5);
  g_assert_cmpuint (g_strv_length (good->warnings), ==, 0);
  assert_one_warning (alone, "line 4: ", "BandwidthHours=");
}

static void
test_proxy_auth (void)
{
  static const struct {
    const char *text;
    OcsProxyAuth auth;
    const char *warning;
  } cases[] = {
      {"", OCS_PROXY_AUTH_ANY, NULL},
      {"ProxyAuth=\n", OCS_PROXY_AUTH_ANY, NULL},
      {"ProxyAuth=Basic\n", OCS_PROXY_AUTH_BASIC, NULL},
      {"ProxyAuth=digest\n", OCS_PROXY_AUTH_DIGEST, NULL},
      {"ProxyAuth=ntlm\n", OCS_PROXY_AUTH_NTLM, NULL},
      {"ProxyAuth=negotiate\nProxyKeytab=/k\n", OCS_PROXY_AUTH_NEGOTIATE, NULL},
      {"ProxyAuth=negotiate\n", OCS_PROXY_AUTH_NEGOTIATE, "ProxyKeytab="},
      {"ProxyAuth=kerberos\n", OCS_PROXY_AUTH_SAFE, "safe, any, basic"}, /* it must not become Basic */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strconcat ("[HTTP]\nServer=ocs\nProxyType=1\nProxy=p\n[OCS Companion]\n", cases[i].text, NULL);
    g_autoptr (OcsSettings) settings = load (text);

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (settings->proxy_auth, ==, cases[i].auth);
    if (cases[i].warning != NULL)
      assert_one_warning (settings, "line 6: ", cases[i].warning);
    else
      g_assert_cmpuint (g_strv_length (settings->warnings), ==, 0);
  }
}

static void
test_client (void)
{
  g_autoptr (OcsSettings) both = load ("[HTTP]\nServer=ocs\n[OCS Companion]\nClientCert=/c.pem\nClientKey=k.pem\n");
  g_autoptr (OcsSettings) half = load ("[HTTP]\nServer=ocs\n[OCS Companion]\nClientCert=/c.pem\n");

  g_assert_cmpstr (both->client_cert, ==, "/c.pem");
  g_assert_true (g_path_is_absolute (both->client_key) && g_str_has_suffix (both->client_key, "/k.pem"));
  g_assert_cmpuint (g_strv_length (both->warnings), ==, 0);
  assert_one_warning (half, "line 4: ", "ClientKey=");
  g_assert_null (half->client_cert);
}

static void
test_tray (void)
{
  g_autoptr (OcsSettings) unset = load ("[HTTP]\nServer=ocs\n");
  g_autoptr (OcsSettings) set = load ("[OCS Tray]\nShow=group:staff\nQuit=0\nShowInventory=0\nSupportText=Help desk, room 4 (%h)\n"
                                      "SupportURL=https://help.lan/?host=%h\nLogo=logo.png\n");

  g_assert_cmpstr (unset->tray_show, ==, "seat");
  g_assert_true (unset->tray_quit && unset->tray_inventory);
  g_assert_null (unset->support_text);
  g_assert_null (unset->logo);
  g_assert_cmpstr (set->tray_show, ==, "group:staff");
  g_assert_false (set->tray_quit || set->tray_inventory);
  g_assert_cmpstr (set->support_text, ==, "Help desk, room 4 (%h)");
  g_assert_cmpstr (set->support_url, ==, "https://help.lan/?host=%h");
  g_assert_true (g_path_is_absolute (set->logo));
  g_assert_cmpuint (g_strv_length (set->warnings), ==, 0);
}

static void
test_table (void)
{
  guint count = 0;

  for (const OcsSettingsKey *key = ocs_settings_keys (); key->section != NULL; key++, count++) {
    gboolean is_number = key->type == OCS_SETTINGS_BOOL || key->type == OCS_SETTINGS_INT;

    g_assert_nonnull (key->key);
    g_assert_true (g_str_has_suffix (key->meaning, "."));
    g_assert_cmpint (is_number, ==, key->maximum > 0);
    g_assert_cmpint (key->type == OCS_SETTINGS_CHOICE, ==, key->choices != NULL);
    g_assert_true (!is_number || key->fallback != NULL);
  }
  g_assert_cmpuint (count, >, 30);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/defaults", test_defaults);
  g_test_add_func ("/settings/windows", test_windows);
  g_test_add_func ("/settings/server", test_server);
  g_test_add_func ("/settings/server-bad", test_server_bad);
  g_test_add_func ("/settings/numbers", test_numbers);
  g_test_add_func ("/settings/paths", test_paths);
  g_test_add_func ("/settings/blank-login", test_blank_login);
  g_test_add_func ("/settings/proxy", test_proxy);
  g_test_add_func ("/settings/hosts", test_hosts);
  g_test_add_func ("/settings/unknown", test_unknown);
  g_test_add_func ("/settings/malformed-file", test_malformed_file);
  g_test_add_func ("/settings/bandwidth", test_bandwidth);
  g_test_add_func ("/settings/proxy-auth", test_proxy_auth);
  g_test_add_func ("/settings/client", test_client);
  g_test_add_func ("/settings/tray", test_tray);
  g_test_add_func ("/settings/table", test_table);
  return g_test_run ();
}
