/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A test of the way to the server, step by step as it goes: a button, and below it what came of each step. */
#pragma once
#include "tray/model.h"
#include <gtk/gtk.h>

/* Parameters of TestProxy, transfer full; NULL for what is set. */
typedef JsonObject *(*OcsTrialFunc) (gpointer user_data);

/* A box, shown. label: of the button, with a mnemonic; NULL where something else starts it, then there is one to stop it only. words: what
 * it does. parameters: nullable; asked at each start; what is tried beside its fields has little room, so that the list scrolls by itself.
 * user_data: borrowed: outlives the widget, as model does. */
GtkWidget *ocs_trial_new (OcsModel *model, const char *label, const char *words, OcsTrialFunc parameters, gpointer user_data);
/* Whether a test can be begun; one that runs can always be stopped. */
void ocs_trial_set_possible (GtkWidget *trial, gboolean possible);
/* Begins one; what was there is gone. */
void ocs_trial_start (GtkWidget *trial);
/* Forgets what was tried: it is not so any more. One that runs is stopped. */
void ocs_trial_clear (GtkWidget *trial);
