/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-scan"
#include "worker/scan.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/names.h"
#include "ipc/wire.h"
#include "worker/core/url.h"

/* The courier needs ten minutes at most, and half a minute for names. */
#define SILENCE_MAX 720

typedef struct {
  char *socket;          /* owned */
  OcsScanPlan *plan;     /* owned */
  JsonObject *arguments; /* owned */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->socket);
  ocs_scan_plan_free (work->plan);
  json_object_unref (work->arguments);
  g_free (work);
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsWire) wire = ocs_wire_open (work->socket, SILENCE_MAX, cancellable, &error);
  g_autoptr (JsonObject) reply = NULL;

  if (wire != NULL)
    reply = ocs_wire_call (wire, OCS_COURIER_INTERFACE ".Scan", json_object_ref (work->arguments), OCS_WIRE_PLAIN, &error);
  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, ocs_scanning_read (work->plan, ocs_json_array (reply, "hosts")), (GDestroyNotify)g_ptr_array_unref);
}

/* With whom the machine speaks to reach the server: the proxy, or the server itself. */
static JsonObject *
build_arguments (const OcsSite *site, const OcsScanPlan *plan)
{
  const OcsSettings *settings = site->setup->settings;
  g_autoptr (OcsUrl) url = ocs_url_parse (settings->server, NULL);
  gboolean by_proxy = settings->proxy_kind != OCS_PROXY_NONE && settings->proxy_host != NULL;
  JsonObject *arguments = json_object_new ();
  JsonArray *from = json_array_new ();

  for (guint i = 0; plan->from[i] != NULL; i++)
    json_array_add_string_element (from, plan->from[i]);
  json_object_set_string_member (arguments, "network", plan->network);
  json_object_set_int_member (arguments, "prefix", plan->prefix);
  json_object_set_string_member (arguments, "address", plan->address);
  json_object_set_int_member (arguments, "gap", plan->gap);
  json_object_set_array_member (arguments, "from", from);
  ocs_json_set_string (arguments, "server_host", by_proxy ? settings->proxy_host : url != NULL ? url->host : NULL);
  json_object_set_int_member (arguments, "server_port", by_proxy ? settings->proxy_port : url != NULL ? url->port : 0);
  return arguments;
}

void
ocs_scan_async (const OcsSite *site, const OcsInventory *inventory, const char *subnet, gint64 latency, GCancellable *cancellable,
                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  OcsScanPlan *plan = ocs_scanning_plan (inventory, subnet, latency, site->setup->settings->site_networks, &error);
  Work *work;

  if (plan == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  work = g_new0 (Work, 1);
  work->socket = g_strdup (ocs_dispatch_bulk (site->dispatch));
  work->plan = plan;
  work->arguments = build_arguments (site, plan);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, run);
}

GPtrArray *
ocs_scan_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
