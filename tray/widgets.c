/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-widgets"
#include "tray/widgets.h"

#include <string.h>

#define LINE_CHARS 64

GtkWidget *
ocs_label_new (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), LINE_CHARS);
  if (style)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), style);
  gtk_widget_set_visible (label, text != NULL);
  return label;
}

GtkWidget *
ocs_title_new (const char *text)
{
  GtkWidget *label = ocs_label_new (text, NULL);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  gtk_label_set_attributes (GTK_LABEL (label), attributes);
  return label;
}

void
ocs_label_set (GtkWidget *label, const char *text)
{
  if (strcmp (gtk_label_get_text (GTK_LABEL (label)), text ? text : "") != 0)
    gtk_label_set_text (GTK_LABEL (label), text ? text : "");
  ocs_widget_set_visible (label, text != NULL);
}

void
ocs_widget_set_visible (GtkWidget *widget, gboolean visible)
{
  if (gtk_widget_get_visible (widget) != visible)
    gtk_widget_set_visible (widget, visible);
}

void
ocs_widget_set_name (GtkWidget *widget, const char *name)
{
  AtkObject *accessible = gtk_widget_get_accessible (widget);
  if (g_strcmp0 (atk_object_get_name (accessible), name) != 0)
    atk_object_set_name (accessible, name);
}

void
ocs_widget_set_description (GtkWidget *widget, const char *description)
{
  AtkObject *accessible = gtk_widget_get_accessible (widget);
  if (g_strcmp0 (atk_object_get_description (accessible), description) != 0)
    atk_object_set_description (accessible, description);
}

GtkWidget *
ocs_grid_new (void)
{
  GtkWidget *grid = gtk_grid_new ();
  gtk_grid_set_row_spacing (GTK_GRID (grid), OCS_SPACE_TIGHT);
  gtk_grid_set_column_spacing (GTK_GRID (grid), OCS_SPACE);
  gtk_widget_set_visible (grid, TRUE);
  return grid;
}

GtkWidget *
ocs_grid_add (GtkWidget *grid, int row, const char *text)
{
  GtkWidget *caption = ocs_label_new (text, "dim-label");
  GtkWidget *label = ocs_label_new (NULL, NULL);
  gtk_label_set_xalign (GTK_LABEL (caption), 1);
  gtk_label_set_yalign (GTK_LABEL (caption), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (caption), LINE_CHARS / 3);
  gtk_label_set_justify (GTK_LABEL (caption), GTK_JUSTIFY_RIGHT);
  gtk_label_set_selectable (GTK_LABEL (label), FALSE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_grid_attach (GTK_GRID (grid), caption, 0, row, 1, 1);
  gtk_grid_attach (GTK_GRID (grid), label, 1, row, 1, 1);
  g_object_set_data (G_OBJECT (label), "ocs-caption", caption);
  atk_object_add_relationship (gtk_widget_get_accessible (caption), ATK_RELATION_LABEL_FOR, gtk_widget_get_accessible (label));
  atk_object_add_relationship (gtk_widget_get_accessible (label), ATK_RELATION_LABELLED_BY, gtk_widget_get_accessible (caption));
  return label;
}

void
ocs_grid_set (GtkWidget *label, const char *text)
{
  ocs_label_set (label, text);
  ocs_widget_set_visible (g_object_get_data (G_OBJECT (label), "ocs-caption"), text != NULL);
}

GtkWidget *
ocs_button_new (const char *label)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_visible (button, TRUE);
  return button;
}

GtkWidget *
ocs_icon_new (const char *icon, const char *name, GtkIconSize size)
{
  GtkWidget *image = gtk_image_new_from_icon_name (icon, size);
  ocs_widget_set_name (image, name);
  gtk_widget_set_visible (image, TRUE);
  return image;
}

GtkWidget *
ocs_page_scroller_new (GtkWidget *child, const char *name)
{
  GtkWidget *scroller = gtk_scrolled_window_new (NULL, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_container_set_border_width (GTK_CONTAINER (child), OCS_SPACE_WIDE);
  gtk_container_add (GTK_CONTAINER (scroller), child);
  ocs_widget_set_name (scroller, name);
  gtk_widget_set_visible (child, TRUE);
  gtk_widget_set_visible (gtk_bin_get_child (GTK_BIN (scroller)), TRUE);
  gtk_widget_set_visible (scroller, TRUE);
  return scroller;
}

GtkWidget *
ocs_list_new (const char *name, GtkWidget **list)
{
  GtkWidget *frame = gtk_frame_new (NULL);
  *list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (*list), GTK_SELECTION_NONE);
  ocs_widget_set_name (*list, name);
  ocs_widget_set_name (frame, name);
  gtk_container_add (GTK_CONTAINER (frame), *list);
  gtk_widget_set_visible (*list, TRUE);
  gtk_widget_set_visible (frame, TRUE);
  return frame;
}

GtkWidget *
ocs_box_new (GtkOrientation orientation, int spacing)
{
  GtkWidget *box = gtk_box_new (orientation, spacing);
  gtk_widget_set_visible (box, TRUE);
  return box;
}
