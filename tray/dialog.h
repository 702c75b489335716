/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The window of one question. It comes up behind what has the focus and never takes it; closing it answers nothing. */
#pragma once
#include "tray/model.h"
#include <gtk/gtk.h>

typedef struct _OcsDialog OcsDialog;

/* model: borrowed: outlives us. Not yet seen. */
OcsDialog *ocs_dialog_new (GtkApplication *application, OcsModel *model);
void ocs_dialog_free (OcsDialog *dialog);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsDialog, ocs_dialog_free)

/* Touches only what differs. TRUE where its words change with each second. */
gboolean ocs_dialog_draw (OcsDialog *dialog, const OcsQuestion *question);
/* asked_for: a person wants to see it now, so it takes the focus. */
void ocs_dialog_present (OcsDialog *dialog, gboolean asked_for);
gboolean ocs_dialog_is_shown (OcsDialog *dialog);
