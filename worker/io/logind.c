/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-logind"
#include "worker/io/logind.h"
#include "worker/io/login.h"
#include <gio/gio.h>

#define BUS_NAME "org.freedesktop.login1"
#define MANAGER_PATH "/org/freedesktop/login1"
#define MANAGER BUS_NAME ".Manager"
#define SESSION BUS_NAME ".Session"
/* Milliseconds that one answer may take. */
#define PATIENCE 5000
/* Several signals tell of one change. */
#define SETTLE_MS 200
#define SESSIONS_MAX 500

struct _OcsLogind {
  char *users;          /* owned */
  GDBusConnection *bus; /* owned, nullable */
  GCancellable *ended;  /* owned; triggered when we end */
  GArray *sittings;     /* owned; element-type OcsSitting; being read */
  GArray *inhibitors;   /* owned; element-type OcsInhibitor; being read */
  OcsAudience audience; /* as it was read last */
  guint subscription;
  guint waiting; /* answers that are not here yet */
  gboolean connecting;
  gboolean again;  /* something changed while it was read */
  gboolean failed; /* of what is being read */
  gboolean silent; /* and that because nobody answered in time */
  gboolean live;
  guint settle;
  OcsLogindFunc on_change;
  gpointer user_data; /* borrowed: the owner outlives us */
};

static void refresh (OcsLogind *logind);

/* One call under way. */
typedef void (*Reader) (OcsLogind *logind, GVariant *reply);

typedef struct {
  OcsLogind *logind; /* borrowed: not touched once cancelled */
  Reader read;
} Call;

static void
publish (OcsLogind *logind, OcsAudience audience)
{
  gboolean changed = !ocs_audience_equal (&audience, &logind->audience);

  logind->audience = audience;
  if (changed)
    logind->on_change (logind->user_data);
}

/* No logind: nobody is known to be at a screen. One that is there and does not answer in time may know somebody. */
static void
fall_back (OcsLogind *logind, gboolean silent)
{
  OcsAudience audience = {.people = silent || ocs_login_anybody (logind->users) ? 1 : 0};

  audience.attended = audience.people > 0;
  logind->live = FALSE;
  publish (logind, audience);
}

static void
end_reading (OcsLogind *logind)
{
  gboolean again = logind->again;

  logind->again = FALSE;
  if (logind->failed) {
    fall_back (logind, logind->silent);
  } else {
    logind->live = TRUE;
    publish (logind, ocs_audience_build (logind->sittings, logind->inhibitors));
  }
  if (again)
    refresh (logind);
}

static gboolean
is_silence (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NO_REPLY)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMEOUT) || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_TIMED_OUT);
}

static void
on_reply (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Call *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  OcsLogind *logind = call->logind;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply != NULL)
    call->read (logind, reply);
  /* A session that has just ended is no failure. */
  else if (!g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT))
    logind->failed = TRUE;
  logind->silent = logind->silent || is_silence (error);
  if (logind->failed && error != NULL)
    g_debug ("%s", error->message);
  if (--logind->waiting == 0)
    end_reading (logind);
}

static void
ask (OcsLogind *logind, const char *path, const char *interface, const char *method, GVariant *parameters, const char *type, Reader read)
{
  Call *call = g_new0 (Call, 1);

  call->logind = logind;
  call->read = read;
  logind->waiting++;
  g_dbus_connection_call (logind->bus, BUS_NAME, path, interface, method, parameters, G_VARIANT_TYPE (type), G_DBUS_CALL_FLAGS_NONE,
                          PATIENCE, logind->ended, on_reply, call);
}

static gboolean
flag_of (GVariantDict *properties, const char *name)
{
  gboolean value = FALSE;

  return g_variant_dict_lookup (properties, name, "b", &value) && value;
}

static void
read_session (OcsLogind *logind, GVariant *reply)
{
  g_autoptr (GVariant) values = g_variant_get_child_value (reply, 0);
  g_auto (GVariantDict) properties = G_VARIANT_DICT_INIT (values);
  const char *kind = NULL, *type = NULL, *state = NULL;
  OcsSitting sitting = {0};

  if (!g_variant_dict_lookup (&properties, "Class", "&s", &kind) || !g_variant_dict_lookup (&properties, "State", "&s", &state)
      || !g_variant_dict_lookup (&properties, "Type", "&s", &type)
      || !g_variant_dict_lookup (&properties, "User", "(uo)", &sitting.uid, NULL))
    return;
  /* Neither the login screen nor a service's session, nor one that is on its way out. */
  if (!g_str_has_prefix (kind, "user") || g_str_equal (kind, "user-incomplete") || g_str_equal (state, "closing"))
    return;
  sitting.graphical = g_str_equal (type, "x11") || g_str_equal (type, "wayland") || g_str_equal (type, "mir");
  sitting.active = flag_of (&properties, "Active");
  sitting.locked = flag_of (&properties, "LockedHint");
  g_array_append_val (logind->sittings, sitting);
}

static void
read_sessions (OcsLogind *logind, GVariant *reply)
{
  g_autoptr (GVariant) sessions = g_variant_get_child_value (reply, 0);

  for (gsize i = 0; i < MIN (g_variant_n_children (sessions), SESSIONS_MAX); i++) {
    g_autofree char *path = NULL;

    g_variant_get_child (sessions, i, "(susso)", NULL, NULL, NULL, NULL, &path);
    ask (logind, path, "org.freedesktop.DBus.Properties", "GetAll", g_variant_new ("(s)", SESSION), "(a{sv})", read_session);
  }
}

static void
read_inhibitors (OcsLogind *logind, GVariant *reply)
{
  g_autoptr (GVariantIter) iter = NULL;
  const char *what, *mode;
  guint32 uid;

  g_variant_get (reply, "(a(ssssuu))", &iter);
  while (g_variant_iter_loop (iter, "(&s&s&s&suu)", &what, NULL, NULL, &mode, &uid, NULL)) {
    g_auto (GStrv) parts = g_strsplit (what, ":", -1);
    OcsInhibitor inhibitor = {.uid = uid};

    if (!g_str_has_prefix (mode, "block"))
      continue;
    inhibitor.idle = g_strv_contains ((const char *const *)parts, "idle");
    inhibitor.shutdown = g_strv_contains ((const char *const *)parts, "shutdown");
    g_array_append_val (logind->inhibitors, inhibitor);
  }
}

static gboolean
on_settled (gpointer user_data)
{
  OcsLogind *logind = user_data;

  logind->settle = 0;
  refresh (logind);
  return G_SOURCE_REMOVE;
}

static void
on_signal (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal, GVariant *parameters,
           gpointer user_data)
{
  OcsLogind *logind = user_data;

  if (logind->settle == 0)
    logind->settle = g_timeout_add (SETTLE_MS, on_settled, logind);
}

static void
on_closed (GDBusConnection *bus, gboolean remote, GError *error, gpointer user_data)
{
  OcsLogind *logind = user_data;

  logind->live = FALSE;
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  OcsLogind *logind = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  logind->connecting = FALSE;
  if (bus == NULL) {
    g_debug ("no system bus: %s", error->message);
    fall_back (logind, FALSE);
    return;
  }
  /* Shared with the rest of the process: its end is not ours. */
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  logind->bus = bus;
  g_signal_connect (bus, "closed", G_CALLBACK (on_closed), logind);
  logind->subscription =
      g_dbus_connection_signal_subscribe (bus, BUS_NAME, NULL, NULL, NULL, NULL, G_DBUS_SIGNAL_FLAGS_NONE, on_signal, logind, NULL);
  refresh (logind);
}

static void
forget_bus (OcsLogind *logind)
{
  if (logind->bus != NULL)
    g_signal_handlers_disconnect_by_data (logind->bus, logind);
  if (logind->bus != NULL && logind->subscription != 0)
    g_dbus_connection_signal_unsubscribe (logind->bus, logind->subscription);
  logind->subscription = 0;
  g_clear_object (&logind->bus);
}

OcsLogind *
ocs_logind_new (const char *users, OcsLogindFunc on_change, gpointer user_data)
{
  OcsLogind *logind = g_new0 (OcsLogind, 1);

  logind->users = g_strdup (users);
  logind->ended = g_cancellable_new ();
  logind->sittings = g_array_new (FALSE, TRUE, sizeof (OcsSitting));
  logind->inhibitors = g_array_new (FALSE, TRUE, sizeof (OcsInhibitor));
  logind->audience.pending = TRUE;
  logind->on_change = on_change;
  logind->user_data = user_data;
  refresh (logind);
  return logind;
}

void
ocs_logind_free (OcsLogind *logind)
{
  if (logind == NULL)
    return;
  g_cancellable_cancel (logind->ended);
  g_clear_handle_id (&logind->settle, g_source_remove);
  forget_bus (logind);
  g_object_unref (logind->ended);
  g_array_unref (logind->sittings);
  g_array_unref (logind->inhibitors);
  g_free (logind->users);
  g_free (logind);
}

const OcsAudience *
ocs_logind_audience (const OcsLogind *logind)
{
  return &logind->audience;
}

gboolean
ocs_logind_is_live (const OcsLogind *logind)
{
  return logind->live;
}

static void
refresh (OcsLogind *logind)
{
  if (logind->connecting)
    return;
  if (logind->bus != NULL && g_dbus_connection_is_closed (logind->bus) && logind->waiting == 0)
    forget_bus (logind);
  if (logind->bus == NULL) {
    logind->connecting = TRUE;
    g_bus_get (G_BUS_TYPE_SYSTEM, logind->ended, on_bus, logind);
    return;
  }
  if (logind->waiting > 0) {
    logind->again = TRUE;
    return;
  }
  logind->failed = FALSE;
  logind->silent = FALSE;
  g_array_set_size (logind->sittings, 0);
  g_array_set_size (logind->inhibitors, 0);
  ask (logind, MANAGER_PATH, MANAGER, "ListSessions", NULL, "(a(susso))", read_sessions);
  ask (logind, MANAGER_PATH, MANAGER, "ListInhibitors", NULL, "(a(ssssuu))", read_inhibitors);
}

void
ocs_logind_renew (OcsLogind *logind)
{
  logind->audience.pending = TRUE;
  refresh (logind);
}
