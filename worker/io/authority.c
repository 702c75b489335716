/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-authority"
#include "worker/io/authority.h"
#include "ipc/error.h"

#define NAME "org.freedesktop.PolicyKit1"
#define PATH "/org/freedesktop/PolicyKit1/Authority"
#define INTERFACE "org.freedesktop.PolicyKit1.Authority"
#define ALLOW_USER_INTERACTION 1

struct _OcsAuthority {
  GHashTable *asking;   /* owned; "pid start" of the processes with a question that stands */
  GDBusConnection *bus; /* owned, nullable; held, so that what was sent last arrives */
  guint limit;
  guint serial;
};

typedef struct {
  OcsAuthority *authority; /* owned: a reference */
  OcsPeer peer;
  char *action;         /* owned */
  char *subject;        /* owned; its key in asking */
  char *cancellation;   /* owned; polkit's name for the question */
  GDBusConnection *bus; /* owned, nullable */
  GCancellable *ended;  /* owned; the peer has gone or the time is over */
  GCancellable *caller; /* owned, nullable */
  gulong watch;         /* on caller */
  guint timer;
  gboolean late;
} Check;

static void
authority_clear (gpointer data)
{
  g_hash_table_unref (((OcsAuthority *)data)->asking);
  g_clear_object (&((OcsAuthority *)data)->bus);
}

OcsAuthority *
ocs_authority_new (guint limit)
{
  OcsAuthority *authority = g_rc_box_new0 (OcsAuthority);

  authority->asking = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  authority->limit = limit;
  return authority;
}

void
ocs_authority_free (OcsAuthority *authority)
{
  if (authority != NULL)
    g_rc_box_release_full (authority, authority_clear);
}

static void
check_free (gpointer data)
{
  Check *check = data;

  g_clear_handle_id (&check->timer, g_source_remove);
  if (check->watch != 0)
    g_cancellable_disconnect (check->caller, check->watch);
  g_hash_table_remove (check->authority->asking, check->subject);
  ocs_authority_free (check->authority);
  g_free (check->action);
  g_free (check->subject);
  g_free (check->cancellation);
  g_clear_object (&check->bus);
  g_object_unref (check->ended);
  g_clear_object (&check->caller);
  g_free (check);
}

static void
on_caller_gone (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (((Check *)user_data)->ended);
}

static gboolean
on_time_over (gpointer user_data)
{
  Check *check = user_data;

  check->timer = 0;
  check->late = TRUE;
  g_cancellable_cancel (check->ended);
  return G_SOURCE_REMOVE;
}

/* Ends the task; takes a dialog back that nobody waits for. */
static void
fail (GTask *task, const GError *error)
{
  Check *check = g_task_get_task_data (task);
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (cancelled && check->bus != NULL)
    g_dbus_connection_call (check->bus, NAME, PATH, INTERFACE, "CancelCheckAuthorization", g_variant_new ("(s)", check->cancellation), NULL,
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
  if (cancelled && check->late)
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_TIMED_OUT, "nobody gave the administrator's password in time: try again");
  else if (cancelled)
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_CANCELLED, "the caller has gone");
  else
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_DENIED,
                             "that is for administrators, and polkit cannot be asked (%s): use sudo, or join the group ocs-companion",
                             error->message);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  gboolean authorized = FALSE, challenge = FALSE;

  if (reply == NULL) {
    g_dbus_error_strip_remote_error (error);
    fail (task, error);
    return;
  }
  g_variant_get (reply, "((bb@a{ss}))", &authorized, &challenge, NULL);
  if (authorized)
    g_task_return_boolean (task, TRUE);
  else if (challenge)
    g_task_return_new_error (
        task, OCS_ERROR, OCS_ERROR_DENIED,
        "that needs an administrator's password, and nothing here can ask for it: use sudo, or join the group ocs-companion");
  else
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_DENIED,
                             "that is for administrators: ask one, use sudo, or join the group ocs-companion");
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Check *check = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GVariantBuilder details;

  check->bus = g_bus_get_finish (result, &error);
  if (check->bus == NULL) {
    fail (task, error);
    return;
  }
  g_set_object (&check->authority->bus, check->bus);
  /* A bus that is restarted must not end the worker. */
  g_dbus_connection_set_exit_on_close (check->bus, FALSE);
  g_variant_builder_init (&details, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&details, "{sv}", "pid", g_variant_new_uint32 ((guint32)check->peer.pid));
  g_variant_builder_add (&details, "{sv}", "start-time", g_variant_new_uint64 (check->peer.start_time));
  g_variant_builder_add (&details, "{sv}", "uid", g_variant_new_int32 ((gint32)check->peer.uid));
  g_dbus_connection_call (check->bus, NAME, PATH, INTERFACE, "CheckAuthorization",
                          g_variant_new ("((s@a{sv})s@a{ss}us)", "unix-process", g_variant_builder_end (&details), check->action,
                                         g_variant_new_array (G_VARIANT_TYPE ("{ss}"), NULL, 0), ALLOW_USER_INTERACTION,
                                         check->cancellation),
                          G_VARIANT_TYPE ("((bba{ss}))"), G_DBUS_CALL_FLAGS_NONE, G_MAXINT, check->ended, on_answer, g_object_ref (task));
}

void
ocs_authority_check_async (OcsAuthority *authority, const OcsPeer *peer, const char *action, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autofree char *subject = g_strdup_printf ("%d %" G_GUINT64_FORMAT, (int)peer->pid, peer->start_time);
  Check *check;

  if (peer->start_time == 0) {
    g_task_return_new_error (
        task, OCS_ERROR, OCS_ERROR_DENIED,
        "that is for administrators, and which process asks is not to be seen: use sudo, or join the group ocs-companion");
    return;
  }
  if (!g_hash_table_add (authority->asking, g_strdup (subject))) {
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_BUSY, "a password is asked for already: answer that first");
    return;
  }
  check = g_new0 (Check, 1);
  check->authority = g_rc_box_acquire (authority);
  check->peer = *peer;
  check->action = g_strdup (action);
  check->subject = g_steal_pointer (&subject);
  check->cancellation = g_strdup_printf ("ocs-companion-%u", ++authority->serial);
  check->ended = g_cancellable_new ();
  check->timer = g_timeout_add_seconds (authority->limit, on_time_over, check);
  g_task_set_task_data (task, check, check_free);
  if (cancellable != NULL) {
    check->caller = g_object_ref (cancellable);
    check->watch = g_cancellable_connect (cancellable, G_CALLBACK (on_caller_gone), check, NULL);
  }
  g_bus_get (G_BUS_TYPE_SYSTEM, check->ended, on_bus, g_steal_pointer (&task));
}

gboolean
ocs_authority_check_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
