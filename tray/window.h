/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The status window: a page of the view in widgets. */
#pragma once
#include "tray/view/page.h"
#include <gtk/gtk.h>

typedef struct _OcsWindow OcsWindow;

typedef void (*OcsWindowFunc) (gpointer user_data);

/* on_send: the button. on_shown: called when the window comes up or is hidden. The window is hidden when it is closed. */
OcsWindow *ocs_window_new (GtkApplication *application, OcsWindowFunc on_send, OcsWindowFunc on_shown, gpointer user_data);
void ocs_window_free (OcsWindow *window);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsWindow, ocs_window_free)

/* Touches only what differs. */
void ocs_window_show_page (OcsWindow *window, const OcsPage *page);
/* id: of a row of the menu, nullable; what it speaks of is scrolled into sight. */
void ocs_window_present (OcsWindow *window, const char *id);
gboolean ocs_window_is_shown (OcsWindow *window);
