/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-notify"
#include "worker/notify.h"
#include "worker/core/request.h"
#include "worker/gather.h"
#include "worker/io/journal.h"
#include <string.h>

struct _OcsNotify {
  OcsSite *site;       /* borrowed: outlives us */
  GCancellable *ended; /* owned; triggered when we end */
  gboolean telling;
  OcsNotifyFunc on_over;
  gpointer user_data; /* borrowed: the agent */
};

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

/* user_data: not touched once cancelled. */
static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsNotify *notify = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *digest = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL) {
    ocs_journal_say (G_LOG_LEVEL_MESSAGE, NULL, error, "the new addresses were not told: %s", error->message);
  } else if (digest != NULL) {
    g_message ("the server was told the new addresses");
    ocs_ledger_accept_networks (notify->site->ledger, digest);
  }
  notify->telling = FALSE;
  notify->on_over (notify->user_data);
}

OcsNotify *
ocs_notify_new (OcsSite *site, OcsNotifyFunc on_over, gpointer user_data)
{
  OcsNotify *notify = g_new0 (OcsNotify, 1);

  notify->site = site;
  notify->ended = g_cancellable_new ();
  notify->on_over = on_over;
  notify->user_data = user_data;
  return notify;
}

void
ocs_notify_free (OcsNotify *notify)
{
  if (notify == NULL)
    return;
  g_cancellable_cancel (notify->ended);
  g_object_unref (notify->ended);
  g_free (notify);
}

void
ocs_notify_tell (OcsNotify *notify)
{
  OcsSite *site = notify->site;
  GTask *task;
  Work *work;

  if (notify->telling || site->ledger->switched_off || !ocs_setup_has_server (site->setup))
    return;
  notify->telling = TRUE;
  task = g_task_new (NULL, notify->ended, on_done, notify);
  work = g_new0 (Work, 1);
  work->site = site;
  g_task_set_task_data (task, work, work_free);
  ocs_gather_async (site, TRUE, notify->ended, on_collected, task);
}

gboolean
ocs_notify_is_telling (const OcsNotify *notify)
{
  return notify->telling;
}
