/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/options.h"
#include "ipc/error.h"
#include "worker/core/url.h"
#include <string.h>
#include <sys/socket.h>

#define URL_MAX 2048
/* Seconds; an inventory over a slow line to a slow server is far from it. */
#define WHOLE_TIME_MAX 3600L
#define BUFFER_SIZE (256L * 1024)
#define PIECE_MIN (16 * 1024)
#define AHEAD (256 * 1024)

/* What the server's user and password can answer. */
#define AUTHENTICATION ((long)(CURLAUTH_BASIC | CURLAUTH_DIGEST | CURLAUTH_NTLM))

typedef CURLU OcsCurlUrl;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsCurlUrl, curl_url_cleanup)

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, message);
  return FALSE;
}

static gboolean
is_printable (const char *text, gboolean spaces)
{
  for (const char *at = text; *at != '\0'; at++)
    if ((guchar)*at < ' ' || *at == 0x7f || (*at == ' ' && !spaces))
      return FALSE;
  return TRUE;
}

/* libcurl's strings are freed by libcurl. */
static char *
dup_part (CURLU *url, CURLUPart part, unsigned int flags)
{
  char *text = NULL, *copy;

  if (curl_url_get (url, part, &text, flags) != CURLUE_OK)
    return NULL;
  copy = g_strdup (text);
  curl_free (text);
  return copy;
}

static char *
dup_server (const char *text, GError **error)
{
  g_autoptr (OcsCurlUrl) url = curl_url ();
  g_autofree char *scheme = NULL, *host = NULL, *port = NULL, *user = NULL, *password = NULL;

  if (curl_url_set (url, CURLUPART_URL, text, 0) == CURLUE_OK) {
    scheme = dup_part (url, CURLUPART_SCHEME, 0);
    host = dup_part (url, CURLUPART_HOST, 0);
    port = dup_part (url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    user = dup_part (url, CURLUPART_USER, 0);
    password = dup_part (url, CURLUPART_PASSWORD, 0);
  }
  if (scheme == NULL || host == NULL || *host == '\0' || (strcmp (scheme, "http") != 0 && strcmp (scheme, "https") != 0)) {
    fail (error, "the address is no http or https URL: check Server= in ocsinventory.ini");
    return NULL;
  }
  if (user != NULL || password != NULL) {
    fail (error, "the address holds a login: take it out of Server= and set User= and Pwd= in ocsinventory.ini");
    return NULL;
  }
  return g_strdup_printf ("%s:%s", host, port != NULL ? port : "?");
}

char *
ocs_options_check (const OcsOptions *request, GError **error)
{
  g_autofree char *server = NULL;

  if (request->url == NULL || strlen (request->url) > URL_MAX || !is_printable (request->url, FALSE)) {
    fail (error, "the address is missing, too long or has odd characters: check Server= in ocsinventory.ini");
    return NULL;
  }
  if (request->user_agent == NULL || !is_printable (request->user_agent, TRUE)) {
    fail (error, "the User-Agent is missing or has odd characters");
    return NULL;
  }
  for (guint i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
    if (!is_printable (request->headers[i], TRUE)) {
      fail (error, "a header has odd characters");
      return NULL;
    }
  server = dup_server (request->url, error);
  if (server == NULL)
    return NULL;
  if (g_ascii_strncasecmp (request->url, "https:", 6) == 0 && request->route->verify && !request->route->system_ca
      && request->route->ca_pem == NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_TLS,
                 "no authority is known that could vouch for %s: set CaBundle= in ocsinventory.ini to a file with its certificate", server);
    return NULL;
  }
  return g_steal_pointer (&server);
}

char *
ocs_options_dup_key (const OcsOptions *request)
{
  const OcsRoute *route = request->route;
  gboolean server_login = request->purpose == OCS_PURPOSE_EXCHANGE && route->user != NULL;

  if (request->fresh || (route->proxy_user == NULL && !request->ticket && !server_login))
    return NULL;
  return g_strdup_printf ("%d %d %d %s %d %s\n%s\n%s", route->proxy_auth, request->ticket, route->proxy_kind,
                          route->proxy_host != NULL ? route->proxy_host : "", route->proxy_port,
                          route->proxy_user != NULL ? route->proxy_user : "", server_login ? route->user : "",
                          server_login ? request->url : "");
}

struct curl_slist *
ocs_options_lines (const OcsOptions *request)
{
  struct curl_slist *lines = NULL;

  for (guint i = 0; request->headers != NULL && request->headers[i] != NULL; i++)
    lines = curl_slist_append (lines, request->headers[i]);
  /* Some servers answer 417, and a small POST gains nothing. */
  if (request->post != NULL)
    lines = curl_slist_append (lines, "Expect:");
  return lines;
}

/* Bytes that the kernel may take in ahead of us, 0 for as many as it likes: what is there when a low limit makes us wait has crossed the
 * line already. A cache next door still comes at its full speed. Not where there are hours without a limit, or with a high one, which a
 * long line needs more for than the kernel lets us ask for. */
static int
get_ahead (const OcsRoute *route)
{
  gint64 most = route->bandwidth_hours != NULL ? MAX (route->bandwidth, route->bandwidth_other) : route->bandwidth;
  gboolean always = route->bandwidth > 0 && (route->bandwidth_hours == NULL || route->bandwidth_other > 0);

  return always && most <= AHEAD ? AHEAD : 0;
}

/* Larger pieces are quicker; under a low limit each is a second's worth. */
static long
get_piece (const OcsRoute *route)
{
  gint64 limit = route->bandwidth > 0 ? route->bandwidth : route->bandwidth_other;

  if (route->bandwidth > 0 && route->bandwidth_other > 0)
    limit = MIN (route->bandwidth, route->bandwidth_other);
  return limit > 0 ? (long)CLAMP (limit, PIECE_MIN, BUFFER_SIZE) : BUFFER_SIZE;
}

static int
on_curl_socket (void *user_data, curl_socket_t socket, curlsocktype purpose)
{
  int ahead = GPOINTER_TO_INT (user_data);

  if (ahead > 0)
    setsockopt (socket, SOL_SOCKET, SO_RCVBUF, &ahead, sizeof ahead);
  return CURL_SOCKOPT_OK;
}

static void
apply_general (const OcsOptions *request, CURL *easy, struct curl_slist *lines)
{
  curl_easy_setopt (easy, CURLOPT_URL, request->url);
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt (easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  curl_easy_setopt (easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt (easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
  curl_easy_setopt (easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt (easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt (easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
  curl_easy_setopt (easy, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt (easy, CURLOPT_BUFFERSIZE, get_piece (request->route));
  curl_easy_setopt (easy, CURLOPT_SOCKOPTFUNCTION, on_curl_socket);
  curl_easy_setopt (easy, CURLOPT_SOCKOPTDATA, GINT_TO_POINTER (get_ahead (request->route)));
  curl_easy_setopt (easy, CURLOPT_USERAGENT, request->user_agent);
  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, lines);
  curl_easy_setopt (easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
  curl_easy_setopt (easy, CURLOPT_FRESH_CONNECT, request->fresh ? 1L : 0L);
  curl_easy_setopt (easy, CURLOPT_CONNECTTIMEOUT, (long)request->route->connect_timeout);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  /* Who says a byte a second is not silent, and must end all the same; a part of a package may take its time. */
  curl_easy_setopt (easy, CURLOPT_TIMEOUT, request->purpose == OCS_PURPOSE_OBJECT && !request->head ? 0L : WHOLE_TIME_MAX);
  curl_easy_setopt (easy, CURLOPT_LOW_SPEED_TIME, (long)request->route->stall_timeout);
  if (request->post != NULL) {
    curl_easy_setopt (easy, CURLOPT_NOBODY, 0L);
    curl_easy_setopt (easy, CURLOPT_POST, 1L);
    curl_easy_setopt (easy, CURLOPT_POSTFIELDS, request->post->data);
    curl_easy_setopt (easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->post->len);
  } else if (request->head) {
    curl_easy_setopt (easy, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt (easy, CURLOPT_NOBODY, 0L);
    curl_easy_setopt (easy, CURLOPT_HTTPGET, 1L);
  }
}

/* What the route's login can answer and may: Negotiate would win over the others where a proxy offers it, and needs a ticket. */
long
ocs_options_proxy_methods (const OcsRoute *route, gboolean ticket)
{
  static const unsigned long masks[] = {
      [OCS_PROXY_AUTH_SAFE] = CURLAUTH_NEGOTIATE | CURLAUTH_DIGEST | CURLAUTH_NTLM,
      [OCS_PROXY_AUTH_ANY] = CURLAUTH_NEGOTIATE | CURLAUTH_DIGEST | CURLAUTH_NTLM | CURLAUTH_BASIC,
      [OCS_PROXY_AUTH_BASIC] = CURLAUTH_BASIC,
      [OCS_PROXY_AUTH_DIGEST] = CURLAUTH_DIGEST,
      [OCS_PROXY_AUTH_NEGOTIATE] = CURLAUTH_NEGOTIATE,
      [OCS_PROXY_AUTH_NTLM] = CURLAUTH_NTLM,
  };
  unsigned long mask = masks[route->proxy_auth];

  if (!ticket)
    mask &= ~CURLAUTH_NEGOTIATE;
  if (route->proxy_user == NULL)
    mask &= ~(CURLAUTH_BASIC | CURLAUTH_DIGEST | CURLAUTH_NTLM);
  return (long)mask;
}

static gboolean
speaks_http (OcsProxyKind kind)
{
  return kind == OCS_PROXY_HTTP || kind == OCS_PROXY_HTTPS;
}

gboolean
ocs_options_wants_ticket (const OcsRoute *route)
{
  return speaks_http (route->proxy_kind) && route->proxy_keytab != NULL
         && (ocs_options_proxy_methods (route, TRUE) & (long)CURLAUTH_NEGOTIATE) != 0;
}

/* A SOCKS proxy knows one way only, in clear; it is taken where Basic would be. */
static gboolean
may_log_in (const OcsRoute *route, long methods)
{
  if (!speaks_http (route->proxy_kind))
    return route->proxy_auth == OCS_PROXY_AUTH_ANY || route->proxy_auth == OCS_PROXY_AUTH_BASIC;
  return methods != 0;
}

/* An address needs no looking up: a proxy of version 4a would be given it as a name, and may look in DNS for that. */
static OcsProxyKind
get_kind (const OcsRoute *route, const char *url)
{
  g_autofree char *host = ocs_url_host (url);

  if (route->proxy_kind == OCS_PROXY_SOCKS4A && host != NULL && strchr (host, ':') == NULL && g_hostname_is_ip_address (host))
    return OCS_PROXY_SOCKS4;
  return route->proxy_kind;
}

static void
apply_proxy (const OcsRoute *route, const char *url, gboolean ticket, CURL *easy)
{
  static const long types[] = {
      [OCS_PROXY_NONE] = CURLPROXY_HTTP,
      [OCS_PROXY_HTTP] = CURLPROXY_HTTP,
      [OCS_PROXY_SOCKS4] = CURLPROXY_SOCKS4,
      /* The proxy looks names up: behind a SOCKS proxy a machine often cannot. */
      [OCS_PROXY_SOCKS5] = CURLPROXY_SOCKS5_HOSTNAME,
      [OCS_PROXY_HTTPS] = CURLPROXY_HTTPS,
      [OCS_PROXY_SOCKS4A] = CURLPROXY_SOCKS4A,
      [OCS_PROXY_SOCKS5_LOCAL] = CURLPROXY_SOCKS5,
  };
  g_autofree char *host = NULL;
  long methods = ocs_options_proxy_methods (route, ticket);
  /* A ticket needs no user, but libcurl goes by there being one. */
  const char *user = route->proxy_user != NULL ? route->proxy_user : ticket ? "" : NULL;
  const char *password = route->proxy_password != NULL ? route->proxy_password : "";

  if (!may_log_in (route, methods))
    user = NULL;
  if (route->proxy_kind != OCS_PROXY_NONE)
    host = g_strdup_printf (strchr (route->proxy_host, ':') != NULL && *route->proxy_host != '[' ? "[%s]" : "%s", route->proxy_host);
  curl_easy_setopt (easy, CURLOPT_PROXY, host != NULL ? host : "");
  curl_easy_setopt (easy, CURLOPT_PROXYTYPE, types[get_kind (route, url)]);
  curl_easy_setopt (easy, CURLOPT_PROXYPORT, (long)route->proxy_port);
  curl_easy_setopt (easy, CURLOPT_NOPROXY, "");
  curl_easy_setopt (easy, CURLOPT_PROXYAUTH, methods);
  curl_easy_setopt (easy, CURLOPT_PROXYUSERNAME, user);
  curl_easy_setopt (easy, CURLOPT_PROXYPASSWORD, user != NULL ? password : NULL);
}

static void
apply_login (const OcsOptions *request, CURL *easy)
{
  const char *user = request->purpose == OCS_PURPOSE_EXCHANGE ? request->route->user : NULL;
  const char *password = request->route->password != NULL ? request->route->password : "";

  curl_easy_setopt (easy, CURLOPT_HTTPAUTH, user != NULL ? AUTHENTICATION : (long)CURLAUTH_BASIC);
  curl_easy_setopt (easy, CURLOPT_USERNAME, user);
  curl_easy_setopt (easy, CURLOPT_PASSWORD, user != NULL ? password : NULL);
}

static struct curl_blob
blob_of (char *text)
{
  return (struct curl_blob) {.data = text, .len = text != NULL ? strlen (text) : 0, .flags = CURL_BLOB_COPY};
}

/* Shown only to a server that asks for it, and never to one that serves fragments. */
static void
apply_client (const OcsOptions *request, CURL *easy)
{
  const OcsRoute *route = request->route;
  gboolean shown = (request->purpose == OCS_PURPOSE_EXCHANGE || request->purpose == OCS_PURPOSE_INFO) && route->client_cert != NULL;
  struct curl_blob cert = blob_of (route->client_cert), key = blob_of (route->client_key);

  curl_easy_setopt (easy, CURLOPT_SSLCERTTYPE, "PEM");
  curl_easy_setopt (easy, CURLOPT_SSLKEYTYPE, "PEM");
  curl_easy_setopt (easy, CURLOPT_SSLCERT_BLOB, shown ? &cert : NULL);
  curl_easy_setopt (easy, CURLOPT_SSLKEY_BLOB, shown ? &key : NULL);
  /* Without this OpenSSL would ask for a passphrase on the terminal. */
  curl_easy_setopt (easy, CURLOPT_KEYPASSWD, "");
}

/* TLS to the proxy itself, which vouches for nothing but that it is the one: always checked, by ProxyCa= or the system's store. */
static gboolean
apply_proxy_tls (const OcsRoute *route, CURL *easy)
{
  struct curl_blob blob = blob_of (route->proxy_ca_pem);
  curl_version_info_data *version = curl_version_info (CURLVERSION_NOW);
  gboolean store = route->proxy_ca_pem == NULL;
  CURLcode code;

  curl_easy_setopt (easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  curl_easy_setopt (easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  curl_easy_setopt (easy, CURLOPT_PROXY_CAINFO, store ? version->cainfo : NULL);
  curl_easy_setopt (easy, CURLOPT_PROXY_CAPATH, store ? version->capath : NULL);
  code = curl_easy_setopt (easy, CURLOPT_PROXY_CAINFO_BLOB, store ? NULL : &blob);
  return code == CURLE_OK || route->proxy_kind != OCS_PROXY_HTTPS;
}

/* FALSE where libcurl's TLS cannot do what the route asks for: it must not go on with less. */
static gboolean
apply_tls (const OcsRoute *route, CURL *easy)
{
  struct curl_blob blob = blob_of (route->ca_pem);
  curl_version_info_data *version = curl_version_info (CURLVERSION_NOW);
  gboolean store = route->ca_pem == NULL && route->system_ca;
  CURLcode code = CURLE_OK;

  curl_easy_setopt (easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYPEER, route->verify ? 1L : 0L);
  curl_easy_setopt (easy, CURLOPT_SSL_VERIFYHOST, route->verify ? 2L : 0L);
  curl_easy_setopt (easy, CURLOPT_CAINFO, store ? version->cainfo : NULL);
  /* A folder of the system would be looked at beside the blob. */
  curl_easy_setopt (easy, CURLOPT_CAPATH, store ? version->capath : NULL);
  code = curl_easy_setopt (easy, CURLOPT_CAINFO_BLOB, route->ca_pem != NULL ? &blob : NULL);
  return code == CURLE_OK || route->ca_pem == NULL;
}

gboolean
ocs_options_apply (const OcsOptions *request, CURL *easy, struct curl_slist *lines, GError **error)
{
  apply_general (request, easy, lines);
  apply_proxy (request->route, request->url, request->ticket, easy);
  apply_login (request, easy);
  apply_client (request, easy);
  if (!apply_tls (request->route, easy) || !apply_proxy_tls (request->route, easy)) {
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED, "this libcurl cannot take CaBundle= from memory: install 7.77 or newer");
    return FALSE;
  }
  return TRUE;
}

#if LIBCURL_VERSION_NUM >= 0x075000
static int
on_curl_request (void *user_data, char *there, char *here, int port_there, int port_here)
{
  guint *asked = user_data;

  if (asked != NULL)
    (*asked)++;
  return CURL_PREREQFUNC_OK;
}
#endif

void
ocs_options_count (CURL *easy, guint *asked)
{
#if LIBCURL_VERSION_NUM >= 0x075000
  curl_easy_setopt (easy, CURLOPT_PREREQFUNCTION, on_curl_request);
  curl_easy_setopt (easy, CURLOPT_PREREQDATA, asked);
#endif
}

void
ocs_options_forget (CURL *easy)
{
  curl_easy_setopt (easy, CURLOPT_PROXYUSERNAME, NULL);
  curl_easy_setopt (easy, CURLOPT_PROXYPASSWORD, NULL);
  curl_easy_setopt (easy, CURLOPT_USERNAME, NULL);
  curl_easy_setopt (easy, CURLOPT_PASSWORD, NULL);
  curl_easy_setopt (easy, CURLOPT_CAINFO_BLOB, NULL);
  curl_easy_setopt (easy, CURLOPT_PROXY_CAINFO_BLOB, NULL);
  curl_easy_setopt (easy, CURLOPT_SSLCERT_BLOB, NULL);
  curl_easy_setopt (easy, CURLOPT_SSLKEY_BLOB, NULL);
  curl_easy_setopt (easy, CURLOPT_POSTFIELDS, NULL);
  curl_easy_setopt (easy, CURLOPT_HTTPHEADER, NULL);
  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, NULL);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, NULL);
  curl_easy_setopt (easy, CURLOPT_SSL_CTX_DATA, NULL);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, NULL);
  ocs_options_count (easy, NULL);
  curl_easy_setopt (easy, CURLOPT_PREREQDATA, NULL);
}
