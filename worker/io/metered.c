/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-metered"
#include "worker/io/metered.h"
#include <gio/gio.h>

#define NAME "org.freedesktop.NetworkManager"
#define PATH "/org/freedesktop/NetworkManager"
#define PROPERTIES "org.freedesktop.DBus.Properties"
#define YES 1
#define GUESS_YES 3
/* Milliseconds that an answer may take. */
#define PATIENCE 5000

struct _OcsMetered {
  GDBusConnection *bus; /* owned, nullable */
  GCancellable *ended;  /* owned; triggered when we end */
  guint subscription;
  guint owner_watch;
  gboolean pending;
  gboolean metered;
  OcsMeteredFunc on_change;
  gpointer user_data; /* borrowed: the owner outlives us */
};

static void
set (OcsMetered *metered, guint32 value)
{
  gboolean is = value == YES || value == GUESS_YES;
  gboolean changed = metered->pending || is != metered->metered;

  metered->metered = is;
  metered->pending = FALSE;
  if (changed)
    metered->on_change (metered->user_data);
}

static void
on_property (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_autoptr (GVariant) value = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (reply != NULL)
    g_variant_get (reply, "(v)", &value);
  set (user_data, value != NULL && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32) ? g_variant_get_uint32 (value) : 0);
}

static void
ask (OcsMetered *metered)
{
  g_dbus_connection_call (metered->bus, NAME, PATH, PROPERTIES, "Get", g_variant_new ("(ss)", NAME, "Metered"), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, PATIENCE, metered->ended, on_property, metered);
}

static void
on_changed (GDBusConnection *bus, const char *sender, const char *path, const char *interface, const char *signal, GVariant *parameters,
            gpointer user_data)
{
  ask (user_data);
}

static void
on_bus (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *bus = g_bus_get_finish (result, &error);
  OcsMetered *metered = user_data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (bus == NULL) {
    set (metered, 0);
    return;
  }
  g_dbus_connection_set_exit_on_close (bus, FALSE);
  metered->bus = bus;
  metered->subscription = g_dbus_connection_signal_subscribe (bus, NAME, PROPERTIES, "PropertiesChanged", PATH, NAME,
                                                              G_DBUS_SIGNAL_FLAGS_NONE, on_changed, metered, NULL);
  /* It comes and goes with its service. */
  metered->owner_watch = g_dbus_connection_signal_subscribe (bus, "org.freedesktop.DBus", "org.freedesktop.DBus", "NameOwnerChanged", NULL,
                                                             NAME, G_DBUS_SIGNAL_FLAGS_NONE, on_changed, metered, NULL);
  ask (metered);
}

OcsMetered *
ocs_metered_new (OcsMeteredFunc on_change, gpointer user_data)
{
  OcsMetered *metered = g_new0 (OcsMetered, 1);

  metered->ended = g_cancellable_new ();
  metered->pending = TRUE;
  metered->on_change = on_change;
  metered->user_data = user_data;
  g_bus_get (G_BUS_TYPE_SYSTEM, metered->ended, on_bus, metered);
  return metered;
}

void
ocs_metered_free (OcsMetered *metered)
{
  if (metered == NULL)
    return;
  g_cancellable_cancel (metered->ended);
  g_object_unref (metered->ended);
  if (metered->bus != NULL) {
    g_dbus_connection_signal_unsubscribe (metered->bus, metered->subscription);
    g_dbus_connection_signal_unsubscribe (metered->bus, metered->owner_watch);
    g_object_unref (metered->bus);
  }
  g_free (metered);
}

gboolean
ocs_metered_is (const OcsMetered *metered)
{
  return metered->metered;
}

gboolean
ocs_metered_is_pending (const OcsMetered *metered)
{
  return metered->pending;
}
