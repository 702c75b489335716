/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One setting: its name, what it is for, and a field to change it. */
#pragma once
#include "tray/view/knobs.h"
#include <gtk/gtk.h>

typedef void (*OcsKnobFunc) (gpointer user_data);

/* knob: borrowed: outlives the row. on_change: it was edited. A row of a list. Shown. */
GtkWidget *ocs_knob_row_new (OcsKnob *knob, OcsKnobFunc on_change, gpointer user_data);
