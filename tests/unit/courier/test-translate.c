/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "worker/courier/translate.h"
#include <string.h>

#define S "ocs:80"
#define P "proxy:3128"

typedef struct {
  const char *name;
  OcsEnding ending;
  int code;          /* -1: good */
  const char *words; /* in the message */
} Case;

static const Case cases[] = {
    {"good", {.server = S, .status = 200, .connected = TRUE}, -1, NULL},
    {"good part", {.server = S, .status = 206, .connected = TRUE}, -1, NULL},
    {"good tunnel", {.server = S, .proxy = P, .connect_status = 200, .status = 200}, -1, NULL},
    {"no answer at all", {.server = S, .status = 0}, OCS_ERROR_BAD_REPLY, S},

    {"400", {.server = S, .status = 400}, OCS_ERROR_REFUSED, "DEVICEID"},
    {"401", {.server = S, .status = 401}, OCS_ERROR_SERVER_AUTH, "AuthRequired="},
    {"401 with a login", {.server = S, .server_login = TRUE, .status = 401}, OCS_ERROR_SERVER_AUTH, "another login"},
    {"401 object", {.purpose = OCS_PURPOSE_OBJECT, .server = S, .status = 401}, OCS_ERROR_SERVER_AUTH, "packages"},
    {"403", {.server = S, .status = 403}, OCS_ERROR_REFUSED, "locked"},
    {"403 object", {.purpose = OCS_PURPOSE_OBJECT, .server = S, .status = 403}, OCS_ERROR_REFUSED, "download"},
    {"404", {.server = S, .status = 404}, OCS_ERROR_BAD_REPLY, "/ocsinventory"},
    {"404 info", {.purpose = OCS_PURPOSE_INFO, .server = S, .status = 404}, OCS_ERROR_NOT_FOUND, "info"},
    {"403 object by proxy",
     {.purpose = OCS_PURPOSE_OBJECT, .server = S, .proxy = P, .status = 403},
     OCS_ERROR_REFUSED,
     "ocs:80, or proxy proxy:3128"},
    {"404 object by proxy",
     {.purpose = OCS_PURPOSE_OBJECT, .server = S, .proxy = P, .status = 404},
     OCS_ERROR_NOT_FOUND,
     "proxy:3128 is no proxy"},
    {"404 object", {.purpose = OCS_PURPOSE_OBJECT, .server = S, .status = 404}, OCS_ERROR_NOT_FOUND, "part"},
    {"407", {.server = S, .proxy = P, .status = 407}, OCS_ERROR_PROXY_AUTH, "ProxyAuthRequired="},
    {"407 with a login", {.server = S, .proxy = P, .proxy_login = TRUE, .status = 407}, OCS_ERROR_PROXY_AUTH, "another login"},
    {"416", {.purpose = OCS_PURPOSE_OBJECT, .server = S, .status = 416}, OCS_ERROR_INVALID_DATA, "start"},
    {"500", {.server = S, .status = 500}, OCS_ERROR_REFUSED, "500"},
    {"502 by proxy", {.server = S, .proxy = P, .status = 502}, OCS_ERROR_UNREACHABLE, P},
    {"503 by proxy", {.server = S, .proxy = P, .status = 503}, OCS_ERROR_UNREACHABLE, P},
    {"503", {.server = S, .status = 503}, OCS_ERROR_BUSY, S},
    {"504", {.server = S, .status = 504}, OCS_ERROR_UNREACHABLE, S},
    {"511", {.server = S, .status = 511}, OCS_ERROR_UNREACHABLE, "log in"},
    {"portal",
     {.server = S, .status = 302, .location = "http://portal/login?token=secret#x"},
     OCS_ERROR_UNREACHABLE,
     "\"http://portal/login\""},
    {"portal with a login", {.server = S, .status = 302, .location = "http://me:secret@portal/"}, OCS_ERROR_UNREACHABLE, "elsewhere"},
    {"302 to itself", {.server = S, .status = 302, .location = "https://ocs/x"}, OCS_ERROR_BAD_REPLY, "Server="},
    {"302 over TLS", {.server = S, .tls = TRUE, .status = 302, .location = "http://portal/"}, OCS_ERROR_BAD_REPLY, "Server="},
    {"302 by a proxy", {.server = S, .proxy = P, .status = 302, .location = "http://proxy/login"}, OCS_ERROR_BAD_REPLY, P},
    {"tunnels unknown", {.server = S, .proxy = P, .connect_status = 501}, OCS_ERROR_PROXY_REFUSED, "knows no tunnels"},
    {"302 without", {.server = S, .status = 302}, OCS_ERROR_BAD_REPLY, "302"},
    {"204", {.server = S, .status = 204}, OCS_ERROR_BAD_REPLY, "204"},
    {"418", {.server = S, .status = 418}, OCS_ERROR_BAD_REPLY, "418"},
    {"error page cut off", {.server = S, .code = CURLE_WRITE_ERROR, .status = 500}, OCS_ERROR_REFUSED, "500"},
    {"body too large", {.server = S, .code = CURLE_WRITE_ERROR, .status = 200}, OCS_ERROR_BAD_REPLY, "larger"},

    {"squid dns", {.server = S, .proxy = P, .status = 503, .squid_error = "ERR_DNS_FAIL 0"}, OCS_ERROR_UNREACHABLE, "DNS"},
    {"squid dns as 200", {.server = S, .proxy = P, .status = 200, .squid_error = "ERR_DNS_FAIL 0"}, OCS_ERROR_UNREACHABLE, "DNS"},
    {"squid login",
     {.server = S, .proxy = P, .status = 407, .squid_error = "ERR_CACHE_ACCESS_DENIED 0"},
     OCS_ERROR_PROXY_AUTH,
     "ProxyPwd="},
    {"squid rules",
     {.server = S, .proxy = P, .status = 403, .squid_error = "ERR_ACCESS_DENIED 0"},
     OCS_ERROR_PROXY_REFUSED,
     "access rules"},
    {"squid tunnel",
     {.server = S, .proxy = P, .connect_status = 503, .code = CURLE_RECV_ERROR, .squid_error = "ERR_CONNECT_FAIL 111"},
     OCS_ERROR_UNREACHABLE,
     "cannot connect"},
    {"squid not held", {.server = S, .proxy = P, .status = 504, .squid_error = "ERR_ONLY_IF_CACHED_MISS 0"}, OCS_ERROR_NOT_FOUND, "hold"},
    {"rules of another proxy",
     {.server = S, .proxy = P, .proxy_http = TRUE, .status = 403, .proxy_status = "c.example; error=http_request_denied"},
     OCS_ERROR_PROXY_REFUSED,
     "(as \"c.example\")"},
    {"name by another proxy",
     {.server = S, .proxy = P, .proxy_http = TRUE, .status = 502, .proxy_status = "c; error=dns_error"},
     OCS_ERROR_UNREACHABLE,
     "dns_error"},
    {"tunnel of another proxy",
     {.server = S, .proxy = P, .proxy_http = TRUE, .tls = TRUE, .connect_status = 403, .proxy_status = "c; error=http_request_denied"},
     OCS_ERROR_PROXY_REFUSED,
     P},
    {"a gateway in a tunnel",
     {.server = S, .proxy = P, .proxy_http = TRUE, .tls = TRUE, .connect_status = 200, .status = 403, .proxy_status = "c; error=x"},
     OCS_ERROR_REFUSED,
     "locked"},
    {"a gateway without a proxy", {.server = S, .status = 403, .proxy_status = "c; error=x"}, OCS_ERROR_REFUSED, "locked"},
    {"good by another proxy", {.server = S, .proxy = P, .proxy_http = TRUE, .status = 200, .proxy_status = "c; error=x"}, -1, NULL},
    {"tinyproxy's rules",
     {.server = S, .proxy = P, .proxy_http = TRUE, .proxy_answer = TRUE, .status = 403},
     OCS_ERROR_PROXY_REFUSED,
     "access rules"},
    {"squid anything",
     {.server = S, .proxy = P, .status = 400, .squid_error = "ERR_INVALID_URL 0"},
     OCS_ERROR_PROXY_REFUSED,
     "ERR_INVALID_URL"},

    {"tunnel 407", {.server = S, .proxy = P, .connect_status = 407, .code = CURLE_RECV_ERROR}, OCS_ERROR_PROXY_AUTH, "ProxyUser="},
    {"tunnel 403", {.server = S, .proxy = P, .connect_status = 403, .code = CURLE_RECV_ERROR}, OCS_ERROR_PROXY_REFUSED, "CONNECT"},
    {"tunnel 502", {.server = S, .proxy = P, .connect_status = 502, .code = CURLE_RECV_ERROR}, OCS_ERROR_UNREACHABLE, P},
    {"tunnel 418", {.server = S, .proxy = P, .connect_status = 418, .code = CURLE_RECV_ERROR}, OCS_ERROR_PROXY_REFUSED, "418"},

    {"proxy name", {.server = S, .proxy = P, .code = CURLE_COULDNT_RESOLVE_PROXY}, OCS_ERROR_PROXY_UNREACHABLE, "Proxy="},
    {"server name", {.server = S, .code = CURLE_COULDNT_RESOLVE_HOST}, OCS_ERROR_UNREACHABLE, "Server="},
    {"proxy down", {.server = S, .proxy = P, .code = CURLE_COULDNT_CONNECT}, OCS_ERROR_PROXY_UNREACHABLE, P},
    {"server down", {.server = S, .code = CURLE_COULDNT_CONNECT}, OCS_ERROR_UNREACHABLE, S},
    {"proxy silent", {.server = S, .proxy = P, .code = CURLE_OPERATION_TIMEDOUT}, OCS_ERROR_PROXY_UNREACHABLE, P},
    {"server silent", {.server = S, .code = CURLE_OPERATION_TIMEDOUT}, OCS_ERROR_UNREACHABLE, S},
    {"stalled", {.server = S, .proxy = P, .code = CURLE_OPERATION_TIMEDOUT, .connected = TRUE}, OCS_ERROR_TIMED_OUT, S},
    {"cut off", {.server = S, .code = CURLE_PARTIAL_FILE, .status = 200}, OCS_ERROR_INTERRUPTED, "cut off"},
    {"reset", {.server = S, .code = CURLE_RECV_ERROR, .status = 200}, OCS_ERROR_INTERRUPTED, S},
    {"proxy hangs up", {.server = S, .proxy = P, .proxy_http = TRUE, .code = CURLE_RECV_ERROR}, OCS_ERROR_PROXY_UNREACHABLE, P},
    {"neither says a word",
     {.server = S, .proxy = P, .proxy_http = TRUE, .code = CURLE_OPERATION_TIMEDOUT, .connected = TRUE},
     OCS_ERROR_TIMED_OUT,
     P},
    {"server hangs up in the tunnel",
     {.server = S, .proxy = P, .proxy_http = TRUE, .connect_status = 200, .code = CURLE_RECV_ERROR},
     OCS_ERROR_INTERRUPTED,
     S},
    {"tinyproxy refuses the login",
     {.server = S,
      .proxy = P,
      .proxy_http = TRUE,
      .proxy_answer = TRUE,
      .status = 401,
      .code = CURLE_RECV_ERROR,
      .purpose = OCS_PURPOSE_EXCHANGE},
     OCS_ERROR_PROXY_AUTH,
     "ProxyPwd="},
    {"refused and hung up", {.server = S, .code = CURLE_SEND_ERROR, .status = 413}, OCS_ERROR_REFUSED, "limit"},
    {"401 to CONNECT", {.server = S, .proxy = P, .proxy_http = TRUE, .connect_status = 401}, OCS_ERROR_PROXY_AUTH, "ProxyPwd="},
    {"socks hangs up", {.server = S, .proxy = P, .code = CURLE_PROXY, .proxy_code = CURLPX_RECV_AUTH}, OCS_ERROR_PROXY_UNREACHABLE, P},
    {"no proxy there", {.server = S, .proxy = P, .status = 404, .purpose = OCS_PURPOSE_EXCHANGE}, OCS_ERROR_BAD_REPLY, P},
    {"an intercepting proxy refuses",
     {.server = S, .status = 403, .squid_error = "ERR_ACCESS_DENIED 0"},
     OCS_ERROR_PROXY_REFUSED,
     "nobody set up"},
    {"login withheld", {.server = S, .proxy = P, .status = 407, .proxy_withheld = TRUE}, OCS_ERROR_PROXY_AUTH, "ProxyTrusted="},
    {"proxy of a strange authority",
     {.server = S, .proxy = P, .proxy_tls = TRUE, .proxy_http = TRUE, .code = CURLE_PEER_FAILED_VERIFICATION, .proxy_verify_result = 20},
     OCS_ERROR_TLS,
     "ProxyCa="},
    {"proxy of another name",
     {.server = S, .proxy = P, .proxy_tls = TRUE, .proxy_http = TRUE, .code = CURLE_PEER_FAILED_VERIFICATION},
     OCS_ERROR_TLS,
     "Proxy="},
    {"proxy without TLS",
     {.server = S, .proxy = P, .proxy_tls = TRUE, .proxy_http = TRUE, .code = CURLE_SSL_CONNECT_ERROR},
     OCS_ERROR_TLS,
     "ProxyPort="},
    {"reset after a challenge", {.server = S, .proxy = P, .code = CURLE_RECV_ERROR, .status = 407}, OCS_ERROR_INTERRUPTED, S},
    {"nothing by proxy", {.server = S, .proxy = P, .code = CURLE_GOT_NOTHING}, OCS_ERROR_UNREACHABLE, P},
    {"nothing", {.server = S, .code = CURLE_GOT_NOTHING}, OCS_ERROR_UNREACHABLE, S},
    {"no web server", {.server = S, .code = CURLE_UNSUPPORTED_PROTOCOL}, OCS_ERROR_BAD_REPLY, S},
    {"something else", {.server = S, .code = CURLE_OUT_OF_MEMORY}, OCS_ERROR_FAILED, S},

    {"socks login", {.server = S, .proxy = P, .code = CURLE_PROXY, .proxy_code = CURLPX_USER_REJECTED}, OCS_ERROR_PROXY_AUTH, "ProxyPwd="},
    {"socks rules", {.server = S, .proxy = P, .code = CURLE_PROXY, .proxy_code = CURLPX_REPLY_NOT_ALLOWED}, OCS_ERROR_PROXY_REFUSED, P},
    {"no socks",
     {.server = S, .proxy = P, .code = CURLE_PROXY, .proxy_code = CURLPX_BAD_VERSION},
     OCS_ERROR_PROXY_UNREACHABLE,
     "ProxyType="},
    {"socks other", {.server = S, .proxy = P, .code = CURLE_PROXY, .proxy_code = CURLPX_REPLY_TTL_EXPIRED}, OCS_ERROR_UNREACHABLE, P},

    {"unknown authority", {.server = S, .code = CURLE_PEER_FAILED_VERIFICATION, .verify_result = 20}, OCS_ERROR_TLS, "CaBundle="},
    {"odd bytes of others", {.server = S, .code = CURLE_SSL_CONNECT_ERROR, .detail = "a\nb\xff\x1b"}, OCS_ERROR_TLS, "a b\xef\xbf\xbd "},
    {"client certificate",
     {.server = S, .code = CURLE_RECV_ERROR, .detail = "tlsv13 alert certificate required"},
     OCS_ERROR_TLS,
     "ClientCert="},
    {"no ticket", {.server = S, .proxy = P, .status = 407, .ticket_problem = "the KDC sleeps"}, OCS_ERROR_PROXY_AUTH, "the KDC sleeps"},
    {"ticket not taken", {.server = S, .proxy = P, .status = 407, .ticket = TRUE}, OCS_ERROR_PROXY_AUTH, "ProxyKeytab="},
    {"tickets only",
     {.server = S, .proxy = P, .status = 407, .proxy_login = TRUE, .offers = "Negotiate"},
     OCS_ERROR_PROXY_AUTH,
     "ProxyKeytab="},
    {"tickets or passwords",
     {.server = S, .proxy = P, .status = 407, .proxy_login = TRUE, .offers = "Negotiate, Basic realm=\"x\""},
     OCS_ERROR_PROXY_AUTH,
     "another login"},
    {"only Basic is offered",
     {.server = S, .proxy = P, .status = 407, .proxy_login = TRUE, .proxy_unspoken = TRUE},
     OCS_ERROR_PROXY_AUTH,
     "no way that ProxyAuth= allows"},
};

static void
test_case (gconstpointer data)
{
  const Case *one = data;
  g_autoptr (GError) error = NULL;
  gboolean good = ocs_translate (&one->ending, &error);

  g_assert_cmpint (good, ==, error == NULL);
  g_assert_cmpint (good, ==, one->code < 0);
  if (good)
    return;
  g_test_message ("%s", error->message);
  g_assert_error (error, OCS_ERROR, one->code);
  g_assert_nonnull (strstr (error->message, one->words));
  g_assert_null (strstr (error->message, "secret"));
  g_assert_null (strchr (error->message, '{'));
  g_assert_null (strchr (error->message, '\n'));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_false (g_str_has_suffix (error->message, "."));
}

static void
test_retry_after (void)
{
  OcsEnding ending = {.server = S, .status = 503, .retry_after = 30};
  g_autoptr (GError) busy = NULL;
  g_autoptr (GError) missing = NULL;

  g_assert_false (ocs_translate (&ending, &busy));
  g_assert_cmpint (ocs_error_retry_after (busy), ==, 30);
  ending.status = 404;
  g_assert_false (ocs_translate (&ending, &missing));
  g_assert_cmpint (ocs_error_retry_after (missing), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/translate/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/translate/retry after", test_retry_after);
  return g_test_run ();
}
