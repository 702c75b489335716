/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The few widgets that all windows are made of, with the project's manners: text wraps and is never cut, what has nothing to say is not
 * there, and only what differs is touched, so that nothing flickers and no screen reader repeats itself. */
#pragma once
#include <gtk/gtk.h>

/* Spacings of the GNOME guidelines, in pixels. */
#define OCS_SPACE_TIGHT 6
#define OCS_SPACE 12
#define OCS_SPACE_WIDE 18

/* A label at the left that wraps; style: nullable, a class as "dim-label". Shown where it has a text, nullable. */
GtkWidget *ocs_label_new (const char *text, const char *style);
/* A caption for what follows: bold. Shown as a label. */
GtkWidget *ocs_title_new (const char *text);
/* text: NULL hides the label. */
void ocs_label_set (GtkWidget *label, const char *text);
void ocs_widget_set_visible (GtkWidget *widget, gboolean visible);
/* What a screen reader says of widget. */
void ocs_widget_set_name (GtkWidget *widget, const char *name);
/* The same, where it is read beside the name. */
void ocs_widget_set_description (GtkWidget *widget, const char *description);

/* A grid of such rows, with the spacing of the guidelines. Shown. */
GtkWidget *ocs_grid_new (void);
/* A grid row of a caption and a label, in which the second is labelled by the first; gives back the label. Shown. */
GtkWidget *ocs_grid_add (GtkWidget *grid, int row, const char *caption);
/* The same pair, gone where text is NULL. label: of ocs_grid_add(). */
void ocs_grid_set (GtkWidget *label, const char *text);

/* A button with a mnemonic. Shown. */
GtkWidget *ocs_button_new (const char *label);
/* A picture named for screen readers. Shown. */
GtkWidget *ocs_icon_new (const char *icon, const char *name, GtkIconSize size);
/* A page that scrolls down only; child gets the margins of a page. Shown. */
GtkWidget *ocs_page_scroller_new (GtkWidget *child, const char *name);
/* A list in a frame, without selection. list: where it is put. Shown. */
GtkWidget *ocs_list_new (const char *name, GtkWidget **list);
/* A box. Shown. */
GtkWidget *ocs_box_new (GtkOrientation orientation, int spacing);
