/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-gather"
#include "worker/gather.h"
#include "worker/inventory/collect.h"

typedef struct {
  char *root;        /* owned */
  char *user_domain; /* owned, nullable */
  gboolean no_software;
  gboolean networks_only;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->root);
  g_free (work->user_domain);
  g_free (work);
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  const OcsCollectOptions options = {.root = work->root, .no_software = work->no_software, .user_domain = work->user_domain};
  OcsInventory *inventory = work->networks_only ? ocs_collect_networks (&options) : ocs_collect (&options, cancellable);

  if (inventory != NULL)
    g_task_return_pointer (task, inventory, (GDestroyNotify)ocs_inventory_free);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

void
ocs_gather_async (const OcsSite *site, gboolean networks_only, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Work *work = g_new0 (Work, 1);

  work->root = g_strdup (site->root);
  work->user_domain = g_strdup (site->setup->settings->user_domain);
  work->no_software = site->setup->settings->no_software;
  work->networks_only = networks_only;
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, run);
}

OcsInventory *
ocs_gather_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
