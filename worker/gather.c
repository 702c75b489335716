/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-gather"
#include "worker/gather.h"
#include "ipc/error.h"
#include "worker/inventory/collect.h"

#define COLLECT_SECONDS_MAX 180

typedef struct {
  char *root;        /* owned */
  char *user_domain; /* owned, nullable */
  OcsLanes *lanes;   /* owned: a reference */
  gboolean no_software;
  gboolean extensions;
  gboolean networks_only;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->root);
  g_free (work->user_domain);
  ocs_lanes_unref (work->lanes);
  g_free (work);
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  const OcsCollectOptions options = {.root = work->root,
                                     .no_software = work->no_software,
                                     .extensions = work->extensions,
                                     .user_domain = work->user_domain,
                                     .lanes = work->lanes};
  OcsInventory *inventory = work->networks_only ? ocs_collect_networks (&options) : ocs_collect (&options, cancellable);

  if (inventory != NULL)
    g_task_return_pointer (task, inventory, (GDestroyNotify)ocs_inventory_free);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
}

/* A source that hangs (a dead disk, a driver) must not hold the contact for ever; a thread cannot be ended, so it is left behind. */
typedef struct {
  GTask *task; /* owned; NULL once it has returned */
  guint timer;
} Watch;

static gboolean
on_too_long (gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&watch->task);

  watch->timer = 0;
  g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_FAILED,
                           "the inventory could not be collected within %d s: a disk or a driver of this machine hangs, see its kernel log",
                           COLLECT_SECONDS_MAX);
  return G_SOURCE_REMOVE;
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Watch *watch = user_data;
  g_autoptr (GTask) task = g_steal_pointer (&watch->task);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsInventory) inventory = g_task_propagate_pointer (G_TASK (result), &error);

  g_clear_handle_id (&watch->timer, g_source_remove);
  if (task != NULL && inventory != NULL)
    g_task_return_pointer (task, g_steal_pointer (&inventory), (GDestroyNotify)ocs_inventory_free);
  else if (task != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  g_free (watch);
}

void
ocs_gather_async (const OcsSite *site, gboolean networks_only, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Watch *watch = g_new0 (Watch, 1);
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, on_run, watch);
  Work *work = g_new0 (Work, 1);

  watch->task = g_task_new (NULL, cancellable, callback, user_data);
  watch->timer = g_timeout_add_seconds (COLLECT_SECONDS_MAX, on_too_long, watch);
  work->root = g_strdup (site->root);
  work->lanes = ocs_lanes_ref (site->lanes);
  work->user_domain = g_strdup (site->setup->settings->user_domain);
  work->no_software = site->setup->settings->no_software;
  work->extensions = site->setup->settings->extensions;
  work->networks_only = networks_only;
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, run);
}

OcsInventory *
ocs_gather_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
