/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Must not know GTK, nor a network. */
#define G_LOG_DOMAIN "ocs-reach"
#include "tray/view/reach.h"

#include "tray/view/route.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>

static const char *const kinds[] = {
    [OCS_PROXY_NONE] = N_ ("No proxy"),        [OCS_PROXY_HTTP] = N_ ("HTTP"),           [OCS_PROXY_SOCKS4] = N_ ("SOCKS 4"),
    [OCS_PROXY_SOCKS5] = N_ ("SOCKS 5"),       [OCS_PROXY_HTTPS] = N_ ("HTTP over TLS"), [OCS_PROXY_SOCKS4A] = N_ ("SOCKS 4a"),
    [OCS_PROXY_SOCKS5_LOCAL] = N_ ("SOCKS 5"),
};

static char *
ways_of (const OcsProxyStatus *proxy)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  for (guint i = 0; proxy->ways && i < proxy->ways->len; i++) {
    const OcsWay *way = proxy->ways->pdata[i];
    g_autofree char *where = ocs_route_describe (way);
    g_string_append_printf (lines, "%s", lines->len > 0 ? "\n" : "");
    g_string_append_printf (lines, C_ ("a caption: a text", "%s: %s"), ocs_route_purpose (way->purpose), where);
  }
  return lines->len > 0 ? g_string_free (g_steal_pointer (&lines), FALSE) : NULL;
}

static char *
encryption_of (const OcsStatus *status)
{
  gboolean tls = status->server && g_ascii_strncasecmp (status->server, "https:", 6) == 0;
  if (status->server == NULL)
    return NULL;
  if (!tls)
    return g_strdup (_ ("None: what is sent can be read on the way"));
  return g_strdup (status->insecure ? _ ("TLS, but the server's certificate is not checked")
                                    : _ ("TLS, and the server's certificate is checked"));
}

OcsReach *
ocs_reach_build (const OcsStatus *status)
{
  const OcsProxyStatus *proxy = &status->proxy;
  OcsReach *reach = g_new0 (OcsReach, 1);
  const char *kind = (guint)proxy->kind < G_N_ELEMENTS (kinds) ? _ (kinds[proxy->kind]) : _ (kinds[OCS_PROXY_HTTP]);
  g_autofree char *address = ocs_words_proxy_address (proxy);
  gboolean caches = proxy->kind == OCS_PROXY_HTTP || proxy->kind == OCS_PROXY_HTTPS;
  reach->server = g_strdup (status->server ? status->server : _ ("not shown to you, or not set"));
  reach->encryption = encryption_of (status);
  reach->proxy = address ? g_strdup_printf (C_ ("a kind of proxy, its address", "%s, %s"), kind, address) : g_strdup (kind);
  reach->ways = ways_of (proxy);
  reach->savings = ocs_words_savings (proxy);
  reach->trouble = ocs_words_reason (proxy->reason);
  if (proxy->kind == OCS_PROXY_NONE)
    return reach;
  reach->login = ocs_words_login (proxy);
  if (caches || proxy->verdict != OCS_VERDICT_UNKNOWN)
    reach->cache = ocs_words_sentence (ocs_words_verdict (proxy));
  return reach;
}

void
ocs_reach_free (OcsReach *reach)
{
  char *texts[] = {reach->server, reach->encryption, reach->proxy, reach->login, reach->cache, reach->trouble, reach->ways, reach->savings};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_free (reach);
}
