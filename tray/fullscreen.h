/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether somebody looks at a film, a talk or a game: the window that has the focus fills the screen. Known on X11 only; a Wayland
 * compositor tells nobody, and keeps what comes up without the focus behind such a window by itself. */
#pragma once
#include <glib.h>

typedef struct _OcsFullscreen OcsFullscreen;
/* It may have ended; never called from within a call of ours. */
typedef void (*OcsFullscreenFunc) (gpointer user_data);

/* After a display has been opened. user_data: borrowed: outlives us. */
OcsFullscreen *ocs_fullscreen_new (OcsFullscreenFunc on_end, gpointer user_data);
void ocs_fullscreen_free (OcsFullscreen *fullscreen);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsFullscreen, ocs_fullscreen_free)

/* Asks the X server, a few round trips: only where something is to be shown. After TRUE it is followed, and on_end is called once. */
gboolean ocs_fullscreen_holds (OcsFullscreen *fullscreen);
