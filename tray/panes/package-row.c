/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-package-row"
#include "tray/panes/package-row.h"

#include "ipc/json.h"
#include "tray/fragmap.h"
#include "tray/late.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

#define DATA "ocs-row"
#define OUTPUT_HEIGHT 160

typedef struct {
  OcsModel *model;     /* borrowed: outlives us */
  char *id;            /* owned, nullable until the first set */
  GtkWidget *expander; /* borrowed: in the row, like all that follow */
  GtkWidget *icon, *name, *words, *bar, *figures, *map, *button, *details;
  GtkWidget *output_box, *output;
  gboolean answers; /* the button answers a question; else it hurries */
  OcsPackageChosen on_chosen;
  gpointer user_data; /* borrowed: outlives us */
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;
  g_free (row->id);
  g_free (row);
}

static void
on_button_clicked (GtkButton *button, gpointer user_data)
{
  Row *row = user_data;
  row->on_chosen (row->id, row->answers ? OCS_PACKAGE_ANSWER : OCS_PACKAGE_HURRY, row->user_data);
}

/* Not for everybody, and not in every status: the text stays away without a word where there is none. */
static void
on_package (gpointer owner, JsonObject *reply, const GError *error)
{
  Row *row = owner;
  JsonObject *package = reply ? ocs_json_object (reply, "package") : NULL;
  const char *output = package ? ocs_json_string (package, "output") : NULL;
  if (output == NULL || *output == '\0' || g_strcmp0 (ocs_json_string (package, "id"), row->id) != 0)
    return;
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (GTK_TEXT_VIEW (row->output)), output, -1);
  ocs_widget_set_visible (row->output_box, TRUE);
}

static void
on_unfolded (GObject *expander, GParamSpec *property, gpointer user_data)
{
  GtkWidget *widget = user_data;
  Row *row = g_object_get_data (G_OBJECT (widget), DATA);
  JsonObject *parameters = NULL;
  gboolean unfolded = gtk_expander_get_expanded (GTK_EXPANDER (expander));
  /* A screen reader would read what is folded up, too. */
  ocs_widget_set_visible (gtk_bin_get_child (GTK_BIN (expander)), unfolded);
  if (!unfolded || row->id == NULL)
    return;
  parameters = json_object_new ();
  json_object_set_string_member (parameters, "id", row->id);
  ocs_late_call (row->model, widget, DATA, "GetPackage", parameters, on_package);
}

static GtkWidget *
head_new (Row *row)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  GtkWidget *words = ocs_box_new (GTK_ORIENTATION_VERTICAL, 2);
  row->icon = ocs_icon_new (NULL, "", GTK_ICON_SIZE_MENU);
  row->name = ocs_title_new (NULL);
  row->words = ocs_label_new (NULL, "dim-label");
  gtk_widget_set_valign (row->icon, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start (row->icon, OCS_SPACE_TIGHT);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_container_add (GTK_CONTAINER (words), row->name);
  gtk_container_add (GTK_CONTAINER (words), row->words);
  gtk_container_add (GTK_CONTAINER (box), row->icon);
  gtk_container_add (GTK_CONTAINER (box), words);
  return box;
}

static GtkWidget *
output_new (Row *row)
{
  GtkWidget *scroller = gtk_scrolled_window_new (NULL, NULL);
  row->output = gtk_text_view_new ();
  gtk_text_view_set_editable (GTK_TEXT_VIEW (row->output), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (row->output), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (row->output), GTK_WRAP_WORD_CHAR);
  ocs_widget_set_name (row->output, _ ("Output of the command"));
  ocs_widget_set_name (scroller, _ ("Output of the command"));
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), OUTPUT_HEIGHT);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (scroller), GTK_SHADOW_IN);
  gtk_container_add (GTK_CONTAINER (scroller), row->output);
  gtk_widget_set_visible (row->output, TRUE);
  row->output_box = scroller;
  return scroller;
}

static GtkWidget *
body_new (Row *row)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE);
  gtk_widget_set_visible (box, FALSE);
  row->details = ocs_label_new (NULL, NULL);
  gtk_widget_set_margin_top (box, OCS_SPACE_TIGHT);
  gtk_widget_set_margin_start (box, OCS_SPACE_WIDE);
  gtk_container_add (GTK_CONTAINER (box), row->details);
  gtk_container_add (GTK_CONTAINER (box), output_new (row));
  return box;
}

GtkWidget *
ocs_package_row_new (OcsModel *model, OcsPackageChosen on_chosen, gpointer user_data)
{
  GtkWidget *widget = gtk_list_box_row_new ();
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  GtkWidget *top = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  Row *row = g_new0 (Row, 1);
  row->model = model;
  row->on_chosen = on_chosen;
  row->user_data = user_data;
  row->expander = gtk_expander_new (NULL);
  row->button = ocs_button_new ("");
  row->bar = gtk_progress_bar_new ();
  row->figures = ocs_label_new (NULL, "dim-label");
  row->map = ocs_fragmap_new ();
  gtk_expander_set_label_widget (GTK_EXPANDER (row->expander), head_new (row));
  gtk_expander_set_label_fill (GTK_EXPANDER (row->expander), TRUE);
  gtk_container_add (GTK_CONTAINER (row->expander), body_new (row));
  gtk_widget_set_visible (row->expander, TRUE);
  gtk_widget_set_valign (row->button, GTK_ALIGN_START);
  gtk_box_pack_start (GTK_BOX (top), row->expander, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (top), row->button, FALSE, FALSE, 0);
  gtk_container_set_border_width (GTK_CONTAINER (box), OCS_SPACE);
  gtk_container_add (GTK_CONTAINER (box), top);
  gtk_container_add (GTK_CONTAINER (box), row->bar);
  gtk_container_add (GTK_CONTAINER (box), row->figures);
  gtk_container_add (GTK_CONTAINER (box), row->map);
  gtk_container_add (GTK_CONTAINER (widget), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (widget), FALSE);
  gtk_widget_set_can_focus (widget, FALSE); /* what is in it has the focus */
  gtk_widget_set_visible (widget, TRUE);
  g_object_set_data_full (G_OBJECT (widget), DATA, row, row_free);
  g_signal_connect (row->button, "clicked", G_CALLBACK (on_button_clicked), row);
  g_signal_connect (row->expander, "notify::expanded", G_CALLBACK (on_unfolded), widget);
  return widget;
}

static void
become (Row *row, const char *id)
{
  if (g_strcmp0 (row->id, id) == 0)
    return;
  g_free (row->id);
  row->id = g_strdup (id);
  gtk_expander_set_expanded (GTK_EXPANDER (row->expander), FALSE);
  ocs_widget_set_visible (row->output_box, FALSE);
}

static void
set_button (Row *row, const OcsDeployment *item)
{
  const char *label = item->asks ? _ ("_Answer") : _ ("_Do it now anyway");
  row->answers = item->asks;
  if (g_strcmp0 (gtk_button_get_label (GTK_BUTTON (row->button)), label) != 0)
    gtk_button_set_label (GTK_BUTTON (row->button), label);
  ocs_widget_set_visible (row->button, item->asks || item->hurries);
}

void
ocs_package_row_set (GtkWidget *widget, const OcsDeployment *item)
{
  Row *row = g_object_get_data (G_OBJECT (widget), DATA);
  const char *shown = NULL;
  g_autofree char *name = g_strdup_printf ("%s. %s", item->name, item->words);
  become (row, item->id);
  gtk_image_get_icon_name (GTK_IMAGE (row->icon), &shown, NULL);
  if (g_strcmp0 (shown, item->icon) != 0)
    gtk_image_set_from_icon_name (GTK_IMAGE (row->icon), item->icon, GTK_ICON_SIZE_MENU);
  ocs_widget_set_name (row->icon, item->words);
  ocs_label_set (row->name, item->name);
  ocs_label_set (row->words, item->words);
  ocs_label_set (row->figures, item->figures);
  ocs_label_set (row->details, item->details);
  ocs_widget_set_name (widget, name);
  ocs_widget_set_name (row->expander, name);
  ocs_widget_set_name (row->bar, _ ("Progress"));
  ocs_widget_set_visible (row->bar, item->fraction >= 0);
  if (item->fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (row->bar), item->fraction);
  ocs_fragmap_set (row->map, item->map, item->map_words);
  set_button (row, item);
}
