/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Policy and history are read once after each contact: the worker reads its file then, and the history has one more. */
#define G_LOG_DOMAIN "ocs-model"
#include "tray/model.h"

#include "ipc/json.h"

static void
changed (OcsModel *model)
{
  model->on_change (model, model->user_data);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  OcsModel *model = user_data;
  if (g_cancellable_is_cancelled (model->cancellable))
    return;
  g_autoptr (JsonObject) reply = ocs_client_call_finish (model->client, result, &error);
  if (reply)
    ocs_request_answer (&model->request, ocs_json_string (reply, "how"), ocs_json_int (reply, "serial", 0));
  else
    ocs_request_refuse (&model->request, error);
  changed (model);
}

void
ocs_model_send_inventory (OcsModel *model)
{
  if (model->request.kind == OCS_REQUEST_ASKED)
    return;
  ocs_request_ask (&model->request, g_get_real_time () / G_USEC_PER_SEC);
  ocs_client_call_async (model->client, "SendInventory", NULL, model->cancellable, on_sent, model);
  changed (model);
}

static void
on_policy (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsModel *model = user_data;
  if (g_cancellable_is_cancelled (model->cancellable))
    return;
  /* An older worker has no such method: what was known stays. */
  g_autoptr (JsonObject) reply = ocs_client_call_finish (model->client, result, NULL);
  if (reply == NULL)
    return;
  ocs_policy_free (model->policy);
  model->policy = ocs_policy_from_json (reply);
  changed (model);
}

static GPtrArray *
contacts_from_json (JsonObject *reply)
{
  GPtrArray *contacts = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_outcome_free);
  JsonArray *array = ocs_json_array (reply, "contacts");
  for (guint i = 0; array && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    if (JSON_NODE_HOLDS_OBJECT (node))
      g_ptr_array_add (contacts, ocs_outcome_from_json (json_node_get_object (node)));
  }
  return contacts;
}

static void
on_history (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsModel *model = user_data;
  if (g_cancellable_is_cancelled (model->cancellable))
    return;
  g_autoptr (JsonObject) reply = ocs_client_call_finish (model->client, result, NULL);
  if (reply == NULL)
    return;
  g_ptr_array_unref (model->contacts);
  model->contacts = contacts_from_json (reply);
  changed (model);
}

static void
read_beside (OcsModel *model)
{
  const OcsStatus *status = model->status;
  g_autofree char *name = g_strdup_printf ("%" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT " %d", status->started,
                                           status->last_contact, status->last_success, status->job != NULL);
  if (status->state == OCS_STATE_NOT_RUNNING)
    g_clear_pointer (&model->read, g_free);
  if (status->state == OCS_STATE_NOT_RUNNING || g_strcmp0 (model->read, name) == 0)
    return;
  g_free (model->read);
  model->read = g_steal_pointer (&name);
  ocs_client_call_async (model->client, "GetPolicy", NULL, model->cancellable, on_policy, model);
  ocs_client_call_async (model->client, "GetHistory", NULL, model->cancellable, on_history, model);
}

static void
on_client_status (OcsClient *client, const OcsStatus *status, gpointer user_data)
{
  OcsModel *model = user_data;
  g_autoptr (JsonObject) copy = ocs_status_to_json (status);
  ocs_status_free (model->status);
  model->status = ocs_status_from_json (copy);
  model->answered = TRUE;
  read_beside (model);
  changed (model);
}

void
ocs_model_call_async (OcsModel *model, const char *method, JsonObject *parameters, GAsyncReadyCallback callback, gpointer user_data)
{
  ocs_client_call_async (model->client, method, parameters, model->cancellable, callback, user_data);
}

JsonObject *
ocs_model_call_finish (GAsyncResult *result, GError **error)
{
  return ocs_client_call_finish (NULL, result, error);
}

gboolean
ocs_model_is_running (const OcsModel *model)
{
  return model->status->state != OCS_STATE_NOT_RUNNING;
}

OcsModel *
ocs_model_new (const char *socket_path, OcsModelFunc on_change, gpointer user_data)
{
  OcsModel *model = g_new0 (OcsModel, 1);
  model->socket = g_strdup (socket_path);
  model->status = ocs_status_new ();
  model->status->state = OCS_STATE_NOT_RUNNING;
  model->policy = ocs_policy_new ();
  model->contacts = g_ptr_array_new ();
  model->cancellable = g_cancellable_new ();
  model->on_change = on_change;
  model->user_data = user_data;
  model->client = ocs_client_new (model->socket, on_client_status, model);
  return model;
}

void
ocs_model_free (OcsModel *model)
{
  g_cancellable_cancel (model->cancellable);
  ocs_client_free (model->client);
  ocs_status_free (model->status);
  ocs_request_clear (&model->request);
  ocs_policy_free (model->policy);
  g_ptr_array_unref (model->contacts);
  g_object_unref (model->cancellable);
  g_free (model->read);
  g_free (model->socket);
  g_free (model);
}
