/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/proxyauth.h"

const char *const ocs_proxy_auth_names[] = {
    [OCS_PROXY_AUTH_SAFE] = "safe",           [OCS_PROXY_AUTH_ANY] = "any",
    [OCS_PROXY_AUTH_BASIC] = "basic",         [OCS_PROXY_AUTH_DIGEST] = "digest",
    [OCS_PROXY_AUTH_NEGOTIATE] = "negotiate", [OCS_PROXY_AUTH_NTLM] = "ntlm",
    [OCS_PROXY_AUTH_NTLM + 1] = NULL,
};

gboolean
ocs_proxy_auth_from_name (const char *name, OcsProxyAuth *auth)
{
  for (guint i = 0; name != NULL && ocs_proxy_auth_names[i] != NULL; i++)
    if (g_ascii_strcasecmp (name, ocs_proxy_auth_names[i]) == 0) {
      *auth = (OcsProxyAuth)i;
      return TRUE;
    }
  return FALSE;
}
