/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The newest contacts along a line of time, drawn, with the words of one of them below: by the pointer or by the arrow keys. */
#pragma once
#include "tray/view/timeline.h"
#include <gtk/gtk.h>

/* Shown; empty until the first set. */
GtkWidget *ocs_history_new (void);
/* timeline: transfer full. Drawn anew only where it differs. */
void ocs_history_set (GtkWidget *history, OcsTimeline *timeline);
