/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One setting: its name, what it is for, and a field to change it. */
#pragma once
#include "tray/view/knobs.h"
#include <gtk/gtk.h>

typedef void (*OcsKnobFunc) (gpointer user_data);

/* The same to be read only; a row that the keyboard reaches, named by what it says. */
GtkWidget *ocs_knob_row_new_plain (const OcsKnob *knob);
/* knob: borrowed: outlives the row. on_change: it was edited. A row of a list. Shown. */
GtkWidget *ocs_knob_row_new (OcsKnob *knob, OcsKnobFunc on_change, gpointer user_data);
