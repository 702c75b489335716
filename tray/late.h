/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of the worker whose answer may come after the window that asked has gone. */
#pragma once
#include "tray/model.h"
#include <gtk/gtk.h>

/* owner: what hung on the widget. reply: borrowed, NULL with error. */
typedef void (*OcsLateFunc) (gpointer owner, JsonObject *reply, const GError *error);

/* Tells func the answer if widget is not destroyed by then and something still hangs on it (g_object_set_data()) by the name key, which is
 * static: that is the owner. Else nobody is told. parameters: transfer full, nullable. */
void ocs_late_call (OcsModel *model, GtkWidget *widget, const char *key, const char *method, JsonObject *parameters, OcsLateFunc func);
