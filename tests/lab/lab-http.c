/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libmicrohttpd in the GLib main loop. One thread: a connection that has to wait is suspended and resumed by a timer. */
#define G_LOG_DOMAIN "ocs-lab-http"
#include "tests/lab/lab-http.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>

#define BODY_MAX (256 * 1024 * 1024)
#define BLOCK 65536
#define LOG_MAX 100000

typedef struct {
  GSource source;
  struct MHD_Daemon *daemon; /* owned */
  gpointer tag;              /* of the epoll descriptor */
  gboolean secure;
  OcsLabHttp *http; /* borrowed: owns the source */
} Loop;

struct _OcsLabHttp {
  GPtrArray *rules; /* borrowed */
  GPtrArray *log;   /* borrowed */
  OcsLabHandler handler;
  gpointer user_data; /* borrowed */
  GPtrArray *loops;   /* owned; element-type Loop */
  GHashTable *asleep; /* owned; set of suspended Call */
  gint64 started;
  gboolean stopping;
};

/* One request on its way. */
typedef struct {
  OcsLabHttp *http;                  /* borrowed: outlives its calls */
  struct MHD_Daemon *daemon;         /* borrowed: the loop's, outlives its calls */
  struct MHD_Connection *connection; /* borrowed: libmicrohttpd's */
  OcsLabRequest *request;            /* owned */
  OcsLabReply *reply;                /* owned, nullable */
  OcsLabRule *rule;                  /* owned, nullable: until the reply has it */
  guint timer;                       /* while suspended */
  gboolean matched, delayed, stalled;
  gint64 began, body_began, sent;
} Call;

static void
wake (Call *call)
{
  g_hash_table_remove (call->http->asleep, call);
  MHD_resume_connection (call->connection);
}

/* Resuming does not make the epoll descriptor readable when libmicrohttpd is run from outside: it must be run here. That may end the call.
 */
static gboolean
on_timer_wake (gpointer data)
{
  Call *call = data;
  struct MHD_Daemon *daemon = call->daemon;
  call->timer = 0;
  wake (call);
  MHD_run (daemon);
  return G_SOURCE_REMOVE;
}

static void
sleep_call (Call *call, guint ms)
{
  MHD_suspend_connection (call->connection);
  g_hash_table_add (call->http->asleep, call);
  call->timer = g_timeout_add (ms, on_timer_wake, call);
}

/* How much of the body may go now: -1 to close the connection, 0 after going to sleep. */
static gssize
allowance (Call *call, gint64 pos, gsize size)
{
  const OcsLabRule *rule = call->reply->rule;
  gint64 limit = (gint64)size;
  if (call->http->stopping)
    return -1;
  if (!rule)
    return limit;
  if (rule->truncate_after >= 0) {
    if (pos >= rule->truncate_after)
      return -1;
    limit = MIN (limit, rule->truncate_after - pos);
  }
  if (rule->stall_after >= 0) {
    if (pos >= rule->stall_after) {
      if (call->stalled)
        return -1;
      call->stalled = TRUE;
      sleep_call (call, rule->stall_ms);
      return 0;
    }
    limit = MIN (limit, rule->stall_after - pos);
  }
  if (rule->rate > 0) {
    gint64 due = (g_get_monotonic_time () - call->body_began) * rule->rate / G_USEC_PER_SEC + 1 - pos;
    if (due <= 0) {
      sleep_call (call, 20);
      return 0;
    }
    limit = MIN (limit, due);
  }
  return (gssize)limit;
}

static ssize_t
on_mhd_read (void *data, uint64_t pos, char *buffer, size_t size)
{
  Call *call = data;
  if (!call->body_began)
    call->body_began = g_get_monotonic_time ();
  gssize may = allowance (call, (gint64)pos, size);
  if (may < 0)
    return MHD_CONTENT_READER_END_WITH_ERROR;
  if (may == 0)
    return 0;
  gssize got = ocs_lab_reply_read (call->reply, (gint64)pos, buffer, (gsize)may);
  if (got <= 0)
    return MHD_CONTENT_READER_END_WITH_ERROR;
  call->sent += got;
  return got;
}

static void
close_hard (Call *call)
{
  const union MHD_ConnectionInfo *info = MHD_get_connection_info (call->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  struct linger linger = {.l_onoff = 1, .l_linger = 0};
  if (info && setsockopt (info->connect_fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) < 0)
    g_warning ("cannot set SO_LINGER: %s", g_strerror (errno));
}

static enum MHD_Result
queue_reply (Call *call)
{
  OcsLabReply *reply = call->reply;
  gint64 length = reply->rule && reply->rule->content_length >= 0 ? reply->rule->content_length : reply->length;
  GHashTableIter iter;
  gpointer name, value;
  struct MHD_Response *response = MHD_create_response_from_callback ((uint64_t)length, BLOCK, on_mhd_read, call, NULL);
  if (reply->content_type)
    MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
  g_hash_table_iter_init (&iter, reply->headers);
  while (g_hash_table_iter_next (&iter, &name, &value))
    MHD_add_response_header (response, name, value);
  enum MHD_Result result = MHD_queue_response (call->connection, reply->status, response);
  MHD_destroy_response (response);
  return result;
}

static gboolean
is_control (const Call *call)
{
  return g_str_has_prefix (call->request->path, "/_lab/");
}

static enum MHD_Result
answer (Call *call)
{
  OcsLabHttp *http = call->http;
  if (!call->matched) {
    call->matched = TRUE;
    if (!is_control (call)) {
      if (http->log->len < LOG_MAX)
        g_ptr_array_add (http->log, json_object_ref (call->request->record));
      call->rule = ocs_lab_rule_match (http->rules, call->request->method, call->request->path);
    }
  }
  if (call->rule && call->rule->delay_ms && !call->delayed && !http->stopping) {
    call->delayed = TRUE;
    sleep_call (call, call->rule->delay_ms);
    return MHD_YES;
  }
  if (call->rule && (call->rule->close || call->rule->reset)) {
    if (call->rule->reset)
      close_hard (call);
    return MHD_NO;
  }
  call->reply = http->handler (call->request, http->user_data);
  if (call->rule)
    ocs_lab_reply_bend (call->reply, g_steal_pointer (&call->rule));
  json_object_set_int_member (call->request->record, "status", call->reply->status);
  return queue_reply (call);
}

static enum MHD_Result
on_mhd_header (void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);
  g_autofree char *text = g_utf8_make_valid (value ? value : "", -1);
  json_object_set_string_member (data, lower, text);
  return MHD_YES;
}

static enum MHD_Result
on_mhd_argument (void *data, enum MHD_ValueKind kind, const char *name, const char *value)
{
  GString *query = data;
  g_string_append_printf (query, "%s%s%s%s", query->len ? "&" : "", name, value ? "=" : "", value ? value : "");
  return MHD_YES;
}

static OcsLabRequest *
request_new (Call *call, const char *method, const char *url, gboolean secure)
{
  OcsLabRequest *request = g_new0 (OcsLabRequest, 1);
  GString *query = g_string_new (NULL);
  request->method = g_strdup (method);
  request->path = g_utf8_make_valid (url, -1);
  request->headers = json_object_new ();
  request->record = json_object_new ();
  request->body = g_byte_array_new ();
  request->secure = secure;
  MHD_get_connection_values (call->connection, MHD_HEADER_KIND, on_mhd_header, request->headers);
  MHD_get_connection_values (call->connection, MHD_GET_ARGUMENT_KIND, on_mhd_argument, query);
  request->query = g_string_free (query, FALSE);
  request->has_length = json_object_has_member (request->headers, "content-length");
  char *password = NULL;
  char *user = MHD_basic_auth_get_username_password (call->connection, &password);
  request->user = g_strdup (user);
  request->password = g_strdup (password);
  MHD_free (user);
  MHD_free (password);

  JsonObject *record = request->record;
  json_object_set_double_member (record, "time", (double)(call->began - call->http->started) / G_USEC_PER_SEC);
  json_object_set_string_member (record, "method", method);
  json_object_set_string_member (record, "path", request->path);
  json_object_set_string_member (record, "query_string", request->query);
  json_object_set_boolean_member (record, "secure", secure);
  json_object_set_object_member (record, "headers", json_object_ref (request->headers));
  json_object_set_int_member (record, "status", 0);
  json_object_set_int_member (record, "sent", 0);
  json_object_set_boolean_member (record, "complete", FALSE);
  return request;
}

static enum MHD_Result
on_mhd_request (void *data, struct MHD_Connection *connection, const char *url, const char *method, const char *version, const char *upload,
                size_t *upload_size, void **slot)
{
  Loop *loop = data;
  Call *call = *slot;
  if (!call) {
    call = g_new0 (Call, 1);
    call->http = loop->http;
    call->daemon = loop->daemon;
    call->connection = connection;
    call->began = g_get_monotonic_time ();
    call->request = request_new (call, method, url, loop->secure);
    *slot = call;
    return MHD_YES;
  }
  if (*upload_size > 0) {
    if (call->request->body->len + *upload_size > BODY_MAX)
      return MHD_NO;
    g_byte_array_append (call->request->body, (const guint8 *)upload, (guint)*upload_size);
    *upload_size = 0;
    return MHD_YES;
  }
  return answer (call);
}

static void
on_mhd_completed (void *data, struct MHD_Connection *connection, void **slot, enum MHD_RequestTerminationCode why)
{
  Call *call = *slot;
  if (!call)
    return;
  JsonObject *record = call->request->record;
  json_object_set_int_member (record, "sent", call->sent);
  json_object_set_boolean_member (record, "complete", why == MHD_REQUEST_TERMINATED_COMPLETED_OK);
  json_object_set_double_member (record, "seconds", (double)(g_get_monotonic_time () - call->began) / G_USEC_PER_SEC);
  g_clear_handle_id (&call->timer, g_source_remove);
  g_hash_table_remove (call->http->asleep, call);
  g_clear_pointer (&call->reply, ocs_lab_reply_free);
  g_clear_pointer (&call->rule, ocs_lab_rule_unref);
  ocs_lab_request_free (call->request);
  g_free (call);
  *slot = NULL;
}

static gboolean
loop_prepare (GSource *source, int *timeout)
{
  MHD_UNSIGNED_LONG_LONG ms = 0;
  *timeout = -1;
  if (MHD_get_timeout (((Loop *)source)->daemon, &ms) == MHD_YES)
    *timeout = (int)MIN (ms, 1000);
  return *timeout == 0;
}

static gboolean
loop_check (GSource *source)
{
  MHD_UNSIGNED_LONG_LONG ms = 1;
  Loop *loop = (Loop *)source;
  return g_source_query_unix_fd (source, loop->tag) != 0 || (MHD_get_timeout (loop->daemon, &ms) == MHD_YES && ms == 0);
}

static gboolean
loop_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  MHD_run (((Loop *)source)->daemon);
  return G_SOURCE_CONTINUE;
}

static const GSourceFuncs loop_funcs = {.prepare = loop_prepare, .check = loop_check, .dispatch = loop_dispatch};

static void
loop_free (gpointer data)
{
  Loop *loop = data;
  g_source_destroy (&loop->source);
  if (loop->daemon)
    MHD_stop_daemon (loop->daemon);
  g_source_unref (&loop->source);
}

OcsLabHttp *
ocs_lab_http_new (GPtrArray *rules, GPtrArray *log, OcsLabHandler handler, gpointer user_data)
{
  OcsLabHttp *http = g_new0 (OcsLabHttp, 1);
  http->rules = rules;
  http->log = log;
  http->handler = handler;
  http->user_data = user_data;
  http->loops = g_ptr_array_new_with_free_func (loop_free);
  http->asleep = g_hash_table_new (NULL, NULL);
  http->started = g_get_monotonic_time ();
  return http;
}

/* libmicrohttpd aborts when it is stopped with suspended connections, so all are woken and told to end. */
void
ocs_lab_http_free (OcsLabHttp *http)
{
  g_autoptr (GList) calls = g_hash_table_get_keys (http->asleep);
  http->stopping = TRUE;
  for (GList *item = calls; item; item = item->next) {
    Call *call = item->data;
    g_clear_handle_id (&call->timer, g_source_remove);
    wake (call);
  }
  for (guint i = 0; i < http->loops->len; i++)
    MHD_run (((Loop *)g_ptr_array_index (http->loops, i))->daemon);
  g_ptr_array_unref (http->loops);
  g_hash_table_unref (http->asleep);
  g_free (http);
}

static struct MHD_Daemon *
start_daemon (Loop *loop, guint16 port, const char *cert, const char *key)
{
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons (port), .sin_addr.s_addr = htonl (INADDR_LOOPBACK)};
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_MEM_CERT, 0, (char *)cert}, {MHD_OPTION_HTTPS_MEM_KEY, 0, (char *)key}, {MHD_OPTION_END, 0, NULL}};
  unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (cert ? MHD_USE_TLS : 0);
  if (!cert)
    tls[0].option = MHD_OPTION_END;
  return MHD_start_daemon (flags, port, NULL, NULL, on_mhd_request, loop, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                           MHD_OPTION_NOTIFY_COMPLETED, on_mhd_completed, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)4 * BLOCK,
                           MHD_OPTION_LISTEN_BACKLOG_SIZE, 1024u, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

guint16
ocs_lab_http_listen (OcsLabHttp *http, guint16 port, const char *cert, const char *key, GError **error)
{
  Loop *loop = (Loop *)g_source_new ((GSourceFuncs *)&loop_funcs, sizeof (Loop));
  loop->http = http;
  loop->secure = cert != NULL;
  loop->daemon = start_daemon (loop, port, cert, key);
  if (!loop->daemon) {
    loop_free (loop);
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "cannot listen on 127.0.0.1:%u%s", port, cert ? " with this certificate" : "");
    return 0;
  }
  g_ptr_array_add (http->loops, loop);
  loop->tag = g_source_add_unix_fd (&loop->source, MHD_get_daemon_info (loop->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, G_IO_IN);
  g_source_attach (&loop->source, NULL);
  return MHD_get_daemon_info (loop->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}
