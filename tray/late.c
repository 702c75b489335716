/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The widget is kept in memory by each call, but not what hangs on it. */
#define G_LOG_DOMAIN "ocs-late"
#include "tray/late.h"

typedef struct {
  GtkWidget *widget; /* owned */
  const char *key;   /* borrowed: static */
  OcsLateFunc func;
} Late;

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Late *late = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) reply = ocs_model_call_finish (result, &error);
  gpointer owner = gtk_widget_in_destruction (late->widget) ? NULL : g_object_get_data (G_OBJECT (late->widget), late->key);

  if (owner != NULL)
    late->func (owner, reply, error);
  g_object_unref (late->widget);
  g_free (late);
}

void
ocs_late_call (OcsModel *model, GtkWidget *widget, const char *key, const char *method, JsonObject *parameters, OcsLateFunc func)
{
  Late *late = g_new0 (Late, 1);

  late->widget = g_object_ref (widget);
  late->key = key;
  late->func = func;
  ocs_model_call_async (model, method, parameters, on_answer, late);
}
