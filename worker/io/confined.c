/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-confined"
#include "worker/io/confined.h"
#include "ipc/json.h"
#include "ipc/names.h"
#include "ipc/wire.h"

/* Words that a courier sends are a stranger's. */
#define WORDS_MAX 10
#define LENGTH_MAX 300
#define SILENCE_MAX 30

static GStrv
read_words (JsonArray *words)
{
  GPtrArray *lacking = g_ptr_array_new ();

  for (guint i = 0; words != NULL && i < MIN (json_array_get_length (words), WORDS_MAX); i++) {
    JsonNode *node = json_array_get_element (words, i);
    const char *text = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
    g_autofree char *line = g_strdup_printf ("the couriers are less confined than they could be: %.*s", LENGTH_MAX, text);

    if (*text != '\0')
      g_ptr_array_add (lacking, g_utf8_make_valid (line, -1));
  }
  g_ptr_array_add (lacking, NULL);
  return (GStrv)g_ptr_array_free (lacking, FALSE);
}

static void
ask_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autoptr (OcsWire) wire = ocs_wire_open (data, SILENCE_MAX, cancellable, &error);
  g_autoptr (JsonObject) reply = NULL;

  if (wire != NULL)
    reply = ocs_wire_call (wire, OCS_COURIER_INTERFACE ".GetConfinement", NULL, OCS_WIRE_PLAIN, &error);
  if (reply != NULL)
    g_task_return_pointer (task, read_words (ocs_json_array (reply, "lacking")), (GDestroyNotify)g_strfreev);
  else
    g_task_return_error (task, error);
}

void
ocs_confined_ask_async (const char *socket, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, g_strdup (socket), g_free);
  g_task_run_in_thread (task, ask_thread);
}

GStrv
ocs_confined_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
