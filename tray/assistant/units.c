/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-units"
#include "tray/assistant/units.h"
#include "ipc/error.h"
#include <string.h>

#define NAME "org.freedesktop.systemd1"
#define SERVICE "ocs-worker.service"
#define SOCKET "ocs-worker.socket"
#define READ_MS 5000
/* Somebody has to be found who knows the password. */
#define SET_MS (5 * 60 * 1000)

typedef struct {
  GDBusConnection *bus; /* owned, nullable until there is one */
  gboolean on;
  guint step; /* how many of the calls are done */
} Setting;

static void
setting_free (gpointer data)
{
  Setting *setting = data;

  g_clear_object (&setting->bus);
  g_free (setting);
}

static void
call (GDBusConnection *bus, const char *method, GVariant *parameters, int patience, GAsyncReadyCallback callback, GTask *task)
{
  g_dbus_connection_call (bus, NAME, "/org/freedesktop/systemd1", NAME ".Manager", method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_ALLOW_INTERACTIVE_AUTHORIZATION, patience, NULL, callback, task);
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  const char *state = "";

  if (reply != NULL && g_variant_is_of_type (reply, G_VARIANT_TYPE ("(s)")))
    g_variant_get (reply, "(&s)", &state);
  g_task_return_int (task, g_str_has_prefix (state, "enabled") ? OCS_UNITS_ON
                           : strcmp (state, "disabled") == 0   ? OCS_UNITS_OFF
                                                               : OCS_UNITS_NONE);
}

static void
on_bus_to_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GDBusConnection) bus = g_bus_get_finish (result, NULL);

  if (bus == NULL)
    g_task_return_int (task, OCS_UNITS_NONE);
  else
    call (bus, "GetUnitFileState", g_variant_new ("(s)", SERVICE), READ_MS, on_read, g_steal_pointer (&task));
}

void
ocs_units_read_async (GAsyncReadyCallback callback, gpointer user_data)
{
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_bus_to_read, g_task_new (NULL, NULL, callback, user_data));
}

OcsUnitsState
ocs_units_read_finish (GAsyncResult *result)
{
  return (OcsUnitsState)g_task_propagate_int (G_TASK (result), NULL);
}

static void
fail (GTask *task, GError *error)
{
  g_autofree char *name = g_dbus_error_get_remote_error (error);
  gboolean denied = g_strcmp0 (name, "org.freedesktop.DBus.Error.InteractiveAuthorizationRequired") == 0
                    || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_ACCESS_DENIED)
                    || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_AUTH_FAILED);

  g_dbus_error_strip_remote_error (error);
  g_task_return_new_error (task, OCS_ERROR, denied ? OCS_ERROR_DENIED : OCS_ERROR_FAILED, "%s", error->message);
}

/* The calls in order; NULL at the end. Who starts the service has the socket too: it requires it. */
static const char *
next_call (const Setting *setting, GVariant **parameters)
{
  static const char *const files[] = {SOCKET, SERVICE, NULL};
  static const char *const on[] = {"EnableUnitFiles", "StartUnit", NULL};
  static const char *const off[] = {"DisableUnitFiles", "StopUnit", "StopUnit", NULL};
  const char *method = (setting->on ? on : off)[setting->step];

  if (method == NULL)
    return NULL;
  if (setting->step == 0 && setting->on)
    *parameters = g_variant_new ("(^asbb)", files, FALSE, FALSE);
  else if (setting->step == 0)
    *parameters = g_variant_new ("(^asb)", files, FALSE);
  else
    *parameters = g_variant_new ("(ss)", !setting->on && setting->step == 1 ? SOCKET : SERVICE, "replace");
  return method;
}

static void on_called (GObject *source, GAsyncResult *result, gpointer user_data);

/* task: transfer full. */
static void
step (GTask *task)
{
  const Setting *setting = g_task_get_task_data (task);
  GVariant *parameters = NULL;
  const char *method = next_call (setting, &parameters);

  if (method != NULL) {
    call (setting->bus, method, parameters, SET_MS, on_called, task);
    return;
  }
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Setting *setting = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (setting->bus, result, &error);

  if (reply == NULL) {
    fail (task, error);
    return;
  }
  setting->step++;
  step (g_steal_pointer (&task));
}

static void
on_bus_to_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Setting *setting = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  setting->bus = g_bus_get_finish (result, &error);
  if (setting->bus == NULL)
    fail (task, error);
  else
    step (g_steal_pointer (&task));
}

void
ocs_units_set_async (gboolean on, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, NULL, callback, user_data);
  Setting *setting = g_new0 (Setting, 1);

  setting->on = on;
  g_task_set_task_data (task, setting, setting_free);
  g_bus_get (G_BUS_TYPE_SYSTEM, NULL, on_bus_to_set, task);
}

gboolean
ocs_units_set_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
