/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scan: who else is on a network of this machine. */
#define G_LOG_DOMAIN "ocs-scan"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/courier/methods.h"
#include "worker/courier/neighbours.h"
#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#define NAMES_SECONDS 30

/* The name of an address by the machine's own resolver; transfer full, nullable. */
static char *
name_of (const char *ip)
{
  struct sockaddr_in address = {.sin_family = AF_INET};
  char name[NI_MAXHOST];

  if (inet_pton (AF_INET, ip, &address.sin_addr) != 1
      || getnameinfo ((struct sockaddr *)&address, sizeof address, name, sizeof name, NULL, 0, NI_NAMEREQD) != 0)
    return NULL;
  return g_strdup (name);
}

static JsonObject *
build_reply (GHashTable *found, GCancellable *cancellable)
{
  JsonObject *reply = json_object_new ();
  JsonArray *hosts = json_array_new ();
  gint64 deadline = g_get_monotonic_time () + (gint64)NAMES_SECONDS * G_USEC_PER_SEC;
  GHashTableIter iter;
  gpointer ip, mac;

  g_hash_table_iter_init (&iter, found);
  while (g_hash_table_iter_next (&iter, &ip, &mac)) {
    gboolean in_time = g_get_monotonic_time () < deadline && !g_cancellable_is_cancelled (cancellable);
    g_autofree char *name = in_time ? name_of (ip) : NULL;
    JsonObject *host = json_object_new ();

    json_object_set_string_member (host, "ip", ip);
    json_object_set_string_member (host, "mac", mac);
    ocs_json_set_string (host, "name", name);
    json_array_add_object_element (hosts, host);
  }
  json_object_set_array_member (reply, "hosts", hosts);
  return reply;
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) found = ocs_neighbours_find (data, cancellable, &error);

  if (found == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, build_reply (found, cancellable), (GDestroyNotify)json_object_unref);
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsCall *call = user_data;
  g_autoptr (GError) error = NULL;
  JsonObject *reply = g_task_propagate_pointer (G_TASK (result), &error);

  if (reply != NULL)
    ocs_call_reply (call, reply);
  else
    ocs_call_fail (call, error);
}

static GStrv
read_strings (JsonArray *array)
{
  g_autoptr (GStrvBuilder) strings = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
      g_strv_builder_add (strings, json_node_get_string (node));
  }
  return g_strv_builder_end (strings);
}

static OcsSearch *
read_search (JsonObject *parameters)
{
  g_autoptr (OcsSearch) search = g_new0 (OcsSearch, 1);
  struct in_addr address;

  search->network = g_strdup (ocs_json_string (parameters, "network"));
  search->address = g_strdup (ocs_json_string (parameters, "address"));
  search->prefix = (guint)ocs_json_int (parameters, "prefix", 0);
  search->gap = (guint)CLAMP (ocs_json_int (parameters, "gap", 0), 20, 10000);
  search->from = read_strings (ocs_json_array (parameters, "from"));
  search->server_host = g_strdup (ocs_json_string (parameters, "server_host"));
  search->server_port = (guint16)ocs_json_int (parameters, "server_port", 0);
  if (search->network == NULL || inet_pton (AF_INET, search->network, &address) != 1 || search->address == NULL
      || search->server_host == NULL || search->prefix < 20 || search->prefix > 30)
    return NULL;
  return g_steal_pointer (&search);
}

void
ocs_scan_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsSearch *search = read_search (parameters);
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  if (search == NULL) {
    g_set_error (&error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "a network from /20 to /30 is looked at");
    ocs_call_fail (call, error);
    return;
  }
  task = g_task_new (NULL, ocs_call_cancellable (call), on_run, call);
  g_task_set_task_data (task, search, (GDestroyNotify)ocs_search_free);
  g_task_run_in_thread (task, run);
}
