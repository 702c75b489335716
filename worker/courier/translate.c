/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/courier/translate.h"
#include "ipc/error.h"
#include "worker/courier/distrust.h"
#include "worker/courier/proxystatus.h"
#include "worker/courier/webpage.h"
#include <string.h>

/* In the texts {server} and {proxy} stand for "host:port". */
typedef struct {
  OcsError code;
  const char *text;
} Message;

#define ANY (-1)

/* Squid's error pages name themselves in X-Squid-Error (squid errors/, src/err_type.h). */
static const struct {
  const char *name;
  Message message;
} squid_rows[] = {
    {"ERR_CACHE_ACCESS_DENIED",
     {OCS_ERROR_PROXY_AUTH, "proxy {proxy} does not accept the login: check ProxyUser= and ProxyPwd= in ocsinventory.ini"}},
    {"ERR_ACCESS_DENIED",
     {OCS_ERROR_PROXY_REFUSED, "proxy {proxy} does not let this machine reach {server}: allow it in the proxy's access rules"}},
    {"ERR_DNS_FAIL", {OCS_ERROR_UNREACHABLE, "proxy {proxy} cannot find the name of {server}: check Server= and the proxy's DNS"}},
    {"ERR_CONNECT_FAIL",
     {OCS_ERROR_UNREACHABLE, "proxy {proxy} cannot connect to {server}: check that the server runs and the line is up"}},
    {"ERR_CANNOT_FORWARD", {OCS_ERROR_UNREACHABLE, "proxy {proxy} has no way to {server}: check the line behind the proxy"}},
    {"ERR_ZERO_SIZE_OBJECT", {OCS_ERROR_UNREACHABLE, "{server} closed the connection of proxy {proxy} without an answer: try again"}},
    {"ERR_READ_ERROR", {OCS_ERROR_UNREACHABLE, "proxy {proxy} lost its connection to {server}: try again"}},
    {"ERR_WRITE_ERROR", {OCS_ERROR_UNREACHABLE, "proxy {proxy} lost its connection to {server}: try again"}},
    {"ERR_READ_TIMEOUT", {OCS_ERROR_TIMED_OUT, "proxy {proxy} waited too long for {server}: check the server's load and the line"}},
    {"ERR_LIFETIME_EXP", {OCS_ERROR_TIMED_OUT, "proxy {proxy} waited too long for {server}: check the server's load and the line"}},
    {"ERR_SECURE_CONNECT_FAIL", {OCS_ERROR_TLS, "proxy {proxy} cannot make a TLS connection to {server}: check the server's certificate"}},
    {"ERR_ONLY_IF_CACHED_MISS", {OCS_ERROR_NOT_FOUND, "proxy {proxy} does not hold the object"}},
    {"ERR_TOO_BIG", {OCS_ERROR_PROXY_REFUSED, "proxy {proxy} refuses what is too large for it: raise its body size limits"}},
    {"ERR_SHUTTING_DOWN", {OCS_ERROR_BUSY, "proxy {proxy} is shutting down: try again"}},
};

/* status: from … to. A row for a purpose comes before the row for ANY; via: for answers through an HTTP proxy only. */
static const struct {
  int from, to;
  int purpose;
  gboolean via;
  Message message;
} status_rows[] = {
    {407, 407, ANY, FALSE, {OCS_ERROR_PROXY_AUTH, "proxy {proxy} wants another login: check ProxyUser= and ProxyPwd= in ocsinventory.ini"}},
    {401,
     401,
     OCS_PURPOSE_EXCHANGE,
     FALSE,
     {OCS_ERROR_SERVER_AUTH, "{server} wants another login: check User= and Pwd= in ocsinventory.ini"}},
    {401, 401, OCS_PURPOSE_PAC, FALSE, {OCS_ERROR_REFUSED, "{server} refuses it: let it be read without a login"}},
    {401, 401, ANY, FALSE, {OCS_ERROR_SERVER_AUTH, "{server} wants a login for its packages: let them be read without one"}},
    {400,
     400,
     OCS_PURPOSE_EXCHANGE,
     FALSE,
     {OCS_ERROR_REFUSED,
      "{server} does not take this request: its OCS server refuses the DEVICEID or the User-Agent, see the server's log"}},
    {403,
     403,
     OCS_PURPOSE_EXCHANGE,
     FALSE,
     {OCS_ERROR_REFUSED,
      "{server} refuses this machine for now (it is locked for some minutes, or not allowed): wait, then see the server's log"}},
    {403, 403, OCS_PURPOSE_PAC, FALSE, {OCS_ERROR_REFUSED, "{server} refuses it: let it be read without a login"}},
    {403,
     403,
     OCS_PURPOSE_OBJECT,
     TRUE,
     {OCS_ERROR_REFUSED,
      "{server}, or proxy {proxy} before it, refuses the file: check the rights of the download folder, and the proxy's access rules"}},
    {403, 403, ANY, FALSE, {OCS_ERROR_REFUSED, "{server} refuses the file: check the rights of the download folder on the server"}},
    {404,
     405,
     OCS_PURPOSE_EXCHANGE,
     TRUE,
     {OCS_ERROR_BAD_REPLY,
      "there is no OCS server at that path of {server}, or {proxy} is no proxy: check Server=, Proxy= and ProxyPort= in ocsinventory.ini"}},
    {404,
     404,
     OCS_PURPOSE_EXCHANGE,
     FALSE,
     {OCS_ERROR_BAD_REPLY,
      "{server} has no OCS server at that path: check Server= in ocsinventory.ini, it mostly ends with /ocsinventory"}},
    {405,
     405,
     OCS_PURPOSE_EXCHANGE,
     FALSE,
     {OCS_ERROR_BAD_REPLY,
      "{server} has no OCS server at that path: check Server= in ocsinventory.ini, it mostly ends with /ocsinventory"}},
    {404,
     404,
     OCS_PURPOSE_INFO,
     FALSE,
     {OCS_ERROR_NOT_FOUND, "{server} does not have the info file of the package: activate the package again"}},
    {404, 404, OCS_PURPOSE_PAC, FALSE, {OCS_ERROR_NOT_FOUND, "{server} does not have it: check ProxyPac="}},
    {404,
     404,
     OCS_PURPOSE_OBJECT,
     TRUE,
     {OCS_ERROR_NOT_FOUND,
      "{server} does not have a part of the package, or {proxy} is no proxy: activate the package again, or check Proxy= and ProxyPort="}},
    {404, 404, ANY, FALSE, {OCS_ERROR_NOT_FOUND, "{server} does not have a part of the package: activate the package again"}},
    {410, 410, ANY, FALSE, {OCS_ERROR_NOT_FOUND, "{server} does not have the file any more: activate the package again"}},
    {408, 408, ANY, FALSE, {OCS_ERROR_TIMED_OUT, "{server} waited too long for the request: check the line"}},
    {413, 413, ANY, FALSE, {OCS_ERROR_REFUSED, "{server} refuses a request of that size: raise the limit of the server or the proxy"}},
    {416, 416, ANY, FALSE, {OCS_ERROR_INVALID_DATA, "{server} cannot go on from there: fetch the object from its start"}},
    {429, 429, ANY, FALSE, {OCS_ERROR_BUSY, "{server} has too much to do: try again later"}},
    {502,
     504,
     ANY,
     TRUE,
     {OCS_ERROR_UNREACHABLE, "proxy {proxy} gets no answer from {server}: check that the server runs and the line is up"}},
    {503, 503, ANY, FALSE, {OCS_ERROR_BUSY, "{server} has too much to do: try again later"}},
    {502, 504, ANY, FALSE, {OCS_ERROR_UNREACHABLE, "a gateway before {server} gets no answer from it: check that the server runs"}},
    {511, 511, ANY, FALSE, {OCS_ERROR_UNREACHABLE, "this network wants people to log in on a web page first: do so in a browser"}},
};

/* The proxy's answer to CONNECT. */
static const struct {
  int from, to;
  Message message;
} connect_rows[] = {
    {407, 407, {OCS_ERROR_PROXY_AUTH, "proxy {proxy} wants another login: check ProxyUser= and ProxyPwd= in ocsinventory.ini"}},
    {401, 401, {OCS_ERROR_PROXY_AUTH, "proxy {proxy} does not accept the login: check ProxyUser= and ProxyPwd= in ocsinventory.ini"}},
    {403,
     403,
     {OCS_ERROR_PROXY_REFUSED, "proxy {proxy} does not allow https to {server}: allow CONNECT to that port in the proxy's access rules"}},
    {405,
     405,
     {OCS_ERROR_PROXY_REFUSED, "proxy {proxy} does not allow https to {server}: allow CONNECT to that port in the proxy's access rules"}},
    {400,
     400,
     {OCS_ERROR_PROXY_REFUSED,
      "proxy {proxy} knows no tunnels, so https to {server} cannot pass it: name another proxy, or none for that server"}},
    {501,
     501,
     {OCS_ERROR_PROXY_REFUSED,
      "proxy {proxy} knows no tunnels, so https to {server} cannot pass it: name another proxy, or none for that server"}},
    {502, 504, {OCS_ERROR_UNREACHABLE, "proxy {proxy} gets no connection to {server}: check that the server runs and the line is up"}},
};

/* via: where there is a proxy. connected: FALSE for a failure before the first byte could be sent, ANY where it does not matter. */
static const struct {
  CURLcode code;
  int via;
  int connected;
  Message message;
} curl_rows[] = {
    {CURLE_COULDNT_RESOLVE_PROXY,
     ANY,
     ANY,
     {OCS_ERROR_PROXY_UNREACHABLE, "the name of proxy {proxy} is not known: check Proxy= in ocsinventory.ini and this machine's DNS"}},
    {CURLE_COULDNT_RESOLVE_HOST,
     ANY,
     ANY,
     {OCS_ERROR_UNREACHABLE, "the name of {server} is not known: check Server= in ocsinventory.ini and this machine's DNS"}},
    {CURLE_COULDNT_CONNECT,
     TRUE,
     ANY,
     {OCS_ERROR_PROXY_UNREACHABLE, "proxy {proxy} does not answer: check Proxy= and ProxyPort= in ocsinventory.ini, and that it runs"}},
    {CURLE_COULDNT_CONNECT,
     FALSE,
     ANY,
     {OCS_ERROR_UNREACHABLE, "{server} does not answer: check Server= in ocsinventory.ini, and that it runs"}},
    {CURLE_OPERATION_TIMEDOUT,
     TRUE,
     FALSE,
     {OCS_ERROR_PROXY_UNREACHABLE,
      "proxy {proxy} does not answer in time: check Proxy= and ProxyPort= in ocsinventory.ini, and the network"}},
    {CURLE_OPERATION_TIMEDOUT,
     FALSE,
     FALSE,
     {OCS_ERROR_UNREACHABLE, "{server} does not answer in time: check Server= in ocsinventory.ini, and the network"}},
    {CURLE_OPERATION_TIMEDOUT, ANY, TRUE, {OCS_ERROR_TIMED_OUT, "{server} fell silent: check the server's load and the line"}},
    {CURLE_GOT_NOTHING, TRUE, ANY, {OCS_ERROR_UNREACHABLE, "proxy {proxy} closed the connection without an answer: check the proxy"}},
    {CURLE_GOT_NOTHING, FALSE, ANY, {OCS_ERROR_UNREACHABLE, "{server} closed the connection without an answer: check the server"}},
    {CURLE_PARTIAL_FILE, ANY, ANY, {OCS_ERROR_INTERRUPTED, "the answer of {server} was cut off: it goes on from there at the next try"}},
    {CURLE_RECV_ERROR, ANY, ANY, {OCS_ERROR_INTERRUPTED, "the connection to {server} was lost: it goes on at the next try"}},
    {CURLE_SEND_ERROR, ANY, ANY, {OCS_ERROR_INTERRUPTED, "the connection to {server} was lost: it goes on at the next try"}},
    {CURLE_WEIRD_SERVER_REPLY,
     ANY,
     ANY,
     {OCS_ERROR_BAD_REPLY, "{server} does not answer as a web server does: check Server= in ocsinventory.ini, and the proxy"}},
    {CURLE_UNSUPPORTED_PROTOCOL,
     ANY,
     ANY,
     {OCS_ERROR_BAD_REPLY, "{server} does not answer as a web server does: check Server= in ocsinventory.ini, and the proxy"}},
    {CURLE_WRITE_ERROR, ANY, ANY, {OCS_ERROR_BAD_REPLY, "the answer of {server} is larger than it may be: check Server= and the proxy"}},
};

static const struct {
  CURLproxycode proxy_code;
  Message message;
} socks_rows[] = {
    {CURLPX_USER_REJECTED, {OCS_ERROR_PROXY_AUTH, "proxy {proxy} wants another login: check ProxyUser= and ProxyPwd= in ocsinventory.ini"}},
    {CURLPX_NO_AUTH, {OCS_ERROR_PROXY_AUTH, "proxy {proxy} wants another login: check ProxyUser= and ProxyPwd= in ocsinventory.ini"}},
    {CURLPX_IDENTD_DIFFER, {OCS_ERROR_PROXY_AUTH, "proxy {proxy} knows another user than ProxyUser=: check ocsinventory.ini"}},
    {CURLPX_BAD_VERSION,
     {OCS_ERROR_PROXY_UNREACHABLE, "what answers at {proxy} is no SOCKS proxy of that version: check ProxyType= and ProxyPort="}},
    {CURLPX_RECV_CONNECT, {OCS_ERROR_PROXY_UNREACHABLE, "proxy {proxy} closed the connection: check ProxyType= and ProxyPort="}},
    {CURLPX_RECV_AUTH, {OCS_ERROR_PROXY_UNREACHABLE, "proxy {proxy} closed the connection: check ProxyType= and ProxyPort="}},
    {CURLPX_RECV_REQACK, {OCS_ERROR_PROXY_UNREACHABLE, "proxy {proxy} closed the connection: check ProxyType= and ProxyPort="}},
    {CURLPX_RECV_ADDRESS, {OCS_ERROR_PROXY_UNREACHABLE, "proxy {proxy} closed the connection: check ProxyType= and ProxyPort="}},
    {CURLPX_SEND_CONNECT, {OCS_ERROR_PROXY_UNREACHABLE, "proxy {proxy} closed the connection: check ProxyType= and ProxyPort="}},
    {CURLPX_SEND_AUTH, {OCS_ERROR_PROXY_UNREACHABLE, "proxy {proxy} closed the connection: check ProxyType= and ProxyPort="}},
    {CURLPX_SEND_REQUEST, {OCS_ERROR_PROXY_UNREACHABLE, "proxy {proxy} closed the connection: check ProxyType= and ProxyPort="}},
    {CURLPX_CLOSED, {OCS_ERROR_PROXY_UNREACHABLE, "proxy {proxy} closed the connection: check ProxyType= and ProxyPort="}},
    {CURLPX_REPLY_NOT_ALLOWED, {OCS_ERROR_PROXY_REFUSED, "proxy {proxy} does not allow connections to {server}: allow them in its rules"}},
    {CURLPX_REPLY_HOST_UNREACHABLE,
     {OCS_ERROR_UNREACHABLE, "proxy {proxy} cannot reach {server}: check Server= and the line behind the proxy"}},
};

/* Whether a ticket is the only login that the proxy takes and somebody could have. */
static gboolean
takes_tickets_only (const char *offers)
{
  g_autofree char *lower = g_ascii_strdown (offers != NULL ? offers : "", -1);

  return strstr (lower, "negotiate") != NULL && strstr (lower, "basic") == NULL && strstr (lower, "digest") == NULL
         && strstr (lower, "ntlm") == NULL;
}

/* What of our settings does not do for the proxy; NULL where the general text says it. transfer full. */
static char *
describe_proxy_login (const OcsEnding *ending)
{
  if (ending->proxy_withheld)
    return g_strdup (
        "proxy {proxy} wants a login, which is not told to a proxy that only a PAC file names: list it in ProxyTrusted= if it is yours");
  if (ending->ticket_problem != NULL)
    return g_strdup_printf ("proxy {proxy} wants a login and there is no Kerberos ticket for it: %s", ending->ticket_problem);
  if (ending->ticket)
    return g_strdup ("proxy {proxy} does not accept the Kerberos ticket of this machine: check ProxyKeytab=, and the proxy's own keytab");
  if (takes_tickets_only (ending->offers))
    return g_strdup ("proxy {proxy} takes a Kerberos login only: set ProxyKeytab= in ocsinventory.ini to a keytab of this machine");
  if (!ending->proxy_login)
    return g_strdup ("proxy {proxy} wants a login: set ProxyAuthRequired=1, ProxyUser= and ProxyPwd= in ocsinventory.ini");
  if (ending->proxy_unspoken)
    return g_strdup (
        "proxy {proxy} asks for the login in no way that ProxyAuth= allows: check ProxyAuth= in ocsinventory.ini, and what the "
        "proxy asks for");
  return NULL;
}

static gboolean
fail (const OcsEnding *ending, OcsError code, const char *text, GError **error)
{
  g_autoptr (GString) line = NULL;
  g_autofree char *valid = NULL;
  g_autofree char *login = code == OCS_ERROR_PROXY_AUTH ? describe_proxy_login (ending) : NULL;

  if (login != NULL)
    text = login;
  else if (code == OCS_ERROR_SERVER_AUTH && ending->purpose == OCS_PURPOSE_EXCHANGE && !ending->server_login)
    text = "{server} wants a login: set AuthRequired=1, User= and Pwd= in ocsinventory.ini";
  line = g_string_new (text);
  g_string_replace (line, "{server}", ending->server, 0);
  if (ending->proxy == NULL)
    g_string_replace (line, "proxy {proxy}", "a proxy on the way, which nobody set up here,", 0);
  g_string_replace (line, "{proxy}", ending->proxy != NULL ? ending->proxy : "(none)", 0);
  /* What others wrote into it (a certificate's name, a Location) must neither break the line nor the JSON. */
  valid = g_utf8_make_valid (line->str, -1);
  for (char *at = valid; *at != '\0'; at++)
    if ((guchar)*at < ' ' || *at == 0x7f)
      *at = ' ';
  g_set_error_literal (error, OCS_ERROR, (int)code, valid);
  return FALSE;
}

static gboolean
fail_squid (const OcsEnding *ending, GError **error)
{
  g_autofree char *name = g_strndup (ending->squid_error, strcspn (ending->squid_error, " "));
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (squid_rows); i++)
    if (strcmp (name, squid_rows[i].name) == 0)
      return fail (ending, squid_rows[i].message.code, squid_rows[i].message.text, error);
  text = g_strdup_printf ("proxy {proxy} answered in the place of {server} with %.60s: see the proxy's log", name);
  return fail (ending, OCS_ERROR_PROXY_REFUSED, text, error);
}

/* As in RFC 9209, section 2.3. What is not listed is no reason to wait: the proxy does not do it. */
static const struct {
  const char *error;
  OcsError code;
} proxy_status_rows[] = {
    {"dns_timeout", OCS_ERROR_UNREACHABLE},
    {"dns_error", OCS_ERROR_UNREACHABLE},
    {"destination_not_found", OCS_ERROR_UNREACHABLE},
    {"destination_unavailable", OCS_ERROR_UNREACHABLE},
    {"destination_ip_unroutable", OCS_ERROR_UNREACHABLE},
    {"connection_refused", OCS_ERROR_UNREACHABLE},
    {"connection_terminated", OCS_ERROR_UNREACHABLE},
    {"connection_timeout", OCS_ERROR_UNREACHABLE},
    {"connection_read_timeout", OCS_ERROR_TIMED_OUT},
    {"connection_write_timeout", OCS_ERROR_TIMED_OUT},
    {"http_response_timeout", OCS_ERROR_TIMED_OUT},
    {"connection_limit_reached", OCS_ERROR_BUSY},
};

/* The answer names who wrote it. */
static gboolean
fail_proxy_status (const OcsEnding *ending, const OcsProxystatus *told, GError **error)
{
  OcsError code = OCS_ERROR_PROXY_REFUSED;
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (proxy_status_rows); i++)
    if (strcmp (told->error, proxy_status_rows[i].error) == 0)
      code = proxy_status_rows[i].code;
  text = g_strdup_printf ("proxy {proxy} answered in the place of {server} with %.60s (as \"%.60s\"): see the proxy's rules and its log",
                          told->error, told->name);
  return fail (ending, code, text, error);
}

static gboolean
fail_connect (const OcsEnding *ending, GError **error)
{
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (connect_rows); i++)
    if (ending->connect_status >= connect_rows[i].from && ending->connect_status <= connect_rows[i].to)
      return fail (ending, connect_rows[i].message.code, connect_rows[i].message.text, error);
  text = g_strdup_printf ("proxy {proxy} refuses a tunnel to {server} with status %d: see the proxy's log", ending->connect_status);
  return fail (ending, OCS_ERROR_PROXY_REFUSED, text, error);
}

static gboolean
fail_socks (const OcsEnding *ending, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (socks_rows); i++)
    if (ending->proxy_code == socks_rows[i].proxy_code)
      return fail (ending, socks_rows[i].message.code, socks_rows[i].message.text, error);
  return fail (ending, OCS_ERROR_UNREACHABLE, "proxy {proxy} gets no connection to {server}: check Server= and the proxy's log", error);
}

/* Without a tunnel there is nobody but the proxy to have done it. */
static gboolean
fail_proxy (const OcsEnding *ending, GError **error)
{
  if (ending->code == CURLE_OPERATION_TIMEDOUT)
    return fail (ending, OCS_ERROR_TIMED_OUT,
                 "neither proxy {proxy} nor {server} behind it says a word: check the proxy, the server's load and the line", error);
  return fail (ending, OCS_ERROR_PROXY_UNREACHABLE,
               "proxy {proxy} hangs up without an answer: check the proxy, and ProxyPort= in ocsinventory.ini", error);
}

static gboolean
is_proxys_doing (const OcsEnding *ending)
{
  gboolean broken = ending->code == CURLE_RECV_ERROR || ending->code == CURLE_SEND_ERROR || ending->code == CURLE_GOT_NOTHING;

  return ending->proxy_http && ending->connect_status / 100 != 2 && ending->status == 0
         && (broken || (ending->code == CURLE_OPERATION_TIMEDOUT && ending->connected));
}

static gboolean
fail_curl (const OcsEnding *ending, GError **error)
{
  g_autofree char *text = NULL;

  if (ending->code == CURLE_PROXY)
    return fail_socks (ending, error);
  if (is_proxys_doing (ending))
    return fail_proxy (ending, error);
  text = ocs_distrust_describe (ending);
  if (text != NULL)
    return fail (ending, OCS_ERROR_TLS, text, error);
  for (guint i = 0; i < G_N_ELEMENTS (curl_rows); i++)
    if (ending->code == curl_rows[i].code && (curl_rows[i].via == ANY || curl_rows[i].via == (ending->proxy != NULL))
        && (curl_rows[i].connected == ANY || curl_rows[i].connected == ending->connected))
      return fail (ending, curl_rows[i].message.code, curl_rows[i].message.text, error);
  text = g_strdup_printf ("the transfer from {server} failed: %s", curl_easy_strerror (ending->code));
  return fail (ending, OCS_ERROR_FAILED, text, error);
}

/* Its query may hold a session or a password. */
static char *
describe_redirect (const OcsEnding *ending)
{
  int length = (int)MIN (strcspn (ending->location, "?#"), 200);

  if (memchr (ending->location, '@', (gsize)length) != NULL)
    length = 0;
  return g_strdup_printf ("(status %d, to \"%.*s\")", ending->status, length, ending->location);
}

/* Without TLS and without a proxy, who sends us to another host is most often a network that wants people to log in first. */
static gboolean
fail_redirect (const OcsEnding *ending, GError **error)
{
  g_autofree char *where = describe_redirect (ending);
  g_autofree char *text = NULL;

  if (ending->proxy == NULL && !ending->tls && ocs_webpage_leads_away (ending->location, ending->server)) {
    text =
        g_strdup_printf ("in the place of {server} something points elsewhere %s: log in to this network in a browser, or check Server= in "
                         "ocsinventory.ini",
                         where);
    return fail (ending, OCS_ERROR_UNREACHABLE, text, error);
  }
  text = g_strdup_printf ("{server} points elsewhere %s: check Server= in ocsinventory.ini%s", where,
                          ending->proxy != NULL ? ", and whether proxy {proxy} wants people to log in on a web page" : "");
  return fail (ending, OCS_ERROR_BAD_REPLY, text, error);
}

static gboolean
fail_status (const OcsEnding *ending, GError **error)
{
  g_autofree char *text = NULL;

  if (ending->status == 401 && ending->proxy_answer)
    return fail (ending, OCS_ERROR_PROXY_AUTH,
                 "proxy {proxy} does not accept the login: check ProxyUser= and ProxyPwd= in ocsinventory.ini", error);
  if (ending->status == 403 && ending->proxy_answer)
    return fail (ending, OCS_ERROR_PROXY_REFUSED,
                 "proxy {proxy} does not let this machine reach {server}: allow it in the proxy's access rules", error);
  for (guint i = 0; i < G_N_ELEMENTS (status_rows); i++)
    if (ending->status >= status_rows[i].from && ending->status <= status_rows[i].to
        && (status_rows[i].purpose == ANY || status_rows[i].purpose == (int)ending->purpose)
        && (!status_rows[i].via || ending->proxy != NULL))
      return fail (ending, status_rows[i].message.code, status_rows[i].message.text, error);
  if (ending->status / 100 == 3 && ending->location != NULL)
    return fail_redirect (ending, error);
  if (ending->status >= 500)
    text = g_strdup_printf ("{server} failed on the request (status %d): see the server's log", ending->status);
  else
    text = g_strdup_printf ("{server} answered with status %d: check Server= in ocsinventory.ini, and the proxy", ending->status);
  return fail (ending, ending->status >= 500 ? OCS_ERROR_REFUSED : OCS_ERROR_BAD_REPLY, text, error);
}

/* What comes through a tunnel is not the proxy's, and how to log in is told elsewhere. */
static gboolean
may_be_proxys_word (const OcsEnding *ending)
{
  int status = ending->tls ? ending->connect_status : ending->status;

  return ending->proxy_http && status >= 400 && status != 407;
}

static gboolean
translate (const OcsEnding *ending, GError **error)
{
  /* Who refuses a request may hang up before it has come in whole; a challenge is followed by another try, which may be lost. */
  gboolean refused = ending->status >= 400 && ending->status != 407 && (ending->status != 401 || ending->proxy_answer)
                     && (ending->code == CURLE_RECV_ERROR || ending->code == CURLE_SEND_ERROR);
  gboolean answered = ending->code == CURLE_OK || ending->code == CURLE_WRITE_ERROR || refused;
  g_autoptr (OcsProxystatus) told = NULL;

  if (ending->squid_error != NULL && *ending->squid_error != '\0')
    return fail_squid (ending, error);
  told = may_be_proxys_word (ending) ? ocs_proxystatus_find (ending->proxy_status) : NULL;
  if (told != NULL)
    return fail_proxy_status (ending, told, error);
  if (ending->connect_status != 0 && ending->connect_status / 100 != 2)
    return fail_connect (ending, error);
  /* An error page that was not read to its end is still that error. */
  if (answered && ending->status != 200 && ending->status != 206 && (ending->status != 0 || ending->code == CURLE_OK))
    return fail_status (ending, error);
  return ending->code == CURLE_OK ? TRUE : fail_curl (ending, error);
}

gboolean
ocs_translate (const OcsEnding *ending, GError **error)
{
  g_autoptr (GError) told = NULL;

  if (translate (ending, &told))
    return TRUE;
  if (ending->status == 429 || ending->status >= 500)
    ocs_error_set_retry_after (told, ending->retry_after);
  g_propagate_error (error, g_steal_pointer (&told));
  return FALSE;
}
