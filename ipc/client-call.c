/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-client"
#include "ipc/client-call.h"
#include "ipc/address.h"
#include "ipc/error.h"
#include "ipc/frame.h"
#include "ipc/json.h"
#include "ipc/limits.h"
#include "ipc/link.h"
#include "ipc/names.h"
#include "ipc/reply.h"
#include <string.h>

/* Lives as the data of its task; the reference that the call holds on the task is given up when it ends. */
typedef struct {
  OcsLink *link;     /* owned, nullable */
  OcsFramer *framer; /* owned */
  GSource *cancel;   /* owned, nullable */
} ClientCall;

static void
close_call (ClientCall *call)
{
  ocs_link_free (g_steal_pointer (&call->link));
  if (call->cancel != NULL)
    g_source_destroy (call->cancel);
  g_clear_pointer (&call->cancel, g_source_unref);
}

static void
client_call_free (gpointer data)
{
  ClientCall *call = data;

  close_call (call);
  ocs_framer_free (call->framer);
  g_free (call);
}

/* Exactly one of reply and error; both transfer full. */
static void
end (GTask *task, JsonObject *reply, GError *error)
{
  close_call (g_task_get_task_data (task));
  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify)json_object_unref);
  else
    g_task_return_error (task, error);
  g_object_unref (task);
}

static void
on_link_bytes (OcsLink *link, const guint8 *bytes, gsize length, gpointer user_data)
{
  GTask *task = user_data;
  ClientCall *call = g_task_get_task_data (task);
  g_autoptr (JsonObject) reply = NULL;
  GError *error = NULL;
  JsonObject *parameters;

  if (ocs_framer_push (call->framer, bytes, length, &error))
    reply = ocs_framer_pop (call->framer, &error);
  if (reply == NULL && error == NULL)
    return;
  if (reply == NULL || !ocs_reply_check (reply, &error)) {
    end (task, NULL, error);
    return;
  }
  parameters = ocs_json_object (reply, "parameters");
  end (task, parameters != NULL ? json_object_ref (parameters) : json_object_new (), NULL);
}

static void
on_link_gone (OcsLink *link, gpointer user_data)
{
  end (user_data, NULL, g_error_new_literal (OCS_ERROR, OCS_ERROR_INTERRUPTED, "the worker closed the connection: try again"));
}

static void
on_link_ready (OcsLink *link, gpointer user_data)
{
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  end (user_data, NULL, g_error_new_literal (OCS_ERROR, OCS_ERROR_CANCELLED, "cancelled"));
  return G_SOURCE_REMOVE;
}

static void
send_call (ClientCall *call, const char *method, JsonObject *parameters)
{
  g_autoptr (JsonObject) message = json_object_new ();
  g_autofree char *qualified = g_strconcat (OCS_WORKER_INTERFACE ".", method, NULL);
  g_autofree char *text = NULL;

  json_object_set_string_member (message, "method", qualified);
  json_object_set_object_member (message, "parameters", parameters);
  text = ocs_json_write (message);
  ocs_link_write (call->link, text, strlen (text) + 1);
}

void
ocs_client_call_start (const char *path, const char *method, JsonObject *parameters, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  static const OcsLinkCallbacks callbacks = {.bytes = on_link_bytes, .end = on_link_gone, .ready = on_link_ready, .closed = on_link_gone};
  /* The task's own check would give a G_IO_ERROR. */
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  ClientCall *call = g_new0 (ClientCall, 1);
  g_autoptr (JsonObject) given = parameters != NULL ? parameters : json_object_new ();
  GError *error = NULL;
  int fd;

  g_task_set_task_data (task, call, client_call_free);
  call->framer = ocs_framer_new (OCS_REPLY_MAX);
  fd = ocs_address_connect (path, &error);
  if (fd < 0) {
    end (task, NULL, error);
    return;
  }
  call->link = ocs_link_new (fd, &callbacks, task);
  if (cancellable != NULL) {
    call->cancel = g_cancellable_source_new (cancellable);
    g_source_set_callback (call->cancel, G_SOURCE_FUNC (on_cancelled), task, NULL);
    g_source_attach (call->cancel, g_main_context_get_thread_default ());
  }
  send_call (call, method, json_object_ref (given));
}
