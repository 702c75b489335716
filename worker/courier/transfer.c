/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-transfer"
#include "worker/courier/transfer.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "worker/courier/options.h"
#include "worker/courier/trace.h"
#include <string.h>

/* Of an error page, so that the connection can be kept. */
#define ERROR_BODY_MAX (64 * 1024)
#define VIA_MAX 100

struct _OcsTransfer {
  OcsNet *net;                           /* borrowed: outlives every transfer */
  const OcsTransferCallbacks *callbacks; /* borrowed: static */
  gpointer user_data;
  CURL *easy;               /* owned */
  struct curl_slist *lines; /* owned, nullable */
  char *key;                /* owned, nullable; for ocs_net_give() */
  char *server;             /* owned */
  char *proxy;              /* owned, nullable */
  OcsHead *head;            /* owned */
  GByteArray *body;         /* owned */
  GByteArray *post;         /* owned, nullable */
  OcsPurpose purpose;
  OcsVerdict blind; /* what is said where no cache can be seen: over TLS */
  gboolean tls;
  gboolean proxy_login; /* is at hand */
  gboolean server_login;
  gboolean proxy_withheld;
  gboolean proxy_http;
  gboolean proxy_tls;
  gboolean proxy_system_ca;
  gboolean ticket;
  char *ticket_problem; /* owned, nullable */
  long proxy_methods;   /* CURLAUTH_… */
  gboolean system_ca;
  gboolean client_cert;
  const SSL_CTX *context; /* nullable; what the net's witness knows the connection by, it may have gone */
  gboolean refresh;
  gsize body_max;
  gint64 began;      /* monotonic, microseconds */
  gint64 first_sent; /* the same, 0 before; only where the request is fresh */
  gint64 bytes;
  gsize wasted; /* bytes of an error page */
  gboolean running;
  gboolean in_data; /* the callback data runs */
  gboolean doomed;  /* was freed in it */
  char detail[CURL_ERROR_SIZE];
};

static void
transfer_forget_tls (OcsTransfer *transfer)
{
  if (transfer->context != NULL)
    ocs_papers_free (ocs_witness_take (ocs_net_witness (transfer->net), transfer->context));
  transfer->context = NULL;
}

static size_t
on_curl_header (char *line, size_t size, size_t count, void *user_data)
{
  OcsTransfer *transfer = user_data;

  return ocs_head_add_line (transfer->head, line, size * count) ? size * count : 0;
}

static size_t
transfer_keep (OcsTransfer *transfer, const guint8 *bytes, gsize length)
{
  if (length > transfer->body_max - transfer->body->len)
    return 0;
  g_byte_array_append (transfer->body, bytes, (guint)length);
  return length;
}

static size_t
transfer_hand_over (OcsTransfer *transfer, const guint8 *bytes, gsize length)
{
  OcsTake take;

  transfer->in_data = TRUE;
  take = transfer->callbacks->data (transfer, bytes, length, transfer->user_data);
  transfer->in_data = FALSE;
  if (transfer->doomed || take == OCS_TAKE_STOP)
    return 0;
  return take == OCS_TAKE_LATER ? CURL_WRITEFUNC_PAUSE : length;
}

static size_t
on_curl_body (char *bytes, size_t size, size_t count, void *user_data)
{
  OcsTransfer *transfer = user_data;
  gsize length = size * count;
  size_t taken;

  /* A body of no byte must not look like a refusal. */
  if (length == 0)
    return 0;
  if (transfer->head->status != 200 && transfer->head->status != 206) {
    transfer->wasted += length;
    return transfer->wasted > ERROR_BODY_MAX ? 0 : length;
  }
  if (transfer->callbacks->data != NULL)
    taken = transfer_hand_over (transfer, (const guint8 *)bytes, length);
  else
    taken = transfer_keep (transfer, (const guint8 *)bytes, length);
  if (taken == length)
    transfer->bytes += (gint64)length;
  return taken;
}

/* A new connection begins its TLS. A proxied one could come twice, the last counts. */
static CURLcode
on_curl_tls (CURL *easy, void *context, void *user_data)
{
  OcsTransfer *transfer = user_data;

  if (transfer == NULL)
    return CURLE_OK;
  transfer_forget_tls (transfer);
  transfer->context = context;
  ocs_witness_watch (ocs_net_witness (transfer->net), context);
  return CURLE_OK;
}

/* libcurl counts a tunnel as a part of the connection: that it stands is seen from the first byte that is sent. What is sent may hold a
 * login and is not looked at. */
static int
on_curl_debug (CURL *easy, curl_infotype type, char *data, size_t size, void *user_data)
{
  OcsTransfer *transfer = user_data;

  if (transfer != NULL && transfer->first_sent == 0
      && (type == CURLINFO_HEADER_OUT || type == CURLINFO_DATA_OUT || type == CURLINFO_SSL_DATA_OUT))
    transfer->first_sent = g_get_monotonic_time ();
  return 0;
}

static gint64
get_microseconds (CURL *easy, CURLINFO info)
{
  curl_off_t value = 0;

  curl_easy_getinfo (easy, info, &value);
  return value;
}

/* Seconds since 1970 by the last answer's Date, 0 without one. */
static gint64
transfer_get_date (OcsTransfer *transfer)
{
  const char *date = ocs_head_get (transfer->head, "date");
  time_t seconds = date != NULL ? curl_getdate (date, NULL) : -1;

  return seconds > 0 ? (gint64)seconds : 0;
}

/* Seconds, or a date (RFC 9110 section 10.2.3), which is measured by the clock of who wrote it. */
static gint64
transfer_get_retry_after (OcsTransfer *transfer)
{
  const char *text = ocs_head_get (transfer->head, "retry-after");
  gint64 seconds = ocs_head_get_size (transfer->head, "retry-after");
  gint64 date = transfer_get_date (transfer);
  time_t until;

  if (text == NULL || seconds >= 0)
    return MAX (seconds, 0);
  until = curl_getdate (text, NULL);
  return until > 0 ? MAX ((gint64)until - (date > 0 ? date : g_get_real_time () / G_USEC_PER_SEC), 0) : 0;
}

/* tinyproxy refuses a login with 401, in the place of the server. */
static gboolean
transfer_is_proxys_own (OcsTransfer *transfer)
{
  const char *who = ocs_head_get (transfer->head, "server");

  return transfer->proxy_http && who != NULL && g_str_has_prefix (who, "tinyproxy");
}

/* CURLAUTH_… that the proxy has asked for in this transfer, 0 where it did not have to. */
static long
transfer_get_offered (OcsTransfer *transfer)
{
  long offered = 0;

  curl_easy_getinfo (transfer->easy, CURLINFO_PROXYAUTH_AVAIL, &offered);
  return offered;
}

/* It asks for a login, and in no way that may be taken. */
static gboolean
transfer_is_unspoken (OcsTransfer *transfer)
{
  long offered = transfer_get_offered (transfer);

  return offered != 0 && ocs_trace_login (transfer->proxy_methods, offered) == NULL;
}

static gboolean
transfer_judge (OcsTransfer *transfer, CURLcode code, GError **error)
{
  g_autoptr (OcsPapers) papers =
      transfer->context != NULL ? ocs_witness_take (ocs_net_witness (transfer->net), g_steal_pointer (&transfer->context)) : NULL;
  OcsEnding ending = {
      .proxy_login = transfer->proxy_login,
      .server_login = transfer->server_login,
      .proxy_withheld = transfer->proxy_withheld,
      .proxy_http = transfer->proxy_http,
      .proxy_answer = transfer_is_proxys_own (transfer),
      .proxy_tls = transfer->proxy_tls,
      .proxy_system_ca = transfer->proxy_system_ca,
      .ticket = transfer->ticket,
      .ticket_problem = transfer->ticket_problem,
      .proxy_unspoken = transfer_is_unspoken (transfer),
      .offers = ocs_head_get (transfer->head, "proxy-authenticate"),
      .papers = papers,
      .system_ca = transfer->system_ca,
      .client_cert = transfer->client_cert,
      .now = g_get_real_time () / G_USEC_PER_SEC,
      .date = transfer_get_date (transfer),
      .purpose = transfer->purpose,
      .server = transfer->server,
      .proxy = transfer->proxy,
      .tls = transfer->tls,
      .code = code,
      .status = transfer->head->status,
      .bytes = transfer->bytes,
      .squid_error = ocs_head_get (transfer->head, "x-squid-error"),
      .proxy_status = ocs_head_get (transfer->head, "proxy-status"),
      .location = ocs_head_get (transfer->head, "location"),
      .retry_after = transfer_get_retry_after (transfer),
      .detail = transfer->detail,
  };
  long proxy_code = 0, connect_status = 0;

  curl_easy_getinfo (transfer->easy, CURLINFO_PROXY_ERROR, &proxy_code);
  curl_easy_getinfo (transfer->easy, CURLINFO_SSL_VERIFYRESULT, &ending.verify_result);
  curl_easy_getinfo (transfer->easy, CURLINFO_PROXY_SSL_VERIFYRESULT, &ending.proxy_verify_result);
  curl_easy_getinfo (transfer->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
  ending.proxy_code = (CURLproxycode)proxy_code;
  ending.connect_status = (int)connect_status;
  /* A connection that is used again took no time to make. */
  ending.connected =
      get_microseconds (transfer->easy, CURLINFO_CONNECT_TIME_T) > 0 || get_microseconds (transfer->easy, CURLINFO_PRETRANSFER_TIME_T) > 0;
  return ocs_translate (&ending, error);
}

static void
on_net_done (CURL *easy, CURLcode code, gpointer user_data)
{
  OcsTransfer *transfer = user_data;
  g_autoptr (GError) error = NULL;

  transfer->running = FALSE;
  if (transfer->doomed) {
    ocs_transfer_free (transfer);
    return;
  }
  if (transfer_judge (transfer, code, &error))
    g_debug ("%s: status %d, %" G_GINT64_FORMAT " bytes", transfer->server, transfer->head->status, transfer->bytes);
  else
    g_debug ("%s: %s (libcurl %d: %s)", transfer->server, error->message, code, transfer->detail);
  transfer->callbacks->done (transfer, error, transfer->user_data);
}

static void
transfer_set_callbacks (OcsTransfer *transfer)
{
  CURL *easy = transfer->easy;

  curl_easy_setopt (easy, CURLOPT_ERRORBUFFER, transfer->detail);
  curl_easy_setopt (easy, CURLOPT_HEADERFUNCTION, on_curl_header);
  curl_easy_setopt (easy, CURLOPT_HEADERDATA, transfer);
  curl_easy_setopt (easy, CURLOPT_WRITEFUNCTION, on_curl_body);
  curl_easy_setopt (easy, CURLOPT_WRITEDATA, transfer);
  curl_easy_setopt (easy, CURLOPT_SSL_CTX_FUNCTION, on_curl_tls);
  curl_easy_setopt (easy, CURLOPT_SSL_CTX_DATA, transfer);
}

static void
transfer_watch_connection (OcsTransfer *transfer)
{
  transfer->began = g_get_monotonic_time ();
  curl_easy_setopt (transfer->easy, CURLOPT_DEBUGFUNCTION, on_curl_debug);
  curl_easy_setopt (transfer->easy, CURLOPT_DEBUGDATA, transfer);
  curl_easy_setopt (transfer->easy, CURLOPT_VERBOSE, 1L);
}

OcsTransfer *
ocs_transfer_new (OcsNet *net, const OcsOptions *request, const OcsTransferCallbacks *callbacks, gpointer user_data, GError **error)
{
  g_autoptr (OcsTransfer) transfer = NULL;
  g_autofree char *server = ocs_options_check (request, error);

  if (server == NULL)
    return NULL;
  transfer = g_new0 (OcsTransfer, 1);
  transfer->net = net;
  transfer->callbacks = callbacks;
  transfer->user_data = user_data;
  transfer->server = g_steal_pointer (&server);
  transfer->proxy = ocs_route_dup_proxy_name (request->route);
  transfer->head = ocs_head_new ();
  transfer->body = g_byte_array_new ();
  transfer->post = request->post != NULL ? g_byte_array_ref (request->post) : NULL;
  transfer->purpose = request->purpose;
  transfer->proxy_login = request->route->proxy_user != NULL;
  transfer->server_login = request->route->user != NULL;
  transfer->proxy_withheld = request->route->proxy_withheld;
  transfer->proxy_http = request->route->proxy_kind == OCS_PROXY_HTTP || request->route->proxy_kind == OCS_PROXY_HTTPS;
  transfer->proxy_tls = request->route->proxy_kind == OCS_PROXY_HTTPS;
  transfer->proxy_system_ca = request->route->proxy_ca_pem == NULL;
  transfer->ticket = request->ticket;
  transfer->ticket_problem = g_strdup (request->ticket_problem);
  transfer->proxy_methods = ocs_options_proxy_methods (request->route, request->ticket);
  transfer->system_ca = request->route->ca_pem == NULL;
  transfer->client_cert = request->purpose != OCS_PURPOSE_OBJECT && request->route->client_cert != NULL;
  transfer->tls = g_ascii_strncasecmp (request->url, "https:", 6) == 0;
  transfer->refresh = request->refresh;
  transfer->blind = transfer->proxy != NULL ? OCS_VERDICT_BYPASS : OCS_VERDICT_UNKNOWN;
  transfer->body_max = request->body_max;
  transfer->key = ocs_options_dup_key (request);
  transfer->easy = ocs_net_take (net, transfer->key);
  transfer->lines = ocs_options_lines (request);
  transfer_set_callbacks (transfer);
  if (!request->held)
    ocs_options_count (transfer->easy, &transfer->head->asked);
  if (request->fresh)
    transfer_watch_connection (transfer);
  if (!ocs_options_apply (request, transfer->easy, transfer->lines, error)
      || !ocs_net_add (net, transfer->easy, on_net_done, transfer, error))
    return NULL;
  transfer->running = TRUE;
  return g_steal_pointer (&transfer);
}

void
ocs_transfer_free (OcsTransfer *transfer)
{
  if (transfer == NULL)
    return;
  if (transfer->in_data) {
    transfer->doomed = TRUE;
    return;
  }
  if (transfer->running)
    ocs_net_remove (transfer->net, transfer->easy);
  if (transfer->easy != NULL) {
    ocs_options_forget (transfer->easy);
    ocs_net_give (transfer->net, transfer->key, transfer->easy);
  }
  transfer_forget_tls (transfer);
  g_free (transfer->ticket_problem);
  curl_slist_free_all (transfer->lines);
  g_free (transfer->key);
  g_free (transfer->server);
  g_free (transfer->proxy);
  ocs_head_free (transfer->head);
  g_clear_pointer (&transfer->body, g_byte_array_unref);
  g_clear_pointer (&transfer->post, g_byte_array_unref);
  g_free (transfer);
}

void
ocs_transfer_resume (OcsTransfer *transfer)
{
  if (transfer->running)
    curl_easy_pause (transfer->easy, CURLPAUSE_CONT);
}

const OcsHead *
ocs_transfer_head (OcsTransfer *transfer)
{
  return transfer->head;
}

const char *
ocs_transfer_server (OcsTransfer *transfer)
{
  return transfer->server;
}

const char *
ocs_transfer_proxy (OcsTransfer *transfer)
{
  return transfer->proxy;
}

GByteArray *
ocs_transfer_body (OcsTransfer *transfer)
{
  return transfer->body;
}

static JsonObject *
build_traffic (int status, gint64 bytes, OcsVerdict verdict)
{
  JsonObject *traffic = json_object_new ();

  json_object_set_int_member (traffic, "http_status", status);
  json_object_set_int_member (traffic, "bytes", bytes);
  json_object_set_string_member (traffic, "verdict", ocs_verdict_name (verdict));
  json_object_set_int_member (traffic, "connect_ms", 0);
  json_object_set_int_member (traffic, "first_byte_ms", 0);
  json_object_set_int_member (traffic, "total_ms", 0);
  json_object_set_int_member (traffic, "date", 0);
  return traffic;
}

/* Somebody on the way whom nobody asked: his names for himself, shortened. transfer full; NULL where he could not be seen. */
static char *
transfer_dup_via (OcsTransfer *transfer)
{
  static const char *const fields[] = {"via", "x-cache", "x-squid-error"};

  if (transfer->proxy != NULL || transfer->tls || transfer->head->status == 0)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    const char *text = ocs_head_get (transfer->head, fields[i]);

    if (text != NULL && *text != '\0')
      return g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), VIA_MAX));
  }
  return g_strdup ("");
}

int
ocs_transfer_waited (OcsTransfer *transfer)
{
  gint64 sent = get_microseconds (transfer->easy, CURLINFO_PRETRANSFER_TIME_T);

  return (int)(MAX (get_microseconds (transfer->easy, CURLINFO_STARTTRANSFER_TIME_T) - sent, 0) / 1000);
}

JsonObject *
ocs_transfer_traffic (OcsTransfer *transfer)
{
  OcsVerdict verdict = transfer->tls ? transfer->blind : ocs_head_verdict (transfer->head, transfer->refresh);
  JsonObject *traffic = build_traffic (transfer->head->status, transfer->bytes, verdict);
  g_autofree char *via = transfer_dup_via (transfer);

  json_object_set_int_member (traffic, "connect_ms", get_microseconds (transfer->easy, CURLINFO_CONNECT_TIME_T) / 1000);
  json_object_set_int_member (traffic, "first_byte_ms", get_microseconds (transfer->easy, CURLINFO_STARTTRANSFER_TIME_T) / 1000);
  json_object_set_int_member (traffic, "total_ms", get_microseconds (transfer->easy, CURLINFO_TOTAL_TIME_T) / 1000);
  json_object_set_int_member (traffic, "date", transfer_get_date (transfer));
  ocs_json_set_string (traffic, "proxy", transfer->proxy);
  ocs_json_set_string (traffic, "via", via);
  if (transfer->proxy != NULL)
    ocs_json_set_string (traffic, "auth", ocs_trace_login (transfer->proxy_methods, transfer_get_offered (transfer)));
  return traffic;
}

JsonObject *
ocs_transfer_no_traffic (void)
{
  return build_traffic (0, 0, OCS_VERDICT_UNKNOWN);
}

JsonObject *
ocs_transfer_course (OcsTransfer *transfer)
{
  long connect_status = 0, status = 0;
  OcsTraceFacts facts = {
      .proxied = transfer->proxy != NULL,
      .tunnel = transfer->proxy != NULL && transfer->tls,
      .socks_login = transfer->proxy_login && !transfer->proxy_http,
      .resolve_us = get_microseconds (transfer->easy, CURLINFO_NAMELOOKUP_TIME_T),
      .connect_us = get_microseconds (transfer->easy, CURLINFO_CONNECT_TIME_T),
      .tls_us = get_microseconds (transfer->easy, CURLINFO_APPCONNECT_TIME_T),
      .allowed = transfer->proxy_methods,
      .head = transfer->head,
  };

  if (facts.connect_us == 0 && transfer->first_sent > 0)
    facts.connect_us = MAX (transfer->first_sent - transfer->began, 1);
  curl_easy_getinfo (transfer->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
  curl_easy_getinfo (transfer->easy, CURLINFO_RESPONSE_CODE, &status);
  facts.connect_status = (int)connect_status;
  facts.status = (int)status;
  facts.offered = transfer_get_offered (transfer);
  return ocs_trace_build (&facts);
}
