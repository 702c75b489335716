/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of the view in widgets; the layout is in window.ui, where each place has the name of its field. Decides nothing. */
#define G_LOG_DOMAIN "ocs-window"
#include "tray/window.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define PULSE_MS 120

struct _OcsWindow {
  GtkBuilder *builder; /* owned */
  GtkWidget *window;   /* borrowed: the toplevel, destroyed by us */
  GtkListBox *list;    /* borrowed from builder, like the next two */
  GtkProgressBar *bar;
  GtkImage *icon;
  const char *place; /* borrowed: a constant, nullable; where to scroll */
  guint scroll;      /* source id; once, when the page is laid out */
  guint pulse;       /* source id; only while a job of unknown length is seen */
  gboolean endless;
  OcsWindowFunc on_send;
  OcsWindowFunc on_shown;
  gpointer user_data; /* borrowed: outlives us */
};

static gboolean
on_pulse_due (gpointer user_data)
{
  OcsWindow *window = user_data;
  gtk_progress_bar_pulse (window->bar);
  return G_SOURCE_CONTINUE;
}

static void
update_pulse (OcsWindow *window)
{
  gboolean wanted = window->endless && ocs_window_is_shown (window);
  if (wanted && window->pulse == 0)
    window->pulse = g_timeout_add (PULSE_MS, on_pulse_due, window);
  if (!wanted)
    g_clear_handle_id (&window->pulse, g_source_remove);
}

static void
on_window_mapped (GtkWidget *widget, gpointer user_data)
{
  OcsWindow *window = user_data;
  update_pulse (window);
  window->on_shown (window->user_data);
}

static void
on_button_clicked (GtkButton *button, gpointer user_data)
{
  OcsWindow *window = user_data;
  window->on_send (window->user_data);
}

OcsWindow *
ocs_window_new (GtkApplication *application, OcsWindowFunc on_send, OcsWindowFunc on_shown, gpointer user_data)
{
  OcsWindow *window = g_new0 (OcsWindow, 1);
  window->on_send = on_send;
  window->on_shown = on_shown;
  window->user_data = user_data;
  window->builder = gtk_builder_new_from_resource ("/org/ocscompanion/Tray/window.ui");
  window->window = GTK_WIDGET (gtk_builder_get_object (window->builder, "window"));
  window->list = GTK_LIST_BOX (gtk_builder_get_object (window->builder, "list"));
  window->bar = GTK_PROGRESS_BAR (gtk_builder_get_object (window->builder, "bar"));
  window->icon = GTK_IMAGE (gtk_builder_get_object (window->builder, "icon"));
  gtk_window_set_application (GTK_WINDOW (window->window), application);
  g_signal_connect (window->window, "delete-event", G_CALLBACK (gtk_widget_hide_on_delete), NULL);
  g_signal_connect (window->window, "map", G_CALLBACK (on_window_mapped), window);
  g_signal_connect (window->window, "unmap", G_CALLBACK (on_window_mapped), window);
  g_signal_connect (gtk_builder_get_object (window->builder, "send"), "clicked", G_CALLBACK (on_button_clicked), window);
  return window;
}

void
ocs_window_free (OcsWindow *window)
{
  g_signal_handlers_disconnect_by_data (window->window, window);
  g_clear_handle_id (&window->pulse, g_source_remove);
  g_clear_handle_id (&window->scroll, g_source_remove);
  gtk_widget_destroy (window->window);
  g_object_unref (window->builder);
  g_free (window);
}

gboolean
ocs_window_is_shown (OcsWindow *window)
{
  return gtk_widget_get_mapped (window->window);
}

static gboolean
on_scroll_due (gpointer user_data)
{
  OcsWindow *window = user_data;
  GtkWidget *scrolled = GTK_WIDGET (gtk_builder_get_object (window->builder, "scrolled"));
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  GtkWidget *place = window->place ? GTK_WIDGET (gtk_builder_get_object (window->builder, window->place)) : NULL;
  int top = 0;
  window->scroll = 0;
  if (place && gtk_widget_get_mapped (place) && gtk_widget_translate_coordinates (place, scrolled, 0, 0, NULL, &top)) {
    double from = gtk_adjustment_get_value (adjustment) + top;
    gtk_adjustment_clamp_page (adjustment, from,
                               from + MIN (gtk_widget_get_allocated_height (place), gtk_widget_get_allocated_height (scrolled)));
  } else {
    gtk_adjustment_set_value (adjustment, 0);
  }
  if (g_strcmp0 (window->place, "packages") == 0 && gtk_list_box_get_row_at_index (window->list, 0))
    gtk_widget_grab_focus (GTK_WIDGET (gtk_list_box_get_row_at_index (window->list, 0)));
  return G_SOURCE_REMOVE;
}

void
ocs_window_present (OcsWindow *window, const char *id)
{
  static const struct {
    const char *id;
    const char *place;
  } places[] = {{"job", "job-box"}, {"last", "last"},     {"tried", "last"},           {"next", "next"},
                {"proxy", "proxy"}, {"saved", "savings"}, {"insecure", "warning-box"}, {"deployments", "packages"}};
  window->place = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_strcmp0 (id, places[i].id) == 0)
      window->place = places[i].place;
  gtk_window_present (GTK_WINDOW (window->window));
  if (window->scroll == 0)
    window->scroll = g_idle_add_full (G_PRIORITY_LOW, on_scroll_due, window, NULL);
}

static void
set_text (GtkLabel *label, const char *text)
{
  if (strcmp (gtk_label_get_text (label), text ? text : "") != 0)
    gtk_label_set_text (label, text ? text : "");
}

static void
set_visible (GtkWidget *widget, gboolean visible)
{
  if (gtk_widget_get_visible (widget) != visible)
    gtk_widget_set_visible (widget, visible);
}

/* A place without a text is not there; its caption, "NAME-caption", goes with it. */
static void
fill (OcsWindow *window, const char *name, const char *text)
{
  g_autofree char *caption_name = g_strconcat (name, "-caption", NULL);
  GtkWidget *label = GTK_WIDGET (gtk_builder_get_object (window->builder, name));
  GObject *caption = gtk_builder_get_object (window->builder, caption_name);
  set_text (GTK_LABEL (label), text);
  set_visible (label, text != NULL);
  if (caption)
    set_visible (GTK_WIDGET (caption), text != NULL);
}

static GtkWidget *
add_label (GtkWidget *box, const char *name, const char *style)
{
  GtkWidget *label = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_line_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_line_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  if (style)
    gtk_style_context_add_class (gtk_widget_get_style_context (label), style);
  gtk_container_add (GTK_CONTAINER (box), label);
  gtk_widget_show (label);
  g_object_set_data (G_OBJECT (box), name, label);
  return label;
}

static GtkWidget *
row_new (void)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  gtk_container_set_border_width (GTK_CONTAINER (box), 8);
  add_label (box, "name", NULL);
  add_label (box, "words", "dim-label");
  gtk_container_add (GTK_CONTAINER (row), box);
  gtk_widget_show_all (row);
  return row;
}

static void
fill_row (GtkListBoxRow *row, const OcsPageItem *item)
{
  GtkWidget *box = gtk_bin_get_child (GTK_BIN (row));
  g_autofree char *words =
      *item->words ? g_strdup_printf (C_ ("a step: its result", "%s: %s"), item->step, item->words) : g_strdup (item->step);
  g_autofree char *name = g_strdup_printf ("%s. %s", item->name, words);
  set_text (g_object_get_data (G_OBJECT (box), "name"), item->name);
  set_text (g_object_get_data (G_OBJECT (box), "words"), words);
  AtkObject *accessible = gtk_widget_get_accessible (GTK_WIDGET (row));
  if (g_strcmp0 (atk_object_get_name (accessible), name) != 0)
    atk_object_set_name (accessible, name);
}

static void
fill_list (OcsWindow *window, const OcsPage *page)
{
  for (guint i = 0; i < page->items->len; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index (window->list, (int)i);
    if (row == NULL) {
      gtk_list_box_insert (window->list, row_new (), -1);
      row = gtk_list_box_get_row_at_index (window->list, (int)i);
    }
    fill_row (row, g_ptr_array_index (page->items, i));
  }
  GtkListBoxRow *surplus = NULL;
  while ((surplus = gtk_list_box_get_row_at_index (window->list, (int)page->items->len)) != NULL)
    gtk_widget_destroy (GTK_WIDGET (surplus));
  set_visible (GTK_WIDGET (gtk_builder_get_object (window->builder, "list-frame")), page->items->len > 0);
  fill (window, "more", page->more);
}

static void
fill_job (OcsWindow *window, const OcsPage *page)
{
  fill (window, "job", page->job);
  fill (window, "figures", page->figures);
  set_visible (GTK_WIDGET (gtk_builder_get_object (window->builder, "job-box")), page->job != NULL);
  window->endless = page->job && page->fraction < 0;
  if (page->job && page->fraction >= 0)
    gtk_progress_bar_set_fraction (window->bar, page->fraction);
  update_pulse (window);
}

static void
fill_face (OcsWindow *window, const OcsPage *page)
{
  const char *shown = NULL;
  gtk_image_get_icon_name (window->icon, &shown, NULL);
  if (g_strcmp0 (shown, page->icon) != 0) {
    gtk_image_set_from_icon_name (window->icon, page->icon, GTK_ICON_SIZE_DIALOG);
    atk_object_set_name (gtk_widget_get_accessible (GTK_WIDGET (window->icon)), page->headline);
  }
}

void
ocs_window_show_page (OcsWindow *window, const OcsPage *page)
{
  const struct {
    const char *name;
    const char *text;
  } places[] = {
      {"headline", page->headline}, {"why", page->why},     {"advice", page->advice},   {"detail", page->detail},
      {"warning", page->warning},   {"last", page->last},   {"next", page->next},       {"inventory", page->inventory},
      {"server", page->server},     {"proxy", page->proxy}, {"savings", page->savings}, {"result", page->result},
  };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    fill (window, places[i].name, places[i].text);
  set_visible (GTK_WIDGET (gtk_builder_get_object (window->builder, "warning-box")), page->warning != NULL);
  fill_face (window, page);
  fill_job (window, page);
  fill_list (window, page);
  gtk_widget_set_sensitive (GTK_WIDGET (gtk_builder_get_object (window->builder, "send")), page->can_send);
}
