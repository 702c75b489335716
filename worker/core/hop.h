/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One proxy as people, environments and PAC files write it: [scheme://][user:password@]host[:port][/]. Pure. */
#pragma once
#include "ipc/status.h"

/* Of a list, which may come from outside. */
#define OCS_HOPS_MAX 16

typedef struct {
  OcsProxyKind kind; /* NONE: no proxy, the way is direct; host is NULL then */
  char *host;        /* owned, nullable; lower case, an IPv6 address without brackets */
  int port;
  char *user;     /* owned, nullable, secret; as it stands in the address, percent signs read */
  char *password; /* owned, nullable, secret; NULL exactly where user is */
  /* What was written, for warnings. */
  gboolean has_port;
  gboolean has_login;
  gboolean has_scheme;
  gboolean odd_scheme; /* one that is not known: kind is the caller's */
} OcsHop;

/* kind, port: where text says none. OCS_ERROR_INVALID_DATA; the message never holds the login. */
OcsHop *ocs_hop_parse (const char *text, OcsProxyKind kind, int port, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_hop_free (OcsHop *hop);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsHop, ocs_hop_free)

/* Several, with ; or , or blanks between them. What cannot be read is left out, and a line about it goes to problems
 * (element-type char*, nullable). transfer full; element-type OcsHop. */
GPtrArray *ocs_hops_parse (const char *text, OcsProxyKind kind, int port, GPtrArray *problems);

/* What FindProxyForURL() returned: "PROXY a:8080; SOCKS5 b:1080; DIRECT" (PROXY and HTTP, HTTPS, SOCKS and SOCKS4, SOCKS5, DIRECT, as
 * browsers read them). Logins in it are dropped. What cannot be read is left out; OCS_ERROR_INVALID_DATA where nothing is left. transfer
 * full; element-type OcsHop. */
GPtrArray *ocs_hops_parse_pac (const char *answer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "host:port", an IPv6 address in brackets. transfer full. */
char *ocs_hop_join (const char *host, int port);
