/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/settings.h"
#include "ipc/names.h"
#include "worker/core/vault.h"

#define AGENT "OCS Inventory Agent"
#define HTTP "HTTP"
#define SERVICE "OCS Inventory Service"
#define COMPANION "OCS Companion"
#define TRAY "OCS Tray"
#define NO_FIELD 0
/* Translated by who shows it: the tray. */
#define N_(text) text
#define FIELD(name) G_STRUCT_OFFSET (OcsSettings, name)

/* ProxyType is the enum's number. */
G_STATIC_ASSERT (OCS_PROXY_NONE == 0 && OCS_PROXY_HTTP == 1 && OCS_PROXY_SOCKS4 == 2 && OCS_PROXY_SOCKS5 == 3);
G_STATIC_ASSERT (sizeof (OcsProxyKind) == sizeof (int));
G_STATIC_ASSERT (sizeof (OcsProxyAuth) == sizeof (int));

static const OcsSettingsKey keys[] = {
    {HTTP, "Server", OCS_SETTINGS_SERVER, NULL, 0, 0, FIELD (server), N_ ("Address of the OCS server, as http://host/ocsinventory.")},
    {HTTP, "SSL", OCS_SETTINGS_BOOL, "1", 0, 1, FIELD (verify), N_ ("1 checks the certificates of https, 0 does not.")},
    {HTTP, "CaBundle", OCS_SETTINGS_PATH, "cacert.pem", 0, 0, FIELD (ca_bundle), N_ ("PEM file with the certificates to check by.")},
    {HTTP, "AuthRequired", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (auth_required), N_ ("1 logs in to the server.")},
    {HTTP, "User", OCS_SETTINGS_SECRET, NULL, 0, 0, FIELD (server_user), N_ ("User for the server, encrypted.")},
    {HTTP, "Pwd", OCS_SETTINGS_SECRET, NULL, 0, 0, FIELD (server_password), N_ ("Password for the server, encrypted.")},
    {HTTP, "ProxyType", OCS_SETTINGS_INT, "0", 0, OCS_PROXY_N - 1, FIELD (proxy_kind),
     N_ ("0 no proxy, 1 HTTP, 2 SOCKS 4, 3 SOCKS 5, 4 HTTP over TLS, 5 SOCKS 4a, 6 SOCKS 5 with names looked up here.")},
    {HTTP, "Proxy", OCS_SETTINGS_PROXY, NULL, 0, 0, FIELD (proxy_host),
     N_ ("Host name or address of the proxy, or several as a:3128;b:3128, each tried where those before cannot be reached.")},
    {HTTP, "ProxyPort", OCS_SETTINGS_INT, "80", 1, 65535, FIELD (proxy_port), N_ ("Port of the proxy.")},
    {HTTP, "ProxyAuthRequired", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (proxy_auth_required), N_ ("1 logs in to the proxy.")},
    {HTTP, "ProxyUser", OCS_SETTINGS_SECRET, NULL, 0, 0, FIELD (proxy_user), N_ ("User for the proxy, encrypted.")},
    {HTTP, "ProxyPwd", OCS_SETTINGS_SECRET, NULL, 0, 0, FIELD (proxy_password), N_ ("Password for the proxy, encrypted.")},
    {AGENT, "Debug", OCS_SETTINGS_INT, "0", 0, 2, FIELD (debug), N_ ("0 logs what matters, 1 more, 2 everything.")},
    {AGENT, "Local", OCS_SETTINGS_PATH, NULL, 0, 0, FIELD (local), N_ ("Folder for inventories; the server is then not contacted.")},
    {AGENT, "NoSoftware", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (no_software), N_ ("1 leaves the software out of the inventory.")},
    {AGENT, "NoTAG", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (no_tag), N_ ("1 never asks people for the TAG.")},
    {AGENT, "DEFAULT_USER_DOMAIN", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (user_domain), N_ ("Domain of the user in the inventory.")},
    {AGENT, "HKCU", OCS_SETTINGS_IGNORED, NULL, 0, 0, NO_FIELD, "Windows only."},
    {AGENT, "IpDisc", OCS_SETTINGS_IGNORED, NULL, 0, 0, NO_FIELD, "Not used yet."},
    {AGENT, "ComProvider", OCS_SETTINGS_IGNORED, NULL, 0, 0, NO_FIELD, "Windows only."},
    {AGENT, "WMI_FLAG_MODE", OCS_SETTINGS_IGNORED, NULL, 0, 0, NO_FIELD, "Windows only."},
    {SERVICE, "PROLOG_FREQ", OCS_SETTINGS_INT, "10", 1, 8784, FIELD (prolog_freq),
     N_ ("Hours between contacts, until the server says its own.")},
    {SERVICE, "INVENTORY_ON_STARTUP", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (inventory_on_startup),
     N_ ("1 contacts the server at each start.")},
    {SERVICE, "OLD_PROLOG_FREQ", OCS_SETTINGS_IGNORED, NULL, 0, 0, NO_FIELD, "Windows only."},
    {SERVICE, "TTO_WAIT", OCS_SETTINGS_IGNORED, NULL, 0, 0, NO_FIELD, "Windows only."},
    {SERVICE, "WRITE_INI_LATENCY", OCS_SETTINGS_IGNORED, NULL, 0, 0, NO_FIELD, "Windows only."},
    {SERVICE, "Hide", OCS_SETTINGS_IGNORED, NULL, 0, 0, NO_FIELD, "Windows only."},
    {COMPANION, "TAG", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (tag), N_ ("TAG of this machine at its first inventory.")},
    {COMPANION, "AskTAG", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (ask_tag),
     N_ ("1 asks the person at the machine for the TAG, once, with the words that the server has for it (its label), "
         "for which the first inventory waits up to an hour; NoTAG=1 forbids it.")},
    {COMPANION, "Extensions", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (extensions),
     N_ ("1 runs the programs in /etc/ocs-companion/sections.d and /etc/ocsinventory/softwares as root for what they add to the inventory; "
         "each has 10 seconds, all have 25.")},
    {COMPANION, "SiteNetworks", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (site_networks),
     N_ ("Networks as 10.1.0.0/16, commas between, that this machine may look at when the server elects it for IPDISCOVER; none forbids "
         "it, "
         "and without it all but those behind a VPN are.")},
    {COMPANION, "DEVICEID", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (deviceid),
     N_ ("Name of this machine at the server, NAME-YYYY-MM-DD-hh-mm-ss: for a reimaged machine that is to keep its row.")},
    {COMPANION, "TrustedInfoHosts", OCS_SETTINGS_HOSTS, NULL, 0, 0, FIELD (trusted_info_hosts),
     N_ ("Hosts besides the server that may describe packages where the server has no https.")},
    {COMPANION, "AllowInsecureDeployment", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (allow_insecure_deployment),
     N_ ("1 takes packages although SSL=0: anybody on the way can then run commands as root.")},
    {COMPANION, "RequireSignature", OCS_SETTINGS_PATH, NULL, 0, 0, FIELD (require_signature),
     N_ ("PEM file with the certificates whose owners may sign packages (ocs-sign(1)): no other package is taken then.")},
    {COMPANION, "SystemCa", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (system_ca), N_ ("1 checks an https server by the system's certificates.")},
    {COMPANION, "InstallPath", OCS_SETTINGS_PATH, OCS_DEFAULT_STATE_DIR "/install", 0, 0, FIELD (install_path),
     N_ ("What INSTALL_PATH in a package stands for.")},
    {COMPANION, "KeepFree", OCS_SETTINGS_INT, "64", 0, 1048576, FIELD (keep_free),
     N_ ("MiB that packages leave free on the disk; one that does not fit, unpacked too, waits.")},
    {COMPANION, "PackageQuota", OCS_SETTINGS_INT, "0", 0, 16777216, FIELD (package_quota),
     N_ ("MiB that all packages together may take while they are fetched and run; 0 is no limit.")},
    {COMPANION, "ConnectTimeout", OCS_SETTINGS_INT, "30", 1, 600, FIELD (connect_timeout), N_ ("Seconds that a connection may take.")},
    {COMPANION, "StallTimeout", OCS_SETTINGS_INT, "120", 10, 3600, FIELD (stall_timeout), N_ ("Seconds without a byte before giving up.")},
    {COMPANION, "BandwidthLimit", OCS_SETTINGS_INT, "0", 0, 1048576, FIELD (bandwidth_limit),
     N_ ("KiB a second that parts of packages may take of the line, 0 for no limit; what a cache of the site holds does not count.")},
    {COMPANION, "BandwidthOther", OCS_SETTINGS_INT, "0", 0, 1048576, FIELD (bandwidth_other),
     N_ ("The same for the hours that BandwidthHours leaves out.")},
    {COMPANION, "BandwidthHours", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (bandwidth_hours),
     N_ ("When BandwidthLimit counts, as Mon-Fri 08:00-18:00, Sat 08:00-12:00; without it always.")},
    {COMPANION, "ProxyAuth", OCS_SETTINGS_CHOICE, "any", 0, 0, FIELD (proxy_auth),
     N_ ("How to log in to the proxy: any is the safest way that it asks for, safe never Basic, which anybody on the way can read."),
     ocs_proxy_auth_names},
    {COMPANION, "ProxyKeytab", OCS_SETTINGS_PATH, NULL, 0, 0, FIELD (proxy_keytab),
     N_ ("Kerberos keytab to log in to the proxy with; the user of ocs-courier must be able to read it.")},
    {COMPANION, "ProxyFallback", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (proxy_fallback),
     N_ ("Further proxies in order, as a:3128;socks5h://b:1080, tried where those before cannot be reached.")},
    {COMPANION, "ProxyBypass", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (proxy_bypass),
     N_ ("What is reached without a proxy: host, .domain, 10.0.0.0/8, fd00::/8, <local>, * for all, commas between.")},
    {COMPANION, "ProxyFor", OCS_SETTINGS_TEXT, "server,info,fragments", 0, 0, FIELD (proxy_for),
     N_ ("What goes by the proxy: server, info, fragments (all, none).")},
    {COMPANION, "DirectFallback", OCS_SETTINGS_TEXT, "0", 0, 0, FIELD (direct_fallback),
     N_ ("What may go without a proxy where no proxy can be reached: 0, 1 for all, or some of server,info,fragments.")},
    {COMPANION, "ProxyPac", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (proxy_pac),
     N_ ("URL or path of a PAC file that decides about the proxy.")},
    {COMPANION, "ProxyAutoDetect", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (proxy_auto_detect),
     N_ ("1 looks for a PAC file at http://wpad.DOMAIN/wpad.dat; what it names never gets the login unless ProxyTrusted says so.")},
    {COMPANION, "ProxyFromEnvironment", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (proxy_from_environment),
     N_ ("1 takes http_proxy, https_proxy, all_proxy and no_proxy of the worker's environment where Proxy is not set.")},
    {COMPANION, "ProxyTrusted", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (proxy_trusted),
     N_ ("Proxies that get the login whatever named them, as in ProxyBypass; without it those of the ini and of a PAC file on disk or over "
         "https.")},
    {COMPANION, "ProxyCa", OCS_SETTINGS_PATH, NULL, 0, 0, FIELD (proxy_ca),
     N_ ("PEM file to check a proxy by that is spoken to over TLS (ProxyType=4); without it the system's certificates count.")},
    {COMPANION, "ClientCert", OCS_SETTINGS_PATH, NULL, 0, 0, FIELD (client_cert),
     N_ ("PEM file with this machine's certificate, for a server that asks for one.")},
    {COMPANION, "ClientKey", OCS_SETTINGS_PATH, NULL, 0, 0, FIELD (client_key),
     N_ ("PEM file with the key of ClientCert, without a passphrase.")},
    {TRAY, "Show", OCS_SETTINGS_TEXT, "seat", 0, 0, FIELD (tray_show),
     N_ ("Who gets an icon: all, seat (who sits at the machine), none, or group:NAME.")},
    {TRAY, "Quit", OCS_SETTINGS_BOOL, "1", 0, 1, FIELD (tray_quit), N_ ("0 leaves Quit out of the tray's menu.")},
    {TRAY, "ShowInventory", OCS_SETTINGS_BOOL, "1", 0, 1, FIELD (tray_inventory), N_ ("0 leaves the inventory out of the tray.")},
    {TRAY, "SupportText", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (support_text),
     N_ ("Whom people ask for help; %h is the host name, %t the TAG, %n a new line.")},
    {TRAY, "SupportURL", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (support_url),
     N_ ("Where the help desk is, http, https, mailto or tel; %h is the host name, %t the TAG.")},
    {TRAY, "Logo", OCS_SETTINGS_PATH, NULL, 0, 0, FIELD (logo), N_ ("Picture that the tray shows beside the support text, PNG or SVG.")},
    {COMPANION, "NotifyAbsent", OCS_SETTINGS_INT, "24", 0, 8760, FIELD (notify_absent),
     N_ ("Hours that a package waits for the next login where people were asked and all logged out without an answer.")},
    {COMPANION, "NotifyMaxDelays", OCS_SETTINGS_INT, "5", -1, 1000, FIELD (notify_max_delays),
     N_ ("How often a package or a restart can be put off; -1 is no limit, as on Windows.")},
    {COMPANION, "NotifyDeadline", OCS_SETTINGS_INT, "7", 0, 365, FIELD (notify_deadline),
     N_ ("Days after the first asking, after which nothing is put off any more; 0 is no limit.")},
    {COMPANION, "DownloadWindow", OCS_SETTINGS_TEXT, NULL, 0, 0, FIELD (download_window),
     N_ ("Hours in which packages may cross the WAN, as Mon-Fri 20:00-06:00, Sat, Sun; PRI 0 and what the cache holds come at any time.")},
    {COMPANION, "DownloadHurry", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (download_hurry),
     N_ ("1 lets people say that a package does not wait for DownloadWindow.")},
    {COMPANION, "DownloadMetered", OCS_SETTINGS_BOOL, "0", 0, 1, FIELD (download_metered),
     N_ ("1 fetches packages over connections that NetworkManager takes for metered too.")},
    {COMPANION, "RestartGrace", OCS_SETTINGS_INT, "15", 1, 1440, FIELD (restart_grace),
     N_ ("Minutes that people have to save their work before a restart or a shutdown that a package asks for.")},
    {NULL, NULL, OCS_SETTINGS_IGNORED, NULL, 0, 0, NO_FIELD, NULL},
};

const OcsSettingsKey *
ocs_settings_keys (void)
{
  return keys;
}

const OcsSettingsKey *
ocs_settings_find_key (const char *section, const char *name)
{
  for (const OcsSettingsKey *key = keys; key->section != NULL; key++)
    if (g_ascii_strcasecmp (key->key, name) == 0 && (section == NULL || g_ascii_strcasecmp (key->section, section) == 0))
      return key;
  return NULL;
}

void
ocs_settings_free (OcsSettings *settings)
{
  if (settings == NULL)
    return;
  for (const OcsSettingsKey *key = keys; key->section != NULL; key++) {
    gpointer field = G_STRUCT_MEMBER_P (settings, key->offset);

    if (key->type == OCS_SETTINGS_SECRET)
      ocs_secret_free (*(char **)field);
    else if (key->type == OCS_SETTINGS_HOSTS)
      g_strfreev (*(GStrv *)field);
    else if (key->type != OCS_SETTINGS_BOOL && key->type != OCS_SETTINGS_INT && key->type != OCS_SETTINGS_CHOICE
             && key->type != OCS_SETTINGS_IGNORED)
      g_free (*(char **)field);
  }
  ocs_hours_free (settings->download_hours);
  g_strfreev (settings->warnings);
  g_free (settings);
}
