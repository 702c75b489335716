/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The looks of the session, which GTK reads at the start of every program: a third of our start and a quarter of our memory, for an icon
 * that the panel draws. They are read when a window is needed. */
#pragma once
#include <gtk/gtk.h>

/* Before any thread and any display: as if the session had looks without a rule, unless GTK_THEME names others. */
void ocs_theme_postpone (void);
/* Once, after the display has been opened; programs that are started by us look as ever. From then on what shows a window in any way, also
 * one of GTK's own, has the session's looks. */
void ocs_theme_follow (GtkApplication *application);
/* To be called before something is measured that no window of application's holds. */
void ocs_theme_need (void);
