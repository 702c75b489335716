/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows to a StatusNotifierItem with a dbusmenu, by libayatana-appindicator. Plain menu items: the library's other way (GMenu) exports
 * each row as a check box. Decides nothing: what is shown comes from the view. */
#define G_LOG_DOMAIN "ocs-indicator"
#include "tray/indicator.h"

#include <gdk/gdkx.h>
#include <libayatana-appindicator/app-indicator.h>

#define LABEL_GUIDE "100 %"

struct _OcsIndicator {
  AppIndicator *item; /* owned */
  GtkMenuShell *menu; /* owned */
  GHashTable *items;  /* owned; row id → GtkWidget, borrowed from menu */
  GObject *menu_root; /* owned, nullable; what tells that a panel opens the menu */
  char *icon;         /* owned, nullable; as shown last, like the next three */
  char *title;        /* owned, nullable */
  char *description;  /* owned, nullable */
  char *label;        /* owned, nullable */
  OcsIndicatorChosen on_chosen;
  OcsIndicatorOpened on_opened;
  gpointer user_data; /* borrowed: outlives us */
};

static GtkStatusIcon *
no_fallback (AppIndicator *item)
{
  return NULL;
}

static void
no_unfallback (AppIndicator *item, GtkStatusIcon *icon)
{
}

/* Where there is no StatusNotifier host the library falls back to an XEmbed icon; without X that cannot work and fails loudly at each
 * change of the icon. */
static void
disarm_fallback (AppIndicator *item)
{
  if (GDK_IS_X11_DISPLAY (gdk_display_get_default ()))
    return;
  APP_INDICATOR_GET_CLASS (item)->fallback = no_fallback;
  APP_INDICATOR_GET_CLASS (item)->unfallback = no_unfallback;
}

static gboolean
on_root_about_to_show (GObject *root, gpointer user_data)
{
  OcsIndicator *indicator = user_data;
  indicator->on_opened (indicator->user_data);
  return TRUE;
}

/* The library does not say when the menu is opened; the root of the menu that it exports does. */
static void
follow_opening (OcsIndicator *indicator)
{
  g_autoptr (GObject) server = NULL;
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (indicator->item), "dbus-menu-server"))
    g_object_get (indicator->item, "dbus-menu-server", &server, NULL);
  if (server && g_object_class_find_property (G_OBJECT_GET_CLASS (server), "root-node"))
    g_object_get (server, "root-node", &indicator->menu_root, NULL);
  if (indicator->menu_root && g_signal_lookup ("about-to-show", G_OBJECT_TYPE (indicator->menu_root)))
    g_signal_connect (indicator->menu_root, "about-to-show", G_CALLBACK (on_root_about_to_show), indicator);
}

OcsIndicator *
ocs_indicator_new (const char *icon_dir, OcsIndicatorChosen on_chosen, OcsIndicatorOpened on_opened, gpointer user_data)
{
  OcsIndicator *indicator = g_new0 (OcsIndicator, 1);
  indicator->on_chosen = on_chosen;
  indicator->on_opened = on_opened;
  indicator->user_data = user_data;
  indicator->items = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  indicator->menu = GTK_MENU_SHELL (g_object_ref_sink (gtk_menu_new ()));
  indicator->item = app_indicator_new ("ocs-companion", "ocs-companion-well-symbolic", APP_INDICATOR_CATEGORY_SYSTEM_SERVICES);
  disarm_fallback (indicator->item);
  if (icon_dir)
    app_indicator_set_icon_theme_path (indicator->item, icon_dir);
  return indicator;
}

void
ocs_indicator_free (OcsIndicator *indicator)
{
  if (indicator->menu_root)
    g_signal_handlers_disconnect_by_data (indicator->menu_root, indicator);
  g_clear_object (&indicator->menu_root);
  g_clear_object (&indicator->item);
  g_hash_table_unref (indicator->items);
  gtk_widget_destroy (GTK_WIDGET (indicator->menu));
  g_object_unref (indicator->menu);
  g_free (indicator->icon);
  g_free (indicator->title);
  g_free (indicator->description);
  g_free (indicator->label);
  g_free (indicator);
}

static void
on_item_activate (GtkMenuItem *item, gpointer user_data)
{
  OcsIndicator *indicator = user_data;
  OcsRow row = {.id = g_object_get_data (G_OBJECT (item), "ocs-id"),
                .kind = (OcsRowKind)GPOINTER_TO_INT (g_object_get_data (G_OBJECT (item), "ocs-kind")),
                .sensitive = TRUE};
  indicator->on_chosen (&row, indicator->user_data);
}

/* A panel takes an underscore for a mnemonic, and the library passes labels on as they are. */
static char *
escape (const char *label)
{
  g_auto (GStrv) parts = g_strsplit (label, "_", -1);
  return g_strjoinv ("__", parts);
}

static GtkWidget *
item_new (OcsIndicator *indicator, const OcsRow *row)
{
  if (row->kind == OCS_ROW_SEPARATOR)
    return gtk_separator_menu_item_new ();
  GtkWidget *item = gtk_menu_item_new_with_mnemonic ("");
  g_object_set_data_full (G_OBJECT (item), "ocs-id", g_strdup (row->id), g_free);
  g_object_set_data (G_OBJECT (item), "ocs-kind", GINT_TO_POINTER (row->kind));
  g_signal_connect (item, "activate", G_CALLBACK (on_item_activate), indicator);
  if (g_strcmp0 (row->id, "open") == 0)
    app_indicator_set_secondary_activate_target (indicator->item, item);
  return item;
}

/* position: where row belongs among all items; on return behind it. Rows keep their order for ever, so nothing ever moves. */
static void
show_row (OcsIndicator *indicator, const OcsRow *row, int *position)
{
  GtkWidget *item = g_hash_table_lookup (indicator->items, row->id);
  if (item == NULL) {
    item = item_new (indicator, row);
    gtk_menu_shell_insert (indicator->menu, item, *position);
    g_hash_table_insert (indicator->items, g_strdup (row->id), item);
  }
  g_autofree char *label = row->label ? escape (row->label) : NULL;
  if (label && g_strcmp0 (gtk_menu_item_get_label (GTK_MENU_ITEM (item)), label) != 0)
    gtk_menu_item_set_label (GTK_MENU_ITEM (item), label);
  if (gtk_widget_get_sensitive (item) != (row->sensitive || row->kind == OCS_ROW_SEPARATOR))
    gtk_widget_set_sensitive (item, row->sensitive);
  if (!gtk_widget_get_visible (item))
    gtk_widget_show (item);
  g_autoptr (GList) children = gtk_container_get_children (GTK_CONTAINER (indicator->menu));
  *position = g_list_index (children, item) + 1;
}

static gboolean
has_row (const OcsMenu *menu, const char *id)
{
  for (guint i = 0; i < menu->rows->len; i++) {
    const OcsRow *row = g_ptr_array_index (menu->rows, i);
    if (g_strcmp0 (row->id, id) == 0)
      return TRUE;
  }
  return FALSE;
}

static void
hide_missing (OcsIndicator *indicator, const OcsMenu *menu)
{
  GHashTableIter iter;
  gpointer id, item;
  g_hash_table_iter_init (&iter, indicator->items);
  while (g_hash_table_iter_next (&iter, &id, &item))
    if (!has_row (menu, id) && gtk_widget_get_visible (item))
      gtk_widget_hide (item);
}

/* Whether *shown differs from text; it is text from then on. */
static gboolean
changed (char **shown, const char *text)
{
  if (g_strcmp0 (*shown, text) == 0)
    return FALSE;
  g_free (*shown);
  *shown = g_strdup (text);
  return TRUE;
}

static void
show_face (OcsIndicator *indicator, const OcsMenu *menu)
{
  gboolean icon = changed (&indicator->icon, menu->icon);
  gboolean description = changed (&indicator->description, menu->description);
  if (icon || description)
    app_indicator_set_icon_full (indicator->item, menu->icon, menu->description);
  if (changed (&indicator->title, menu->title))
    app_indicator_set_title (indicator->item, menu->title);
  if (changed (&indicator->label, menu->label))
    app_indicator_set_label (indicator->item, menu->label, LABEL_GUIDE);
}

void
ocs_indicator_show (OcsIndicator *indicator, const OcsMenu *menu)
{
  int position = 0;
  for (guint i = 0; i < menu->rows->len; i++)
    show_row (indicator, g_ptr_array_index (menu->rows, i), &position);
  hide_missing (indicator, menu);
  show_face (indicator, menu);
  if (app_indicator_get_menu (indicator->item))
    return;
  app_indicator_set_menu (indicator->item, GTK_MENU (indicator->menu));
  app_indicator_set_status (indicator->item, APP_INDICATOR_STATUS_ACTIVE);
  follow_opening (indicator);
}
