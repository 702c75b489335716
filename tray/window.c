/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decides nothing but which page is seen; the pages draw themselves. */
#define G_LOG_DOMAIN "ocs-window"
#include "tray/window.h"

#include "tray/pane.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define WIDTH 760
#define HEIGHT 560
#define SIDEBAR 180

struct _OcsWindow {
  GtkBuilder *builder; /* owned */
  OcsModel *model;     /* borrowed: outlives us */
  GtkWidget *window;   /* borrowed: the toplevel, destroyed by us */
  GtkListBox *sidebar; /* borrowed: in the window, like the next */
  GtkStack *stack;
  OcsWindowFunc on_shown;
  gpointer user_data; /* borrowed: outlives us */
};

static const OcsPaneKind *const panes[] = {&ocs_overview_pane,  &ocs_deployments_pane, &ocs_connection_pane,
                                           &ocs_inventory_pane, &ocs_log_pane,         &ocs_settings_pane};

/* What a row of the menu speaks of. */
static const struct {
  const char *id;
  const char *pane;
} places[] = {{"proxy", "connection"}, {"saved", "connection"}, {"diagnose", "connection"}, {"questions", "deployments"}};

static gboolean
is_allowed (OcsWindow *window, const OcsPaneKind *kind)
{
  return kind != &ocs_inventory_pane || window->model->policy->show_inventory;
}

static const OcsPaneKind *
kind_named (const char *name)
{
  for (guint i = 0; name && i < G_N_ELEMENTS (panes); i++)
    if (strcmp (panes[i]->name, name) == 0)
      return panes[i];
  return NULL;
}

static void
draw_pane (OcsWindow *window)
{
  const OcsPaneKind *kind = kind_named (gtk_stack_get_visible_child_name (window->stack));
  if (kind)
    kind->draw (gtk_stack_get_visible_child (window->stack));
}

/* A page is made when it is first wanted. */
static void
turn_to (OcsWindow *window, const OcsPaneKind *kind)
{
  GtkWidget *pane = gtk_stack_get_child_by_name (window->stack, kind->name);
  if (pane == NULL) {
    pane = kind->create (window->model);
    gtk_widget_set_visible (pane, TRUE);
    gtk_stack_add_named (window->stack, pane, kind->name);
  }
  kind->draw (pane);
  if (gtk_stack_get_visible_child (window->stack) != pane)
    gtk_stack_set_visible_child (window->stack, pane);
  if (kind->see)
    kind->see (pane);
}

static void
on_row_selected (GtkListBox *list, GtkListBoxRow *row, gpointer user_data)
{
  if (row)
    turn_to (user_data, panes[gtk_list_box_row_get_index (row)]);
}

/* A list would stop the Tab key at each row and so turn all pages; the arrows are for that. TRUE: the focus has been moved. */
static gboolean
on_sidebar_focus (GtkWidget *list, GtkDirectionType direction, gpointer user_data)
{
  OcsWindow *window = user_data;
  gboolean inside = gtk_container_get_focus_child (GTK_CONTAINER (list)) != NULL;
  GtkListBoxRow *chosen = gtk_list_box_get_selected_row (GTK_LIST_BOX (list));
  if (direction != GTK_DIR_TAB_FORWARD && direction != GTK_DIR_TAB_BACKWARD)
    return FALSE;
  if (!inside && chosen) {
    gtk_widget_grab_focus (GTK_WIDGET (chosen));
    return TRUE;
  }
  if (direction == GTK_DIR_TAB_FORWARD)
    return gtk_widget_child_focus (GTK_WIDGET (window->stack), direction);
  return gtk_widget_child_focus (gtk_window_get_titlebar (GTK_WINDOW (window->window)), direction);
}

static GtkWidget *
row_new (const OcsPaneKind *kind)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  GtkWidget *label = gtk_label_new (_ (kind->title));
  GtkWidget *icon = ocs_icon_new (kind->icon, _ (kind->title), GTK_ICON_SIZE_MENU);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_container_set_border_width (GTK_CONTAINER (box), OCS_SPACE_TIGHT + 2);
  gtk_container_add (GTK_CONTAINER (box), icon);
  gtk_container_add (GTK_CONTAINER (box), label);
  gtk_container_add (GTK_CONTAINER (row), box);
  gtk_widget_show_all (row);
  ocs_widget_set_name (row, _ (kind->title));
  return row;
}

static void
on_window_mapped (GtkWidget *widget, gpointer user_data)
{
  OcsWindow *window = user_data;
  window->on_shown (window->user_data);
}

static void
step (OcsWindow *window, int by)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (window->sidebar);
  int at = row ? gtk_list_box_row_get_index (row) : 0;
  for (guint i = 0; i < G_N_ELEMENTS (panes); i++) {
    at = (at + by + (int)G_N_ELEMENTS (panes)) % (int)G_N_ELEMENTS (panes);
    row = gtk_list_box_get_row_at_index (window->sidebar, at);
    if (gtk_widget_get_visible (GTK_WIDGET (row)))
      break;
  }
  gtk_list_box_select_row (window->sidebar, row);
}

static gboolean
on_window_key (GtkWidget *widget, GdkEventKey *event, gpointer user_data)
{
  GdkModifierType modifiers = event->state & gtk_accelerator_get_default_mod_mask ();
  if (modifiers != GDK_CONTROL_MASK)
    return GDK_EVENT_PROPAGATE;
  switch (event->keyval) {
  case GDK_KEY_Page_Up:
    step (user_data, -1);
    return GDK_EVENT_STOP;
  case GDK_KEY_Page_Down:
    step (user_data, 1);
    return GDK_EVENT_STOP;
  case GDK_KEY_w:
    gtk_window_close (GTK_WINDOW (widget));
    return GDK_EVENT_STOP;
  default:
    return GDK_EVENT_PROPAGATE;
  }
}

static GtkWidget *
sidebar_new (OcsWindow *window)
{
  GtkWidget *scroller = gtk_scrolled_window_new (NULL, NULL);
  GtkWidget *list = gtk_list_box_new ();
  window->sidebar = GTK_LIST_BOX (list);
  gtk_list_box_set_selection_mode (window->sidebar, GTK_SELECTION_BROWSE);
  gtk_style_context_add_class (gtk_widget_get_style_context (list), "sidebar");
  ocs_widget_set_name (list, _ ("Pages"));
  ocs_widget_set_name (scroller, _ ("Pages"));
  for (guint i = 0; i < G_N_ELEMENTS (panes); i++)
    gtk_list_box_insert (window->sidebar, row_new (panes[i]), -1);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_container_add (GTK_CONTAINER (scroller), list);
  gtk_widget_set_size_request (scroller, SIDEBAR, -1);
  gtk_widget_show_all (scroller);
  g_signal_connect (list, "row-selected", G_CALLBACK (on_row_selected), window);
  g_signal_connect (list, "focus", G_CALLBACK (on_sidebar_focus), window);
  return scroller;
}

static void
fill_window (OcsWindow *window)
{
  GtkWidget *body = GTK_WIDGET (gtk_builder_get_object (window->builder, "body"));
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_VERTICAL);
  window->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_set_hhomogeneous (window->stack, FALSE);
  gtk_stack_set_vhomogeneous (window->stack, FALSE);
  gtk_widget_set_hexpand (GTK_WIDGET (window->stack), TRUE);
  gtk_widget_set_visible (GTK_WIDGET (window->stack), TRUE);
  gtk_widget_set_visible (line, TRUE);
  gtk_container_add (GTK_CONTAINER (body), sidebar_new (window));
  gtk_container_add (GTK_CONTAINER (body), line);
  gtk_container_add (GTK_CONTAINER (body), GTK_WIDGET (window->stack));
}

OcsWindow *
ocs_window_new (GtkApplication *application, OcsModel *model, OcsWindowFunc on_shown, gpointer user_data)
{
  OcsWindow *window = g_new0 (OcsWindow, 1);
  window->model = model;
  window->on_shown = on_shown;
  window->user_data = user_data;
  window->builder = gtk_builder_new_from_resource ("/org/ocscompanion/Tray/window.ui");
  window->window = GTK_WIDGET (gtk_builder_get_object (window->builder, "window"));
  gtk_window_set_application (GTK_WINDOW (window->window), application);
  gtk_window_set_default_size (GTK_WINDOW (window->window), WIDTH, HEIGHT);
  fill_window (window);
  g_signal_connect (window->window, "delete-event", G_CALLBACK (gtk_widget_hide_on_delete), NULL);
  g_signal_connect (window->window, "map", G_CALLBACK (on_window_mapped), window);
  g_signal_connect (window->window, "unmap", G_CALLBACK (on_window_mapped), window);
  g_signal_connect (window->window, "key-press-event", G_CALLBACK (on_window_key), window);
  return window;
}

void
ocs_window_free (OcsWindow *window)
{
  g_signal_handlers_disconnect_by_data (window->window, window);
  g_signal_handlers_disconnect_by_data (window->sidebar, window);
  gtk_widget_destroy (window->window);
  g_object_unref (window->builder);
  g_free (window);
}

gboolean
ocs_window_is_shown (OcsWindow *window)
{
  return gtk_widget_get_mapped (window->window);
}

void
ocs_window_draw (OcsWindow *window)
{
  if (!ocs_window_is_shown (window))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (panes); i++)
    ocs_widget_set_visible (GTK_WIDGET (gtk_list_box_get_row_at_index (window->sidebar, (int)i)), is_allowed (window, panes[i]));
  draw_pane (window);
}

void
ocs_window_present (OcsWindow *window, const char *id)
{
  const OcsPaneKind *kind = kind_named (id);
  for (guint i = 0; id && i < G_N_ELEMENTS (places); i++)
    if (strcmp (id, places[i].id) == 0)
      kind = kind_named (places[i].pane);
  if (kind == NULL || !is_allowed (window, kind))
    kind = &ocs_overview_pane;
  for (guint i = 0; i < G_N_ELEMENTS (panes); i++)
    if (panes[i] == kind)
      gtk_list_box_select_row (window->sidebar, gtk_list_box_get_row_at_index (window->sidebar, (int)i));
  turn_to (window, kind);
  gtk_window_present (GTK_WINDOW (window->window));
}
