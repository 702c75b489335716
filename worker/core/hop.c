/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/hop.h"
#include "ipc/error.h"
#include "worker/core/url.h"
#include "worker/core/vault.h"

#include <string.h>

#define PAC_ANSWER_MAX 4096

/* As libcurl reads a scheme before a proxy, and so the Windows agent: "socks5" and "socks4" look names up here, "socks5h" and "socks4a"
 * there. */
static const struct {
  const char *scheme;
  OcsProxyKind kind;
} schemes[] = {
    {"http", OCS_PROXY_HTTP},           {"https", OCS_PROXY_HTTPS},    {"socks4", OCS_PROXY_SOCKS4}, {"socks4a", OCS_PROXY_SOCKS4A},
    {"socks5", OCS_PROXY_SOCKS5_LOCAL}, {"socks5h", OCS_PROXY_SOCKS5}, {"socks", OCS_PROXY_SOCKS5},
};

/* The words of a PAC file. A browser's SOCKS means version 4; SOCKS5 leaves the names to the proxy. */
static const struct {
  const char *word;
  OcsProxyKind kind;
  int port; /* where none is written */
} words[] = {
    {"DIRECT", OCS_PROXY_NONE, 0},      {"PROXY", OCS_PROXY_HTTP, 80},     {"HTTP", OCS_PROXY_HTTP, 80},
    {"HTTPS", OCS_PROXY_HTTPS, 443},    {"SOCKS", OCS_PROXY_SOCKS4, 1080}, {"SOCKS4", OCS_PROXY_SOCKS4, 1080},
    {"SOCKS5", OCS_PROXY_SOCKS5, 1080},
};

void
ocs_hop_free (OcsHop *hop)
{
  if (hop == NULL)
    return;
  g_free (hop->host);
  ocs_secret_free (hop->user);
  ocs_secret_free (hop->password);
  g_free (hop);
}

static const char *
skip_scheme (OcsHop *hop, const char *text)
{
  const char *end = strstr (text, "://");
  g_autofree char *scheme = end != NULL ? g_ascii_strdown (text, end - text) : NULL;

  if (end == NULL)
    return text;
  hop->has_scheme = TRUE;
  hop->odd_scheme = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_str_equal (scheme, schemes[i].scheme)) {
      hop->kind = schemes[i].kind;
      hop->odd_scheme = FALSE;
    }
  return end + 3;
}

/* user[:password]; nothing where it does not decode to clean text: a login must not be guessed. */
static void
read_login (OcsHop *hop, const char *text, gsize length)
{
  const char *colon = memchr (text, ':', length);
  char *user = g_uri_unescape_segment (text, colon != NULL ? colon : text + length, NULL);
  char *password = colon != NULL ? g_uri_unescape_segment (colon + 1, text + length, NULL) : g_strdup ("");

  hop->has_login = TRUE;
  if (user == NULL || password == NULL || *user == '\0') {
    ocs_secret_free (user);
    ocs_secret_free (password);
    return;
  }
  hop->user = user;
  hop->password = password;
}

OcsHop *
ocs_hop_parse (const char *text, OcsProxyKind kind, int port, GError **error)
{
  g_autoptr (OcsHop) hop = g_new0 (OcsHop, 1);
  const char *rest;
  g_autofree char *authority = NULL;
  const char *at;
  guint16 written = 0;

  hop->kind = kind;
  rest = skip_scheme (hop, text);
  authority = g_strndup (rest, strcspn (rest, "/"));
  at = strrchr (authority, '@');
  if (at != NULL)
    read_login (hop, authority, (gsize)(at - authority));
  if (!ocs_url_split_host (at != NULL ? at + 1 : authority, &hop->host, &written, error))
    return NULL;
  hop->has_port = written != 0;
  hop->port = written != 0 ? written : port;
  return g_steal_pointer (&hop);
}

GPtrArray *
ocs_hops_parse (const char *text, OcsProxyKind kind, int port, GPtrArray *problems)
{
  GPtrArray *hops = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_hop_free);
  g_auto (GStrv) parts = g_strsplit_set (text != NULL ? text : "", ";, \t", -1);

  for (guint i = 0; parts[i] != NULL; i++) {
    g_autoptr (GError) error = NULL;
    OcsHop *hop;

    if (*parts[i] == '\0')
      continue;
    hop = hops->len < OCS_HOPS_MAX ? ocs_hop_parse (parts[i], kind, port, &error) : NULL;
    if (hop != NULL)
      g_ptr_array_add (hops, hop);
    else if (problems != NULL)
      g_ptr_array_add (problems, error != NULL ? g_strdup (error->message) : g_strdup_printf ("more than %d proxies", OCS_HOPS_MAX));
  }
  return hops;
}

/* NULL where part is nothing that is known. */
static OcsHop *
parse_pac_part (const char *part)
{
  gsize length = strcspn (part, " \t");
  g_autofree char *rest = g_strstrip (g_strdup (part + length));

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autoptr (OcsHop) hop = NULL;

    if (strlen (words[i].word) != length || g_ascii_strncasecmp (part, words[i].word, length) != 0)
      continue;
    if (words[i].kind == OCS_PROXY_NONE)
      return *rest == '\0' ? g_new0 (OcsHop, 1) : NULL;
    hop = ocs_hop_parse (rest, words[i].kind, words[i].port, NULL);
    if (hop == NULL || hop->has_scheme || hop->has_login)
      return NULL;
    return g_steal_pointer (&hop);
  }
  return NULL;
}

GPtrArray *
ocs_hops_parse_pac (const char *answer, GError **error)
{
  g_autoptr (GPtrArray) hops = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_hop_free);
  g_auto (GStrv) parts = strlen (answer) <= PAC_ANSWER_MAX ? g_strsplit (answer, ";", -1) : NULL;

  for (guint i = 0; parts != NULL && parts[i] != NULL && hops->len < OCS_HOPS_MAX; i++) {
    OcsHop *hop = parse_pac_part (g_strstrip (parts[i]));

    if (hop != NULL)
      g_ptr_array_add (hops, hop);
  }
  if (hops->len > 0)
    return g_steal_pointer (&hops);
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INVALID_DATA,
                       "the PAC file names no proxy in a way that is known (\"PROXY host:port; DIRECT\"): mend its FindProxyForURL()");
  return NULL;
}

char *
ocs_hop_join (const char *host, int port)
{
  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host, port);
}
