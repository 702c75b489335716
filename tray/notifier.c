/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-notifier"
#include "tray/notifier.h"

#include "tray/view/notice.h"

struct _OcsNotifier {
  GApplication *application; /* borrowed: outlives us, like the next */
  const OcsModel *model;
  OcsFullscreen *fullscreen;
  GHashTable *kept;    /* owned; id of a notice → GNotification that waits for the end of a full-screen window */
  OcsNotices *notices; /* owned */
  guint wait;          /* source id; once, while a problem is young */
};

OcsNotifier *
ocs_notifier_new (GApplication *application, const OcsModel *model, OcsFullscreen *fullscreen)
{
  OcsNotifier *notifier = g_new0 (OcsNotifier, 1);
  notifier->application = application;
  notifier->model = model;
  notifier->fullscreen = fullscreen;
  notifier->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  notifier->notices = ocs_notices_new ();
  return notifier;
}

void
ocs_notifier_free (OcsNotifier *notifier)
{
  g_clear_handle_id (&notifier->wait, g_source_remove);
  ocs_notices_free (notifier->notices);
  g_hash_table_unref (notifier->kept);
  g_free (notifier);
}

/* The newest of an id is the one that is told. */
static void
keep (OcsNotifier *notifier, const OcsNotice *notice)
{
  g_autoptr (GNotification) notification = g_notification_new (notice->title);
  g_autoptr (GIcon) icon = g_themed_icon_new (notice->icon);
  g_autofree char *action = g_strconcat ("app.", notice->action, NULL);
  g_notification_set_body (notification, notice->body);
  g_notification_set_icon (notification, icon);
  g_notification_set_priority (notification, notice->quiet ? G_NOTIFICATION_PRIORITY_LOW : G_NOTIFICATION_PRIORITY_NORMAL);
  g_notification_set_default_action_and_target (notification, action, "s", notice->target);
  g_hash_table_insert (notifier->kept, g_strdup (notice->id), g_steal_pointer (&notification));
}

static void
send_kept (OcsNotifier *notifier)
{
  GHashTableIter iter;
  gpointer id, notification;
  if (g_hash_table_size (notifier->kept) == 0 || ocs_fullscreen_holds (notifier->fullscreen))
    return;
  g_hash_table_iter_init (&iter, notifier->kept);
  while (g_hash_table_iter_next (&iter, &id, &notification))
    g_application_send_notification (notifier->application, id, notification);
  g_hash_table_remove_all (notifier->kept);
}

static gboolean
on_wait_over (gpointer user_data)
{
  OcsNotifier *notifier = user_data;
  notifier->wait = 0;
  ocs_notifier_step (notifier);
  return G_SOURCE_REMOVE;
}

void
ocs_notifier_step (OcsNotifier *notifier)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) shown = ocs_notices_step (notifier->notices, notifier->model->status, now, gone);
  gint64 due = ocs_notices_due (notifier->notices);
  for (guint i = 0; i < gone->len; i++)
    if (!g_hash_table_remove (notifier->kept, gone->pdata[i]))
      g_application_withdraw_notification (notifier->application, gone->pdata[i]);
  for (guint i = 0; i < shown->len; i++)
    keep (notifier, shown->pdata[i]);
  send_kept (notifier);
  g_clear_handle_id (&notifier->wait, g_source_remove);
  if (due > 0)
    notifier->wait = g_timeout_add_seconds ((guint)CLAMP (due - now, 1, OCS_NOTICE_PROBLEM_S), on_wait_over, notifier);
}
