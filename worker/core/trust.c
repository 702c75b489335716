/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/trust.h"
#include "ipc/error.h"
#include "worker/core/signature.h"
#include "worker/core/url.h"

#include <string.h>

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_UNTRUSTED, message);
  return FALSE;
}

static gboolean
allows_certificate (const OcsTrust *trust, GError **error)
{
  if (!trust->verify)
    return trust->allow_insecure_deployment || trust->requires_signature
           || refuse (error, "packages are not taken while certificates are not checked (SSL=0): set SSL=1 and CaBundle= in [HTTP], or in "
                             "[OCS Companion] RequireSignature=, or AllowInsecureDeployment=1");
  if (trust->has_ca_bundle || (ocs_url_is_https (trust->server_url) && trust->system_ca))
    return TRUE;
  if (ocs_url_is_https (trust->server_url))
    return refuse (error, "packages are not taken without a certificate to check the server by: set CaBundle= in [HTTP], or SystemCa=1 in "
                          "[OCS Companion]");
  return refuse (error, "packages are not taken from a server without https unless CaBundle= in [HTTP] names the certificate that their "
                        "info is checked by (the system's certificates do not count here)");
}

static gboolean
is_listed (const char *const *hosts, const char *host)
{
  for (guint i = 0; hosts != NULL && hosts[i] != NULL; i++)
    if (g_ascii_strcasecmp (hosts[i], host) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
allows_host (const OcsTrust *trust, const OcsOffer *offer, GError **error)
{
  g_autofree char *server = ocs_url_host (trust->server_url);
  g_autofree char *host = ocs_url_location_host (offer->info_loc, NULL);

  if (ocs_url_is_https (trust->server_url))
    return TRUE;
  if (host != NULL && (g_strcmp0 (server, host) == 0 || is_listed (trust->trusted_info_hosts, host)))
    return TRUE;
  g_set_error (
      error, OCS_ERROR, OCS_ERROR_UNTRUSTED,
      "the info of package %s lies on %s, not on the server, which has no https: add %s to TrustedInfoHosts= in [OCS Companion] if "
      "that is right",
      offer->id, host != NULL ? host : "an unknown host", host != NULL ? host : "it");
  return FALSE;
}

gboolean
ocs_trust_allows (const OcsTrust *trust, const OcsOffer *offer, GError **error)
{
  return allows_certificate (trust, error) && allows_host (trust, offer, error);
}

gboolean
ocs_trust_allows_postcmd (const OcsTrust *trust, const char *postcmd, GError **error)
{
  if (postcmd == NULL || *postcmd == '\0')
    return TRUE;
  if (g_str_equal (postcmd, "REBOOT") || g_str_equal (postcmd, "SHUTDOWN"))
    return TRUE;
  if (ocs_url_is_https (trust->server_url) && (trust->verify || trust->allow_insecure_deployment))
    return TRUE;
  if (trust->requires_signature)
    return TRUE;
  return refuse (error, "a command after the package (POSTCMD) is taken only from a server with https and a checked certificate: set "
                        "Server=https://… and SSL=1 in [HTTP]");
}

static gboolean
check_signature (const OcsTrust *trust, const OcsOffer *offer, const OcsInfo *info, GError **error)
{
  g_autofree char *text = ocs_signature_text (info, offer->postcmd, error);
  g_autofree guchar *signature = NULL;
  gsize length = 0;

  if (text == NULL)
    return FALSE;
  signature = g_base64_decode (info->signature, &length);
  return ocs_signature_check (trust->signers, signature, length, text, error);
}

gboolean
ocs_trust_allows_info (const OcsTrust *trust, const OcsOffer *offer, const OcsInfo *info, GError **error)
{
  if (!trust->requires_signature)
    return TRUE;
  if (trust->signers == NULL)
    return refuse (error, "packages must be signed, but the file that RequireSignature= names cannot be read: put the certificate of who "
                          "signs them there");
  if (info->signature != NULL && *info->signature != '\0')
    return check_signature (trust, offer, info, error);
  g_set_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED,
               "package %s is not signed, which RequireSignature= asks for: sign it on the server with ocs-sign", offer->id);
  return FALSE;
}

gboolean
ocs_trust_allows_package (const OcsTrust *trust, const OcsOffer *offer, const OcsInfo *info, GError **error)
{
  return ocs_trust_allows (trust, offer, error) && ocs_trust_allows_postcmd (trust, offer->postcmd, error)
         && (info == NULL || ocs_trust_allows_info (trust, offer, info, error));
}

OcsInfoTrust
ocs_trust_for_info (const OcsTrust *trust)
{
  return (OcsInfoTrust) {
      .verify = trust->verify || !(trust->allow_insecure_deployment || trust->requires_signature),
      .use_ca_bundle = trust->has_ca_bundle,
      .system_ca = trust->system_ca && ocs_url_is_https (trust->server_url),
  };
}
