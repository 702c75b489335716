/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The windows of all questions that stand: each comes up once, goes when it is decided and everybody has had time to read so. */
#pragma once
#include "tray/fullscreen.h"
#include "tray/model.h"
#include <gtk/gtk.h>

typedef struct _OcsDialogs OcsDialogs;

/* All borrowed: outlive us. */
OcsDialogs *ocs_dialogs_new (GtkApplication *application, OcsModel *model, OcsFullscreen *fullscreen);
void ocs_dialogs_free (OcsDialogs *dialogs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsDialogs, ocs_dialogs_free)

/* To be called at each change of the status, and when a full-screen window has ended. */
void ocs_dialogs_draw (OcsDialogs *dialogs);
/* A person wants to answer the question of id; "" or one that does not stand: the first that does. FALSE where none stands. */
gboolean ocs_dialogs_open (OcsDialogs *dialogs, const char *id);
