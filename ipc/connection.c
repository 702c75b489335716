/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-connection"
#include "ipc/connection.h"
#include "ipc/error.h"
#include "ipc/frame.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "ipc/link.h"
#include "ipc/service.h"
#include <string.h>

struct _OcsConnection {
  OcsPeer peer;
  const OcsServerConfig *config; /* borrowed: the server's, which outlives us */
  gpointer config_data;
  OcsConnectionFunc on_closed;
  gpointer closed_data;
  OcsLink *link;     /* owned; NULL once handed over by an upgrade */
  OcsFramer *framer; /* owned */
  OcsCall *call;     /* borrowed: its handler's; the one in flight, nullable */
  char *newest;      /* owned, nullable; the reply with "continues" that waits until the peer has read the one before */
  gboolean pumping;
  gboolean ended; /* the peer sends no more */
  gboolean over;  /* close as soon as nothing runs */
};

struct _OcsCall {
  OcsConnection *connection; /* borrowed: NULL once it has gone */
  OcsPeer peer;
  const char *interface;                             /* borrowed: static */
  const char *method;                                /* borrowed: static; unqualified */
  GCancellable *cancellable;                         /* owned */
  void (*ready) (OcsCall *call, gpointer user_data); /* nullable; wanted once */
  gpointer ready_data;                               /* borrowed: the handler's */
  gboolean more;
  gboolean oneway;
  gboolean upgrade;
};

static void
write_text (OcsConnection *connection, const char *text)
{
  ocs_link_write (connection->link, text, strlen (text) + 1);
}

/* reply: the envelope, transfer full. */
static void
write_reply (OcsConnection *connection, JsonObject *reply)
{
  g_autoptr (JsonObject) envelope = reply;
  g_autofree char *text = ocs_json_write (envelope);

  if (connection->newest != NULL)
    write_text (connection, connection->newest);
  g_clear_pointer (&connection->newest, g_free);
  write_text (connection, text);
}

static OcsCall *
call_new (OcsConnection *connection, const char *method, JsonObject *message)
{
  OcsCall *call = g_new0 (OcsCall, 1);

  call->connection = connection;
  call->peer = connection->peer;
  call->interface = connection->config->interface;
  call->method = method;
  call->cancellable = g_cancellable_new ();
  call->more = ocs_json_bool (message, "more", FALSE);
  call->oneway = ocs_json_bool (message, "oneway", FALSE);
  call->upgrade = ocs_json_bool (message, "upgrade", FALSE);
  connection->call = call;
  return call;
}

static void
call_free (OcsCall *call)
{
  OcsConnection *connection = call->connection;

  if (connection != NULL) {
    connection->call = NULL;
    /* Not pumped from here: the handler is still on the stack. */
    if (connection->link != NULL && !connection->pumping)
      ocs_link_wake (connection->link);
  }
  g_object_unref (call->cancellable);
  g_free (call);
}

/* Ends the call with an envelope, transfer full. */
static void
call_end (OcsCall *call, JsonObject *reply)
{
  if (call->connection != NULL && !call->oneway)
    write_reply (call->connection, reply);
  else
    json_object_unref (reply);
  call_free (call);
}

const OcsPeer *
ocs_call_peer (OcsCall *call)
{
  return &call->peer;
}

const char *
ocs_call_method (OcsCall *call)
{
  return call->method;
}

GCancellable *
ocs_call_cancellable (OcsCall *call)
{
  return call->cancellable;
}

void
ocs_call_reply (OcsCall *call, JsonObject *reply)
{
  call_end (call, ocs_service_reply (reply));
}

void
ocs_call_fail (OcsCall *call, const GError *error)
{
  g_autofree char *name = g_strconcat (call->interface, ".", ocs_error_wire_name (ocs_error_code (error)), NULL);
  JsonObject *reply = ocs_service_error (name, "message", error != NULL ? error->message : "failed without saying why");

  if (ocs_error_retry_after (error) > 0)
    json_object_set_int_member (json_object_get_object_member (reply, "parameters"), "retry_after", ocs_error_retry_after (error));
  call_end (call, reply);
}

gboolean
ocs_call_continue (OcsCall *call, JsonObject *reply)
{
  g_autoptr (JsonObject) envelope = ocs_service_reply (reply);
  OcsConnection *connection = call->connection;

  g_return_val_if_fail (call->more, FALSE);
  if (connection == NULL)
    return FALSE;
  if (call->oneway)
    return TRUE;
  json_object_set_boolean_member (envelope, "continues", TRUE);
  g_free (connection->newest);
  connection->newest = ocs_json_write (envelope);
  if (ocs_link_pending (connection->link) == 0) {
    write_text (connection, connection->newest);
    g_clear_pointer (&connection->newest, g_free);
  }
  return TRUE;
}

gboolean
ocs_call_is_taken (OcsCall *call)
{
  return call->connection == NULL || (call->connection->newest == NULL && ocs_link_pending (call->connection->link) == 0);
}

void
ocs_call_when_taken (OcsCall *call, void (*ready) (OcsCall *call, gpointer user_data), gpointer user_data)
{
  call->ready = ready;
  call->ready_data = user_data;
}

/* Once, so that a handler that ends the call is not called again. */
static void
tell_ready (OcsCall *call)
{
  void (*ready) (OcsCall *, gpointer) = call->ready;

  call->ready = NULL;
  if (ready != NULL)
    ready (call, call->ready_data);
}

OcsPipe *
ocs_call_upgrade (OcsCall *call, JsonObject *reply)
{
  OcsConnection *connection = call->connection;
  OcsPipe *pipe = NULL;

  g_return_val_if_fail (connection == NULL || call->upgrade, NULL);
  if (connection != NULL) {
    g_autoptr (GBytes) rest = ocs_framer_steal_rest (connection->framer);

    write_reply (connection, ocs_service_reply (reply));
    pipe = ocs_pipe_new (g_steal_pointer (&connection->link), rest, connection->ended);
    connection->over = TRUE;
    connection->call = NULL;
    call->connection = NULL;
    if (!connection->pumping)
      connection->on_closed (connection, connection->closed_data);
  } else {
    g_clear_pointer (&reply, json_object_unref);
  }
  call_free (call);
  return pipe;
}

static const OcsMethod *
find_method (const OcsServerConfig *config, const char *name)
{
  for (const OcsMethod *method = config->methods; method->name != NULL; method++)
    if (strcmp (method->name, name) == 0)
      return method;
  return NULL;
}

/* The refusal of a call, transfer full, or NULL where it may be made. */
static JsonObject *
check_call (OcsCall *call, const OcsMethod *method, JsonObject *message)
{
  JsonNode *parameters = json_object_get_member (message, "parameters");

  if (parameters != NULL && !JSON_NODE_HOLDS_OBJECT (parameters) && !JSON_NODE_HOLDS_NULL (parameters))
    return ocs_service_refuse ("InvalidParameter", "parameter", "parameters");
  if (method->needs_more && !call->more)
    return ocs_service_refuse ("ExpectedMore", NULL, NULL);
  if (method->needs_upgrade != call->upgrade || (call->upgrade && (call->oneway || call->more)))
    return ocs_service_refuse ("InvalidParameter", "parameter", "upgrade");
  return NULL;
}

static void
run_method (OcsConnection *connection, const OcsMethod *method, JsonObject *message)
{
  const OcsServerConfig *config = connection->config;
  OcsCall *call = call_new (connection, method->name, message);
  JsonObject *refusal = check_call (call, method, message);
  g_autoptr (JsonObject) none = NULL;
  JsonObject *parameters = ocs_json_object (message, "parameters");
  g_autoptr (GError) error = NULL;

  if (refusal != NULL) {
    call_end (call, refusal);
  } else if (config->authorize != NULL && !config->authorize (&connection->peer, method->name, connection->config_data, &error)) {
    ocs_call_fail (call, error);
  } else {
    if (parameters == NULL)
      parameters = none = json_object_new ();
    method->func (call, parameters, connection->config_data);
  }
}

/* What the server answers by itself, transfer full; NULL where interface and name are a method of the table. */
static JsonObject *
own_answer (OcsConnection *connection, const char *qualified, const char *interface, const char *name, JsonObject *message)
{
  const OcsServerConfig *config = connection->config;

  if (strcmp (interface, OCS_SERVICE_INTERFACE) == 0) {
    if (ocs_json_bool (message, "upgrade", FALSE))
      return ocs_service_refuse ("InvalidParameter", "parameter", "upgrade");
    return ocs_service_answer (config, name, ocs_json_object (message, "parameters"));
  }
  if (strcmp (interface, config->interface) != 0)
    return ocs_service_refuse ("InterfaceNotFound", "interface", interface);
  if (find_method (config, name) == NULL)
    return ocs_service_no_method (config, qualified, name);
  return NULL;
}

/* FALSE where message is no call. */
static gboolean
dispatch (OcsConnection *connection, JsonObject *message)
{
  const char *qualified = ocs_json_string (message, "method");
  const char *dot = qualified != NULL ? strrchr (qualified, '.') : NULL;
  g_autofree char *interface = NULL;
  JsonObject *answer;

  if (dot == NULL)
    return FALSE;
  interface = g_strndup (qualified, (gsize)(dot - qualified));
  answer = own_answer (connection, qualified, interface, dot + 1, message);
  if (answer == NULL)
    run_method (connection, find_method (connection->config, dot + 1), message);
  else if (ocs_json_bool (message, "oneway", FALSE))
    json_object_unref (answer);
  else
    write_reply (connection, answer);
  return TRUE;
}

static gboolean
is_idle (OcsConnection *connection)
{
  return !connection->over && connection->call == NULL && ocs_link_pending (connection->link) == 0;
}

/* Takes the calls that are there, each when the one before is done. May free the connection. */
static void
pump (OcsConnection *connection)
{
  gboolean hungry = FALSE;

  connection->pumping = TRUE;
  for (guint served = 0; !hungry && is_idle (connection); served++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) message = NULL;

    if (served == OCS_CALLS_PER_CONNECTION_MAX) {
      /* The others' turn. */
      ocs_link_wake (connection->link);
      break;
    }
    message = ocs_framer_pop (connection->framer, &error);
    hungry = message == NULL && error == NULL;
    connection->over = error != NULL || (hungry && connection->ended);
    if (message != NULL && !dispatch (connection, message))
      connection->over = TRUE;
  }
  connection->pumping = FALSE;
  if (connection->over)
    connection->on_closed (connection, connection->closed_data);
  else
    ocs_link_set_reading (connection->link, hungry);
}

static void
on_link_bytes (OcsLink *link, const guint8 *bytes, gsize length, gpointer user_data)
{
  OcsConnection *connection = user_data;
  g_autoptr (GError) error = NULL;

  if (!ocs_framer_push (connection->framer, bytes, length, &error)) {
    g_debug ("uid %u is dropped: %s", (guint)connection->peer.uid, error->message);
    connection->on_closed (connection, connection->closed_data);
    return;
  }
  pump (connection);
}

static void
on_link_end (OcsLink *link, gpointer user_data)
{
  OcsConnection *connection = user_data;

  connection->ended = TRUE;
  pump (connection);
}

static void
on_link_ready (OcsLink *link, gpointer user_data)
{
  OcsConnection *connection = user_data;

  if (connection->newest != NULL && ocs_link_pending (link) == 0) {
    write_text (connection, connection->newest);
    g_clear_pointer (&connection->newest, g_free);
  }
  if (connection->call != NULL && ocs_call_is_taken (connection->call))
    tell_ready (connection->call);
  pump (connection);
}

static void
on_link_closed (OcsLink *link, gpointer user_data)
{
  OcsConnection *connection = user_data;

  connection->on_closed (connection, connection->closed_data);
}

OcsConnection *
ocs_connection_new (int fd, const OcsPeer *peer, const OcsServerConfig *config, gpointer config_data, OcsConnectionFunc on_closed,
                    gpointer closed_data)
{
  static const OcsLinkCallbacks callbacks = {.bytes = on_link_bytes, .end = on_link_end, .ready = on_link_ready, .closed = on_link_closed};
  OcsConnection *connection = g_new0 (OcsConnection, 1);

  connection->peer = *peer;
  connection->config = config;
  connection->config_data = config_data;
  connection->on_closed = on_closed;
  connection->closed_data = closed_data;
  connection->framer = ocs_framer_new (config->message_max);
  connection->link = ocs_link_new (fd, &callbacks, connection);
  return connection;
}

void
ocs_connection_free (OcsConnection *connection)
{
  if (connection == NULL)
    return;
  ocs_link_free (g_steal_pointer (&connection->link));
  if (connection->call != NULL) {
    /* A handler may end its call as soon as it is cancelled. */
    g_autoptr (GCancellable) cancellable = g_object_ref (connection->call->cancellable);

    OcsCall *call = g_steal_pointer (&connection->call);

    call->connection = NULL;
    if (call->ready != NULL)
      tell_ready (call);
    g_cancellable_cancel (cancellable);
  }
  ocs_framer_free (connection->framer);
  g_free (connection->newest);
  g_free (connection);
}

uid_t
ocs_connection_uid (OcsConnection *connection)
{
  return connection->peer.uid;
}
