/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page of the window, as a table of what it can do; the window knows no page by more than this. A page is made when it is first looked
 * at and drawn only while it is seen. What it keeps hangs on its widget and goes with it. */
#pragma once
#include "tray/model.h"
#include <gtk/gtk.h>

typedef struct {
  const char *name;  /* in actions and in the stack: "overview" */
  const char *title; /* to be translated, see ocs_pane_title() */
  const char *icon;
  GtkWidget *(*create) (OcsModel *model); /* model: outlives the page */
  void (*draw) (GtkWidget *pane);         /* the model may be another */
  void (*see) (GtkWidget *pane);          /* nullable; somebody has just turned to it */
} OcsPaneKind;

extern const OcsPaneKind ocs_overview_pane;
extern const OcsPaneKind ocs_deployments_pane;
extern const OcsPaneKind ocs_connection_pane;
extern const OcsPaneKind ocs_inventory_pane;
extern const OcsPaneKind ocs_log_pane;
extern const OcsPaneKind ocs_settings_pane;
