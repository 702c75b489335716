/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Set up …": the pages by which an administrator configures this machine. Never opens by itself. */
#pragma once
#include "tray/model.h"
#include <gtk/gtk.h>

/* model: borrowed: outlives the window. Asks the worker for the settings at once, which may ask the person for an administrator's
 * password. Destroys itself when it is closed. Transfer none: the application's. */
GtkWidget *ocs_assistant_new (GtkApplication *application, OcsModel *model);
