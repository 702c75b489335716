/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of packages by day as bars, with the words of one of them below: by the pointer or by the arrow keys. */
#pragma once
#include "tray/view/traffic.h"
#include <gtk/gtk.h>

/* Shown; empty until the first set. */
GtkWidget *ocs_plot_new (void);
/* traffic: transfer full. */
void ocs_plot_set (GtkWidget *plot, OcsTraffic *traffic);
