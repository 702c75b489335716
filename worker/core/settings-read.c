/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-settings"
#include "ipc/error.h"
#include "worker/core/hop.h"
#include "worker/core/hours.h"
#include "worker/core/nearest.h"
#include "worker/core/scanning.h"
#include "worker/core/seal.h"
#include "worker/core/settings.h"
#include "worker/core/text.h"
#include "worker/core/url.h"
#include "worker/core/vault.h"
#include "worker/core/waycheck.h"

#include <string.h>

#define HTTP "HTTP"
#define COMPANION "OCS Companion"
#define SHOWN_MAX 60
#define UNKNOWN_MAX 20 /* a file of garbage must not fill the status */

typedef struct {
  const guint8 *key;     /* borrowed: the same, nullable; of this machine */
  const OcsIni *ini;     /* borrowed: by the caller of ocs_settings_new() */
  const char *folder;    /* borrowed: the same */
  OcsSettings *settings; /* borrowed: being built */
  GPtrArray *warnings;   /* owned; element-type char* */
} Reader;

static void G_GNUC_PRINTF (4, 5) warn (Reader *reader, const char *section, const char *key, const char *format, ...)
{
  g_autofree char *where = ocs_ini_where (reader->ini, section, key);
  g_autofree char *what = NULL;
  va_list arguments;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (where != NULL)
    g_ptr_array_add (reader->warnings, g_strdup_printf ("%s: %s", where, what));
  else
    g_ptr_array_add (reader->warnings, g_steal_pointer (&what));
}

/* A value for a message: short, and never one that may hold a login. */
static char *
shown (const char *value)
{
  if (strchr (value, '@') != NULL || strstr (value, "|||") != NULL)
    return g_strdup ("…");
  return g_utf8_strlen (value, -1) <= SHOWN_MAX ? g_strdup (value) : g_utf8_substring (value, 0, SHOWN_MAX);
}

/* GetPrivateProfileInt reads the leading digits; so do we, and say so. */
static void
read_number (Reader *reader, const OcsSettingsKey *key, const char *value)
{
  int *field = G_STRUCT_MEMBER_P (reader->settings, key->offset);
  gsize sign = key->minimum < 0 && value[0] == '-' ? 1 : 0;
  gsize digits = sign + strspn (value + sign, "0123456789");
  g_autofree char *leading = g_strndup (value, digits);
  g_autofree char *text = shown (value);
  gint64 number = 0;

  *field = (int)g_ascii_strtoll (key->fallback, NULL, 10);
  if (*value == '\0')
    return;
  if (!ocs_text_to_int (leading, key->minimum, key->maximum, &number)) {
    warn (reader, key->section, key->key, "%s=%s is not a number from %d to %d: %s is used", key->key, text, key->minimum, key->maximum,
          key->fallback);
    return;
  }
  *field = (int)number;
  if (value[digits] != '\0')
    warn (reader, key->section, key->key, "%s=%s is read as %d: write the number alone", key->key, text, *field);
}

static void
read_choice (Reader *reader, const OcsSettingsKey *key, const char *value)
{
  int *field = G_STRUCT_MEMBER_P (reader->settings, key->offset);
  g_autofree char *text = shown (value);
  g_autofree char *known = g_strjoinv (", ", (GStrv)key->choices);

  for (int i = 0; key->choices[i] != NULL; i++)
    if (g_ascii_strcasecmp (value, key->choices[i]) == 0) {
      *field = i;
      return;
    }
  warn (reader, key->section, key->key, "%s=%s is not known and %s is used: write one of %s", key->key, text, key->choices[0], known);
}

static char *
absolute (Reader *reader, const char *path)
{
  return g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (reader->folder, path, NULL);
}

/* The same file serves Windows machines: of their paths to a file the last part is meant, next to our file. */
static char *
read_path (Reader *reader, const OcsSettingsKey *key, const char *value)
{
  const char *last = strrchr (value, '\\');

  /* What forbids something is never ignored: a path that cannot be read forbids too. */
  if (g_str_equal (key->key, "RequireSignature"))
    return absolute (reader, value);
  if (last == NULL && !(g_ascii_isalpha (value[0]) && value[1] == ':'))
    return absolute (reader, value);
  if (last != NULL && last[1] != '\0' && key->fallback != NULL && !g_path_is_absolute (key->fallback)) {
    warn (reader, key->section, key->key, "%s= is a path of Windows: %s next to this file is used", key->key, last + 1);
    return absolute (reader, last + 1);
  }
  warn (reader, key->section, key->key, "%s= is a path of Windows and is ignored", key->key);
  return key->fallback != NULL ? absolute (reader, key->fallback) : NULL;
}

static GStrv
read_hosts (Reader *reader, const OcsSettingsKey *key, const char *value)
{
  g_auto (GStrv) parts = g_strsplit_set (value, ",; \t", -1);
  GPtrArray *hosts = g_ptr_array_new ();

  for (guint i = 0; parts[i] != NULL; i++) {
    g_autofree char *host = NULL;
    g_autofree char *text = shown (parts[i]);
    guint16 port = 0;

    if (*parts[i] == '\0')
      continue;
    if (!ocs_url_split_host (parts[i], &host, &port, NULL))
      warn (reader, key->section, key->key, "%s in %s= is not a host name and is left out", text, key->key);
    else
      g_ptr_array_add (hosts, g_steal_pointer (&host));
    if (port != 0)
      warn (reader, key->section, key->key, "%s in %s= has a port, which does not matter here: leave it out", text, key->key);
  }
  g_ptr_array_add (hosts, NULL);
  return (GStrv)g_ptr_array_free (hosts, FALSE);
}

static void
read_key (Reader *reader, const OcsSettingsKey *key)
{
  const char *value = ocs_ini_get (reader->ini, key->section, key->key);
  gpointer field = G_STRUCT_MEMBER_P (reader->settings, key->offset);

  if (value == NULL || *value == '\0')
    value = key->fallback;
  switch (key->type) {
  case OCS_SETTINGS_BOOL:
  case OCS_SETTINGS_INT:
    read_number (reader, key, value);
    break;
  case OCS_SETTINGS_CHOICE:
    read_choice (reader, key, value);
    break;
  case OCS_SETTINGS_TEXT:
  case OCS_SETTINGS_SERVER:
  case OCS_SETTINGS_PROXY:
    *(char **)field = g_strdup (value);
    break;
  case OCS_SETTINGS_PATH:
    *(char **)field = value != NULL ? read_path (reader, key, value) : NULL;
    break;
  case OCS_SETTINGS_HOSTS:
    *(GStrv *)field = read_hosts (reader, key, value != NULL ? value : "");
    break;
  case OCS_SETTINGS_SECRET: /* read where its flag is set */
  case OCS_SETTINGS_IGNORED:
    break;
  }
}

/* The Unix agent's rule for a value without a scheme (UnixAgent Agent.pm). */
static void
resolve_server (Reader *reader)
{
  g_autofree char *value = g_steal_pointer (&reader->settings->server);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsUrl) url = NULL;

  /* The literal is what the Windows agent writes where nobody has set a server. */
  if (value == NULL || g_ascii_strcasecmp (value, "ocsinventory-ng") == 0)
    return;
  text = strstr (value, "://") != NULL ? g_strdup (value) : g_strconcat ("http://", value, NULL);
  url = ocs_url_parse (text, &error);
  if (url == NULL) {
    warn (reader, HTTP, "Server", "Server= cannot be used: %s: write http://HOST/ocsinventory", error->message);
    return;
  }
  if (*url->path == '\0') {
    g_free (url->path);
    url->path = g_strdup ("/ocsinventory");
  }
  reader->settings->server = ocs_url_to_string (url);
}

typedef struct {
  const char *flag_key;
  const char *user_key;
  const char *password_key;
  gboolean *required;
  char **user;
  char **password;
} Login;

static char *
open_secret (Reader *reader, const char *key, const char *flag_key)
{
  const char *value = ocs_ini_get (reader->ini, HTTP, key);
  const char *stored = value != NULL ? value : "";
  g_autoptr (GError) error = NULL;
  char *plain = ocs_seal_is_sealed (stored) ? ocs_seal_open (stored, key, reader->key, &error) : ocs_vault_open_windows (stored, &error);

  if (plain == NULL)
    warn (reader, HTTP, key, "%s= %s; %s=1 is taken as 0", key, error->message, flag_key);
  return plain;
}

/* Never a blank login: WindowsAgent issue 84 leaves the flag set with empty values. */
static void
resolve_login (Reader *reader, const Login *login)
{
  char *user = NULL;
  char *password = NULL;

  if (!*login->required)
    return;
  *login->required = FALSE;
  user = open_secret (reader, login->user_key, login->flag_key);
  if (user != NULL && *user == '\0')
    warn (reader, HTTP, login->flag_key, "%s=1 but %s= is empty: it is taken as 0", login->flag_key, login->user_key);
  if (user != NULL && *user != '\0')
    password = open_secret (reader, login->password_key, login->flag_key);
  if (password == NULL) {
    ocs_secret_free (user);
    return;
  }
  if (strchr (user, ':') != NULL)
    warn (reader, HTTP, login->user_key, "%s= holds a colon, with which no Basic login works", login->user_key);
  *login->required = TRUE;
  *login->user = user;
  *login->password = password;
}

/* What is odd about how the first proxy is written: it is understood, but a Windows agent may not. */
static void
warn_of_hop (Reader *reader, const OcsHop *hop)
{
  if (hop->odd_scheme)
    warn (reader, HTTP, "Proxy", "Proxy= begins with a scheme that is not known here and is ignored: ProxyType= counts");
  else if (hop->has_scheme)
    warn (reader, HTTP, "Proxy", "Proxy= begins with a scheme, which is obeyed: ProxyType=%d and the host alone say the same",
          (int)hop->kind);
  if (hop->has_login)
    warn (reader, HTTP, "Proxy", "Proxy= holds a login, which is ignored: set ProxyAuthRequired=1, ProxyUser= and ProxyPwd=");
  if (hop->has_port)
    warn (reader, HTTP, "Proxy", "Proxy= has the port %d in it, which is used: set ProxyPort=%d", hop->port, hop->port);
}

/* value: one proxy, or the first of several, of which the others come before those of ProxyFallback=. */
static void
resolve_proxy_address (Reader *reader, const char *value)
{
  OcsSettings *settings = reader->settings;
  gsize length = strcspn (value, ";,");
  g_autofree char *first = g_strndup (value, length);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsHop) hop = ocs_hop_parse (g_strstrip (first), settings->proxy_kind, settings->proxy_port, &error);
  g_autofree char *others = settings->proxy_fallback;

  settings->proxy_fallback = g_strconcat (value + length, ";", others, NULL);
  if (hop == NULL) {
    warn (reader, HTTP, "Proxy", "Proxy= cannot be used: %s: no proxy is used", error->message);
    settings->proxy_kind = OCS_PROXY_NONE;
    return;
  }
  if (value[length] == '\0')
    warn_of_hop (reader, hop);
  settings->proxy_kind = hop->kind;
  settings->proxy_port = hop->port;
  settings->proxy_host = g_steal_pointer (&hop->host);
}

static void
resolve_proxy (Reader *reader)
{
  OcsSettings *settings = reader->settings;
  g_autofree char *value = g_steal_pointer (&settings->proxy_host);
  const Login login = {"ProxyAuthRequired",      "ProxyUser", "ProxyPwd", &settings->proxy_auth_required, &settings->proxy_user,
                       &settings->proxy_password};

  if (settings->proxy_kind != OCS_PROXY_NONE && value != NULL)
    resolve_proxy_address (reader, value);
  else if (settings->proxy_kind != OCS_PROXY_NONE) {
    warn (reader, HTTP, "ProxyType", "ProxyType=%d but Proxy= is empty: no proxy is used", (int)settings->proxy_kind);
    settings->proxy_kind = OCS_PROXY_NONE;
  }
  if (settings->proxy_kind == OCS_PROXY_NONE) {
    settings->proxy_port = 0;
    /* A PAC file may still name a proxy for it. */
    settings->proxy_auth_required = settings->proxy_auth_required && (settings->proxy_pac != NULL || settings->proxy_auto_detect);
  }
  resolve_login (reader, &login);
  if (settings->proxy_kind == OCS_PROXY_HTTP && settings->proxy_auth == OCS_PROXY_AUTH_NEGOTIATE && settings->proxy_keytab == NULL)
    warn (reader, COMPANION, "ProxyAuth", "ProxyAuth=negotiate needs a keytab: set ProxyKeytab=");
}

/* What is not understood must not keep packages away for ever. */
static void
resolve_window (Reader *reader)
{
  OcsSettings *settings = reader->settings;
  g_autofree char *why = NULL;

  if (settings->download_window == NULL)
    return;
  settings->download_hours = ocs_hours_parse (settings->download_window, &why);
  if (settings->download_hours == NULL)
    warn (reader, COMPANION, "DownloadWindow", "DownloadWindow: %s and every hour is taken: write it as Mon-Fri 20:00-06:00, Sat, Sun",
          why);
}

/* A certificate without its key, or the other way round, is good for nothing. */
static void
resolve_client (Reader *reader)
{
  OcsSettings *settings = reader->settings;
  const char *missing = settings->client_key == NULL ? "ClientKey" : "ClientCert";

  if ((settings->client_cert == NULL) == (settings->client_key == NULL))
    return;
  warn (reader, COMPANION, settings->client_key == NULL ? "ClientCert" : "ClientKey", "no certificate is shown to the server: set %s= too",
        missing);
  g_clear_pointer (&settings->client_cert, g_free);
  g_clear_pointer (&settings->client_key, g_free);
}

static void
warn_unknown (Reader *reader, const OcsIniEntry *entry)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const OcsSettingsKey *elsewhere = ocs_settings_find_key (NULL, entry->key);
  const char *nearest;

  if (elsewhere != NULL) {
    warn (reader, entry->section, entry->key, "%s= does nothing in [%s]: it belongs in [%s]", elsewhere->key, entry->section,
          elsewhere->section);
    return;
  }
  for (const OcsSettingsKey *key = ocs_settings_keys (); key->section != NULL; key++)
    g_ptr_array_add (names, (gpointer)key->key);
  nearest = ocs_nearest_find (entry->key, names);
  if (nearest != NULL)
    warn (reader, entry->section, entry->key, "%s= is not known and does nothing: did you mean %s=?", entry->key, nearest);
  else
    warn (reader, entry->section, entry->key, "%s= is not known and does nothing", entry->key);
}

static void
on_waycheck_problem (const char *key, const char *text, gpointer user_data)
{
  warn (user_data, COMPANION, key, "%s", text);
}

static void
resolve_bandwidth (Reader *reader)
{
  OcsSettings *settings = reader->settings;
  g_autofree char *why = NULL;
  g_autoptr (OcsHours) hours = settings->bandwidth_hours != NULL ? ocs_hours_parse (settings->bandwidth_hours, &why) : NULL;

  if (settings->bandwidth_hours == NULL && settings->bandwidth_other > 0)
    warn (reader, COMPANION, "BandwidthOther", "BandwidthOther= never counts: set BandwidthHours= to the hours of BandwidthLimit=");
  if (settings->bandwidth_hours == NULL || hours != NULL)
    return;
  warn (reader, COMPANION, "BandwidthHours", "BandwidthHours= is not understood, so the limit counts always: %s", why);
  g_clear_pointer (&settings->bandwidth_hours, g_free);
}

static void
check_networks (Reader *reader)
{
  g_autofree char *odd = ocs_scanning_odd_networks (reader->settings->site_networks);

  if (odd != NULL)
    warn (reader, COMPANION, "SiteNetworks", "%s in SiteNetworks= is no network and counts for nothing: write 10.1.0.0/16", odd);
}

OcsSettings *
ocs_settings_new (const OcsIni *ini, const char *folder)
{
  return ocs_settings_read (ini, folder, NULL);
}

OcsSettings *
ocs_settings_read (const OcsIni *ini, const char *folder, const guint8 *key)
{
  OcsSettings *settings = g_new0 (OcsSettings, 1);
  Reader reader = {key, ini, folder, settings, g_ptr_array_new ()};
  const Login login = {"AuthRequired", "User", "Pwd", &settings->auth_required, &settings->server_user, &settings->server_password};
  const GPtrArray *before = ocs_ini_warnings (ini);
  const GPtrArray *entries = ocs_ini_entries (ini);
  guint unknown = 0;
  const char *bundle = ocs_ini_get (ini, HTTP, "CaBundle");

  for (guint i = 0; i < before->len; i++)
    g_ptr_array_add (reader.warnings, g_strdup (before->pdata[i]));
  for (const OcsSettingsKey *each = ocs_settings_keys (); each->section != NULL; each++)
    read_key (&reader, each);
  settings->ca_bundle_is_given = bundle != NULL && *bundle != '\0';
  resolve_server (&reader);
  resolve_login (&reader, &login);
  resolve_proxy (&reader);
  resolve_client (&reader);
  resolve_bandwidth (&reader);
  check_networks (&reader);
  resolve_window (&reader);
  ocs_waycheck_resolve (settings, folder, on_waycheck_problem, &reader);
  for (guint i = 0; i < entries->len; i++) {
    const OcsIniEntry *entry = entries->pdata[i];

    if (ocs_settings_find_key (entry->section, entry->key) == NULL && unknown++ < UNKNOWN_MAX)
      warn_unknown (&reader, entry);
  }
  g_ptr_array_add (reader.warnings, NULL);
  settings->warnings = (GStrv)g_ptr_array_free (reader.warnings, FALSE);
  return settings;
}
