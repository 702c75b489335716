/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a login to the proxy may be made: the value of ProxyAuth= and of auth in a route. Pure. */
#pragma once
#include <glib.h>

typedef enum {
  OCS_PROXY_AUTH_SAFE, /* the safest that the proxy asks for, but never Basic; first: what is not known means this */
  OCS_PROXY_AUTH_ANY,  /* the same, down to Basic, which shows the password to everybody on the way */
  OCS_PROXY_AUTH_BASIC,
  OCS_PROXY_AUTH_DIGEST,
  OCS_PROXY_AUTH_NEGOTIATE, /* Kerberos, by the courier's keytab */
  OCS_PROXY_AUTH_NTLM,
} OcsProxyAuth;

/* By the enum's number; NULL at the end. */
extern const char *const ocs_proxy_auth_names[];

/* FALSE for an unknown name; auth is then left alone. name: nullable; case does not matter. */
gboolean ocs_proxy_auth_from_name (const char *name, OcsProxyAuth *auth) G_GNUC_WARN_UNUSED_RESULT;
