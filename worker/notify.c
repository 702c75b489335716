/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-notify"
#include "worker/notify.h"
#include "worker/core/request.h"
#include "worker/gather.h"
#include <string.h>

typedef struct {
  OcsSite *site; /* borrowed: outlives the call */
  char *digest;  /* owned, nullable; of what is being told */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->digest);
  g_free (work);
}

static void
on_told (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) reply = ocs_dispatch_exchange_finish (result, &error);
  Work *work = g_task_get_task_data (task);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&work->digest), g_free);
}

/* The digest of NETWORKS where the server does not have it; NULL where it does, or has nothing of this machine. */
static char *
changed_digest (const OcsLedger *ledger, const OcsInventory *networks)
{
  g_autoptr (GHashTable) digests = ocs_inventory_digests (networks);
  const char *now = g_hash_table_lookup (digests, "NETWORKS");
  const char *known = ledger->accepted != NULL ? g_hash_table_lookup (ledger->accepted, "NETWORKS") : NULL;

  return now != NULL && known != NULL && !g_str_equal (now, known) ? g_strdup (now) : NULL;
}

static void
on_collected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Work *work = g_task_get_task_data (task);
  OcsSite *site = work->site;
  g_autoptr (OcsInventory) networks = ocs_gather_finish (result, NULL);
  g_autoptr (GBytes) bytes = NULL;
  char *xml = NULL;

  if (networks != NULL && (work->digest = changed_digest (site->ledger, networks)) != NULL)
    xml = ocs_request_notify (site->ledger->identity->deviceid, networks);
  if (xml == NULL) {
    g_task_return_pointer (task, NULL, NULL);
    g_object_unref (task);
    return;
  }
  bytes = g_bytes_new_take (xml, strlen (xml));
  ocs_dispatch_exchange_async (site->dispatch, ocs_setup_route (site->setup, OCS_ROUTE_SERVER), site->setup->settings->server, bytes,
                               g_task_get_cancellable (task), on_told, task);
}

void
ocs_notify_async (OcsSite *site, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->site = site;
  g_task_set_task_data (task, work, work_free);
  ocs_gather_async (site, TRUE, cancellable, on_collected, task);
}

gboolean
ocs_notify_finish (GAsyncResult *result, char **digest, GError **error)
{
  g_autoptr (GError) local = NULL;

  *digest = g_task_propagate_pointer (G_TASK (result), &local);
  if (local == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}
