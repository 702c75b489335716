/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The icon in the panel and its menu. The only file that knows the indicator library. */
#pragma once
#include "tray/view/rows.h"
#include <gtk/gtk.h>

typedef struct _OcsIndicator OcsIndicator;

/* id: of the chosen row; a line's own id for OCS_ROW_LINE. */
typedef void (*OcsIndicatorChosen) (const OcsRow *row, gpointer user_data);
/* The menu is about to be seen: what it says about time may be stale. */
typedef void (*OcsIndicatorOpened) (gpointer user_data);

/* To be shown at once, before the main loop runs: the library signals changes under no path while it has a bus and no menu yet.
 * icon_dir: nullable, a folder that holds hicolor/, for icons that are not installed. */
OcsIndicator *ocs_indicator_new (const char *icon_dir, OcsIndicatorChosen on_chosen, OcsIndicatorOpened on_opened, gpointer user_data);
void ocs_indicator_free (OcsIndicator *indicator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsIndicator, ocs_indicator_free)

/* Touches only what differs from the menu before, so that nothing flickers. */
void ocs_indicator_show (OcsIndicator *indicator, const OcsMenu *menu);
