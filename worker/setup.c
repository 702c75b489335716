/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-setup"
#include "worker/setup.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/deviceid.h"
#include "worker/core/seal.h"
#include "worker/core/url.h"
#include "worker/core/vault.h"
#include "worker/core/ways.h"
#include "worker/io/inifiles.h"
#include "worker/io/machinekey.h"
#include <glib/gstdio.h>
#include <string.h>

#define CA_BUNDLE_MAX (512 * 1024)
#define CLIENT_PEM_MAX (64 * 1024)
#define PAC_MAX (256 * 1024)

static void
add_warning (OcsSettings *settings, char *warning)
{
  guint n = g_strv_length (settings->warnings);

  settings->warnings = g_renew (char *, settings->warnings, n + 2);
  settings->warnings[n] = warning;
  settings->warnings[n + 1] = NULL;
}

/* Each file that a login comes from. */
static void
check_modes (OcsSetup *setup, const OcsIni *ini)
{
  static const char *const keys[] = {"User", "Pwd", "ProxyUser", "ProxyPwd"};
  const OcsSettings *settings = setup->settings;
  g_autofree char *folder = g_path_get_dirname (setup->path);
  g_autofree char *told = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    const char *source = ocs_ini_source (ini, "HTTP", keys[i]);
    g_autofree char *path = source != NULL ? g_build_filename (folder, source, NULL) : g_strdup (setup->path);
    GStatBuf info;

    if ((i < 2 ? settings->server_user : settings->proxy_user) == NULL || g_strcmp0 (path, told) == 0)
      continue;
    if (g_stat (path, &info) == 0 && (info.st_mode & 0077) != 0)
      add_warning (setup->settings, g_strdup_printf ("%s holds a password and others can read it: chmod 600 %s", path, path));
    g_free (told);
    told = g_steal_pointer (&path);
  }
}

static void
check_deviceid (OcsSetup *setup)
{
  const char *preset = setup->settings->deviceid;

  if (preset != NULL && !ocs_deviceid_is_valid (preset))
    add_warning (setup->settings, g_strdup_printf ("DEVICEID=%s is not taken: write NAME-YYYY-MM-DD-hh-mm-ss", preset));
}

static void
load_bundle (OcsSetup *setup)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  const char *path = setup->settings->ca_bundle;

  if (path == NULL || !setup->settings->verify)
    return;
  if (!g_file_get_contents (path, &text, &length, &error))
    setup->ca_problem = g_strdup (error->message);
  else if (length > CA_BUNDLE_MAX)
    setup->ca_problem = g_strdup_printf ("%s is larger than %d bytes: name a file with the server's own CA only", path, CA_BUNDLE_MAX);
  else if (g_strstr_len (text, length, "-----BEGIN CERTIFICATE-----") == NULL)
    setup->ca_problem = g_strdup_printf ("%s holds no PEM certificate", path);
  else
    setup->ca_pem = g_steal_pointer (&text);
  if (setup->ca_problem != NULL && setup->settings->ca_bundle_is_given)
    add_warning (setup->settings, g_strdup_printf ("CaBundle: %s", setup->ca_problem));
}

/* What of path is PEM of that kind ("CERTIFICATE-----", "PRIVATE KEY-----"); NULL with a warning otherwise. */
static char *
read_pem (OcsSetup *setup, const char *key, const char *path, const char *kind)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  if (!g_file_get_contents (path, &text, &length, &error))
    add_warning (setup->settings, g_strdup_printf ("%s: %s", key, error->message));
  else if (length > CLIENT_PEM_MAX || strlen (text) != length || strstr (text, kind) == NULL)
    add_warning (setup->settings, g_strdup_printf ("%s: %s is no PEM file of that kind: convert it with openssl", key, path));
  else if (strstr (text, "ENCRYPTED") != NULL)
    add_warning (setup->settings, g_strdup_printf ("%s: %s has a passphrase, which nobody is there to type: take it off", key, path));
  else
    return g_steal_pointer (&text);
  ocs_secret_free (g_steal_pointer (&text));
  return NULL;
}

static void
load_client (OcsSetup *setup)
{
  const OcsSettings *settings = setup->settings;
  GStatBuf info;

  if (settings->client_cert == NULL)
    return;
  setup->client_cert = read_pem (setup, "ClientCert", settings->client_cert, "CERTIFICATE-----");
  setup->client_key = read_pem (setup, "ClientKey", settings->client_key, "PRIVATE KEY-----");
  if (g_stat (settings->client_key, &info) == 0 && (info.st_mode & 0077) != 0)
    add_warning (setup->settings, g_strdup_printf ("others can read the key %s: chmod 600 %s", settings->client_key, settings->client_key));
  if (setup->client_cert != NULL && setup->client_key != NULL)
    return;
  g_clear_pointer (&setup->client_cert, g_free);
  g_clear_pointer (&setup->client_key, ocs_secret_free);
}

static void
load_proxy_files (OcsSetup *setup)
{
  const OcsSettings *settings = setup->settings;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  if (settings->proxy_ca != NULL)
    setup->proxy_ca = read_pem (setup, "ProxyCa", settings->proxy_ca, "CERTIFICATE-----");
  if (settings->proxy_pac == NULL || strstr (settings->proxy_pac, "://") != NULL)
    return;
  if (!g_file_get_contents (settings->proxy_pac, &text, &length, &error))
    add_warning (setup->settings, g_strdup_printf ("ProxyPac: %s", error->message));
  else if (length > PAC_MAX || !g_utf8_validate (text, (gssize)length, NULL))
    add_warning (setup->settings,
                 g_strdup_printf ("ProxyPac: %s is larger than %d bytes or no text: name a PAC file", settings->proxy_pac, PAC_MAX));
  else
    setup->pac_text = g_steal_pointer (&text);
}

static void
load_signers (OcsSetup *setup)
{
  const char *path = setup->settings->require_signature;

  if (path != NULL)
    setup->signers = read_pem (setup, "RequireSignature", path, "CERTIFICATE-----");
}

/* The key is read only where it is needed. */
static OcsMachineKey *
find_key (const OcsIni *ini, const char *state_dir, char **problem)
{
  const GPtrArray *entries = ocs_ini_entries (ini);
  g_autoptr (GError) error = NULL;
  gboolean needed = FALSE;
  OcsMachineKey *key;

  for (guint i = 0; i < entries->len && !needed; i++)
    needed = ocs_seal_is_sealed (((const OcsIniEntry *)entries->pdata[i])->value);
  key = needed ? ocs_machinekey_load (state_dir, FALSE, &error) : NULL;
  *problem = error != NULL ? g_strdup (error->message) : NULL;
  return key;
}

static OcsSetup *
build (const char *path, const char *state_dir, const OcsIni *ini)
{
  OcsSetup *setup = g_new0 (OcsSetup, 1);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *problem = NULL;
  g_autoptr (OcsMachineKey) key = find_key (ini, state_dir, &problem);

  setup->path = g_strdup (path);
  setup->state_dir = g_strdup (state_dir);
  setup->settings = ocs_settings_read (ini, folder, key != NULL ? key->bytes : NULL);
  if (problem != NULL)
    add_warning (setup->settings, g_steal_pointer (&problem));
  check_modes (setup, ini);
  check_deviceid (setup);
  load_bundle (setup);
  load_client (setup);
  load_proxy_files (setup);
  load_signers (setup);
  return setup;
}

OcsSetup *
ocs_setup_load (const char *path, const char *state_dir)
{
  char *unreadable = NULL;
  g_autoptr (OcsIni) ini = ocs_inifiles_load (path, &unreadable);
  OcsSetup *setup = build (path, state_dir, ini);

  setup->unreadable = unreadable;
  return setup;
}

OcsSetup *
ocs_setup_load_with (const char *path, const char *state_dir, const char *text, gsize length)
{
  g_autoptr (OcsIni) ini = ocs_inifiles_load_with (path, text, length);

  return build (path, state_dir, ini);
}

void
ocs_setup_free (OcsSetup *setup)
{
  if (setup == NULL)
    return;
  g_free (setup->path);
  g_free (setup->state_dir);
  ocs_settings_free (setup->settings);
  g_free (setup->unreadable);
  g_free (setup->ca_pem);
  g_free (setup->ca_problem);
  g_free (setup->client_cert);
  g_free (setup->signers);
  ocs_secret_free (setup->client_key);
  g_free (setup->pac_text);
  g_free (setup->proxy_ca);
  g_free (setup);
}

gboolean
ocs_setup_check (const OcsSetup *setup, GError **error)
{
  const OcsSettings *settings = setup->settings;

  if (setup->unreadable != NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_CONFIGURED, "the configuration cannot be read (%s): put it there, or mend its mode",
                 setup->unreadable);
    return FALSE;
  }
  if (settings->local != NULL)
    return TRUE;
  if (settings->server == NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_CONFIGURED,
                 "no server is set: write Server=https://HOST/ocsinventory into the section [HTTP] of %s", setup->path);
    return FALSE;
  }
  if (ocs_url_is_https (settings->server) && settings->verify && setup->ca_pem == NULL && !settings->system_ca) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_TLS,
                 "the server's certificate cannot be checked (%s): put its CA certificate there, or set SystemCa=1",
                 setup->ca_problem != NULL ? setup->ca_problem : "no CaBundle is set");
    return FALSE;
  }
  return TRUE;
}

gboolean
ocs_setup_has_server (const OcsSetup *setup)
{
  return setup->settings->server != NULL && setup->settings->local == NULL;
}

gboolean
ocs_setup_is_insecure (const OcsSetup *setup)
{
  return !setup->settings->verify && ocs_setup_has_server (setup);
}

OcsTrust
ocs_setup_trust (const OcsSetup *setup)
{
  const OcsSettings *settings = setup->settings;

  return (OcsTrust) {
      .server_url = settings->server,
      .verify = settings->verify,
      .has_ca_bundle = setup->ca_pem != NULL,
      .system_ca = settings->system_ca,
      .allow_insecure_deployment = settings->allow_insecure_deployment,
      .requires_signature = settings->require_signature != NULL,
      .signers = setup->signers,
      .trusted_info_hosts = (const char *const *)settings->trusted_info_hosts,
  };
}

static const char *
get_variable (const char *lower, const char *upper)
{
  const char *value = g_getenv (lower);

  return value != NULL || upper == NULL ? value : g_getenv (upper);
}

static JsonObject *
build_route (const OcsSetup *setup, OcsRoutePurpose purpose, JsonObject *plan)
{
  OcsTrust trust = ocs_setup_trust (setup);
  OcsInfoTrust info_trust = ocs_trust_for_info (&trust);
  OcsRoutePem pem = {setup->ca_pem, setup->client_cert, setup->client_key};
  JsonObject *route = ocs_route_build (setup->settings, purpose, &info_trust, &pem);

  json_object_set_string_member (plan, "purpose", ocs_ways_purpose_name (purpose));
  json_object_set_object_member (route, "plan", plan);
  return route;
}

gboolean
ocs_setup_has_same_ways (const OcsSetup *setup, const OcsSetup *other)
{
  for (guint purpose = OCS_ROUTE_SERVER; purpose <= OCS_ROUTE_FRAGMENT; purpose++) {
    g_autoptr (JsonObject) left = ocs_setup_route (setup, purpose), right = ocs_setup_route (other, purpose);
    char *left_text = ocs_json_write (left), *right_text = ocs_json_write (right);
    gboolean same = g_strcmp0 (left_text, right_text) == 0;

    ocs_secret_free (left_text);
    ocs_secret_free (right_text);
    if (!same)
      return FALSE;
  }
  return g_strcmp0 (setup->settings->server, other->settings->server) == 0;
}

JsonObject *
ocs_setup_route (const OcsSetup *setup, OcsRoutePurpose purpose)
{
  /* HTTP_PROXY in capitals is what a web server makes of a header "Proxy:"; programs leave it alone, and so do we. */
  OcsWaysSources sources = {
      .http_proxy = get_variable ("http_proxy", NULL),
      .https_proxy = get_variable ("https_proxy", "HTTPS_PROXY"),
      .all_proxy = get_variable ("all_proxy", "ALL_PROXY"),
      .no_proxy = get_variable ("no_proxy", "NO_PROXY"),
      .pac_text = setup->pac_text,
      .proxy_ca = setup->proxy_ca,
  };

  return build_route (setup, purpose, ocs_ways_plan (setup->settings, purpose, &sources));
}

gboolean
ocs_setup_may_go_direct (const OcsSetup *setup, OcsRoutePurpose purpose)
{
  const OcsSettings *settings = setup->settings;
  gboolean proxied = (settings->proxied & (1u << purpose)) != 0
                     && (settings->proxy_kind != OCS_PROXY_NONE || settings->proxy_pac != NULL || settings->proxy_auto_detect
                         || settings->proxy_from_environment);

  return proxied && (settings->direct & (1u << purpose)) != 0;
}

JsonObject *
ocs_setup_route_direct (const OcsSetup *setup, OcsRoutePurpose purpose)
{
  if (!ocs_setup_may_go_direct (setup, purpose))
    return NULL;
  return build_route (setup, purpose, ocs_ways_plan_direct (OCS_WHY_LAST_RESORT));
}

OcsSpaceRules
ocs_setup_space (const OcsSetup *setup)
{
  return (OcsSpaceRules) {
      .keep = (gint64)setup->settings->keep_free * 1024 * 1024,
      .quota = (gint64)setup->settings->package_quota * 1024 * 1024,
  };
}
