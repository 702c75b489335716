/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of labels and fields that write into a draft, each with what is wrong with it below. */
#pragma once
#include "tray/view/draft.h"
#include <gtk/gtk.h>

typedef struct _OcsForm OcsForm;
typedef void (*OcsFormFunc) (gpointer user_data);

/* draft: borrowed: outlives the form. on_change: a field is another. */
OcsForm *ocs_form_new (OcsDraft *draft, OcsFormFunc on_change, gpointer user_data);
/* After its widgets, or before: they do not need it any more then. */
void ocs_form_free (OcsForm *form);

/* A page of rows, floating; it and its rows belong to its parent. */
GtkWidget *ocs_form_page_new (void);
/* All labels with a mnemonic. hint: nullable; what stands in the empty field. */
void ocs_form_add_text (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *label, const char *hint);
void ocs_form_add_secret (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *label);
void ocs_form_add_flag (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *label);
/* names: ended by NULL; the value is the number of the name. */
void ocs_form_add_choice (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *label, const char *const *names);

/* Something else in the column of the fields. */
void ocs_form_add_widget (GtkWidget *page, GtkWidget *widget);

/* Shows the draft as it is now. */
void ocs_form_refresh (OcsForm *form);
