/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of the deployments: one package, which unfolds. */
#pragma once
#include "tray/model.h"
#include "tray/view/deployments.h"
#include <gtk/gtk.h>

typedef enum { OCS_PACKAGE_HURRY, OCS_PACKAGE_ANSWER } OcsPackageChoice;
typedef void (*OcsPackageChosen) (const char *id, OcsPackageChoice choice, gpointer user_data);

/* A GtkListBoxRow. model and user_data: borrowed: outlive the row. Shown. */
GtkWidget *ocs_package_row_new (OcsModel *model, OcsPackageChosen on_chosen, gpointer user_data);
/* Touches only what differs. A row that gets another package folds up. */
void ocs_package_row_set (GtkWidget *row, const OcsDeployment *item);
