/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window: a sidebar and the page that is chosen in it. */
#pragma once
#include "tray/model.h"
#include <gtk/gtk.h>

typedef struct _OcsWindow OcsWindow;

typedef void (*OcsWindowFunc) (gpointer user_data);

/* model: borrowed: outlives us. on_shown: called when the window comes up or is hidden. It is hidden when it is closed. */
OcsWindow *ocs_window_new (GtkApplication *application, OcsModel *model, OcsWindowFunc on_shown, gpointer user_data);
void ocs_window_free (OcsWindow *window);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsWindow, ocs_window_free)

/* Draws the page that is seen; nothing while the window is hidden. */
void ocs_window_draw (OcsWindow *window);
/* id: of a page, or of a row of the menu, nullable: the page that tells more of it is turned to. */
void ocs_window_present (OcsWindow *window, const char *id);
gboolean ocs_window_is_shown (OcsWindow *window);
