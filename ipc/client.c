/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The watch. A call is client-call.c's. While the worker answers, nothing here wakes up; while nobody is there, a monitor of the
 * socket's folder and a timer try again. */
#define G_LOG_DOMAIN "ocs-client"
#include "ipc/client.h"
#include "ipc/address.h"
#include "ipc/client-call.h"
#include "ipc/error.h"
#include "ipc/frame.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "ipc/link.h"
#include "ipc/names.h"
#include "ipc/reply.h"

#define RETRY_FIRST 1
#define RETRY_MAX 60
/* Seconds until somebody who has not answered is called so; he may be starting, so that he is waited for all the same. */
#define PATIENCE 3
/* A socket file appears a moment before somebody listens on it. Milliseconds. */
#define SETTLE 50

struct _OcsClient {
  char *path; /* owned */
  OcsClientFunc on_status;
  gpointer user_data;
  OcsStatus *status;     /* owned; the newest one told, or what is known while nobody answers */
  OcsLink *link;         /* owned, nullable; the watch */
  OcsFramer *framer;     /* owned, nullable; of link */
  GFileMonitor *monitor; /* owned, nullable; while there is no link */
  GSource *timer;        /* owned, nullable; the next try */
  guint delay;           /* seconds to the try after it */
  gboolean told;         /* on_status has been called */
  gboolean freed;
};

static void schedule (OcsClient *client, guint milliseconds);

/* Calls the user, who may free the client: FALSE then. */
static gboolean
tell (OcsClient *client)
{
  gboolean live;

  g_rc_box_acquire (client);
  client->told = TRUE;
  client->on_status (client, client->status, client->user_data);
  live = !client->freed;
  g_rc_box_release (client);
  return live;
}

static void
clear_link (OcsClient *client)
{
  ocs_link_free (g_steal_pointer (&client->link));
  g_clear_pointer (&client->framer, ocs_framer_free);
}

static void
clear_timer (OcsClient *client)
{
  if (client->timer == NULL)
    return;
  g_source_destroy (client->timer);
  g_clear_pointer (&client->timer, g_source_unref);
}

static void
clear_monitor (OcsClient *client)
{
  if (client->monitor == NULL)
    return;
  g_signal_handlers_disconnect_by_data (client->monitor, client);
  g_file_monitor_cancel (client->monitor);
  g_clear_object (&client->monitor);
}

static void
on_folder_changed (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event, gpointer user_data)
{
  OcsClient *client = user_data;
  g_autofree char *path = g_file_get_path (file);

  /* Who was just reached has not answered yet. */
  if (g_strcmp0 (path, client->path) != 0 || event == G_FILE_MONITOR_EVENT_DELETED || client->link != NULL)
    return;
  client->delay = RETRY_FIRST;
  schedule (client, SETTLE);
}

static void
set_monitor (OcsClient *client)
{
  g_autofree char *folder = g_path_get_dirname (client->path);
  g_autoptr (GFile) file = g_file_new_for_path (folder);

  if (client->monitor != NULL)
    return;
  /* Without one the timer does it alone. */
  client->monitor = g_file_monitor_directory (file, G_FILE_MONITOR_NONE, NULL, NULL);
  if (client->monitor != NULL)
    g_signal_connect (client->monitor, "changed", G_CALLBACK (on_folder_changed), client);
}

/* Keeps what stays true of a worker that has gone: its times and names, and how the last contact ended. */
static void
forget_running (OcsStatus *status)
{
  status->state = OCS_STATE_NOT_RUNNING;
  g_clear_pointer (&status->job, ocs_job_free);
  g_ptr_array_set_size (status->packages, 0);
  g_ptr_array_set_size (status->questions, 0);
  status->next_contact = 0;
}

static gboolean
is_same_reason (const OcsReason *reason, const char *code, const char *message)
{
  return reason != NULL && g_strcmp0 (reason->code, code) == 0 && g_strcmp0 (reason->message, message) == 0;
}

/* Ends the watch and tries again later. May free the client. */
static void
lose (OcsClient *client, const GError *error)
{
  const char *code = ocs_error_nick (ocs_error_code (error));
  gboolean news =
      !client->told || client->status->state != OCS_STATE_NOT_RUNNING || !is_same_reason (client->status->reason, code, error->message);

  g_debug ("no watch: %s", error->message);
  clear_link (client);
  set_monitor (client);
  schedule (client, client->delay * 1000);
  client->delay = MIN (client->delay * 2, RETRY_MAX);
  if (!news)
    return;
  forget_running (client->status);
  ocs_reason_free (client->status->reason);
  client->status->reason = ocs_reason_new (code, error->message);
  (void)tell (client);
}

/* FALSE where the watch is over, or the client freed. */
static gboolean
take_reply (OcsClient *client, JsonObject *reply)
{
  JsonObject *object = ocs_json_object (ocs_json_object (reply, "parameters"), "status");
  g_autoptr (GError) error = NULL;

  if (ocs_reply_check (reply, &error) && object == NULL)
    g_set_error_literal (&error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the worker answers without a status: restart it");
  else if (error == NULL && !ocs_json_bool (reply, "continues", FALSE))
    g_set_error_literal (&error, OCS_ERROR, OCS_ERROR_INTERRUPTED, "the worker ended the watch: it is stopping");
  if (error != NULL) {
    lose (client, error);
    return FALSE;
  }
  client->delay = RETRY_FIRST;
  clear_timer (client);
  clear_monitor (client);
  ocs_status_free (client->status);
  client->status = ocs_status_from_json (object);
  return tell (client);
}

static void
on_link_bytes (OcsLink *link, const guint8 *bytes, gsize length, gpointer user_data)
{
  OcsClient *client = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) newest = NULL;
  JsonObject *reply;

  if (!ocs_framer_push (client->framer, bytes, length, &error)) {
    lose (client, error);
    return;
  }
  /* Of several states only the newest is worth a picture. */
  while ((reply = ocs_framer_pop (client->framer, &error)) != NULL) {
    g_clear_pointer (&newest, json_object_unref);
    newest = reply;
  }
  if (newest != NULL && !take_reply (client, newest))
    return;
  if (error != NULL)
    lose (client, error);
}

static void
on_link_gone (OcsLink *link, gpointer user_data)
{
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_INTERRUPTED, "the worker has gone: start it again");

  lose (user_data, error);
}

static void
on_link_ready (OcsLink *link, gpointer user_data)
{
}

static void
try_connect (OcsClient *client)
{
  static const char call[] = "{\"method\":\"" OCS_WORKER_INTERFACE ".Watch\",\"parameters\":{},\"more\":true}";
  static const OcsLinkCallbacks callbacks = {.bytes = on_link_bytes, .end = on_link_gone, .ready = on_link_ready, .closed = on_link_gone};
  g_autoptr (GError) error = NULL;
  int fd;

  clear_timer (client);
  if (client->link != NULL)
    return;
  fd = ocs_address_connect (client->path, &error);
  if (fd < 0) {
    lose (client, error);
    return;
  }
  client->framer = ocs_framer_new (OCS_REPLY_MAX);
  client->link = ocs_link_new (fd, &callbacks, client);
  ocs_link_write (client->link, call, sizeof call);
  schedule (client, PATIENCE * 1000);
}

/* Somebody took the call and says nothing. May free the client. */
static void
call_silent (OcsClient *client)
{
  static const char words[] = "the worker does not answer yet: wait, or restart it";
  const char *code = ocs_error_nick (OCS_ERROR_TIMED_OUT);

  clear_timer (client);
  if (client->told && is_same_reason (client->status->reason, code, words))
    return;
  forget_running (client->status);
  ocs_reason_free (client->status->reason);
  client->status->reason = ocs_reason_new (code, words);
  (void)tell (client);
}

static gboolean
on_timer (gpointer user_data)
{
  OcsClient *client = user_data;

  if (client->link != NULL)
    call_silent (client);
  else
    try_connect (client);
  return G_SOURCE_REMOVE;
}

static void
schedule (OcsClient *client, guint milliseconds)
{
  clear_timer (client);
  client->timer = milliseconds % 1000 == 0 && milliseconds > 0 ? g_timeout_source_new_seconds (milliseconds / 1000)
                                                               : g_timeout_source_new (milliseconds);
  g_source_set_callback (client->timer, on_timer, client, NULL);
  g_source_attach (client->timer, g_main_context_get_thread_default ());
}

OcsClient *
ocs_client_new (const char *socket_path, OcsClientFunc on_status, gpointer user_data)
{
  OcsClient *client = g_rc_box_new0 (OcsClient);

  client->path = g_canonicalize_filename (socket_path, NULL);
  client->on_status = on_status;
  client->user_data = user_data;
  client->status = ocs_status_new ();
  client->status->state = OCS_STATE_NOT_RUNNING;
  client->delay = RETRY_FIRST;
  schedule (client, 0);
  return client;
}

void
ocs_client_free (OcsClient *client)
{
  if (client == NULL)
    return;
  client->freed = TRUE;
  clear_link (client);
  clear_timer (client);
  clear_monitor (client);
  g_clear_pointer (&client->status, ocs_status_free);
  g_clear_pointer (&client->path, g_free);
  g_rc_box_release (client);
}

void
ocs_client_call_async (OcsClient *client, const char *method, JsonObject *parameters, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  ocs_client_call_start (client->path, method, parameters, cancellable, callback, user_data);
}

JsonObject *
ocs_client_call_finish (OcsClient *client, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

char *
ocs_client_socket_path (const char *explicit_path)
{
  const char *environment = g_getenv (OCS_SOCKET_ENVIRONMENT);

  if (explicit_path != NULL && *explicit_path != '\0')
    return g_strdup (explicit_path);
  if (environment != NULL && *environment != '\0')
    return g_strdup (environment);
  return g_build_filename (OCS_DEFAULT_RUNTIME_DIR, OCS_WORKER_SOCKET, NULL);
}
