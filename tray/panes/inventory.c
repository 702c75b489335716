/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this machine tells the server, as a tree that can be searched; by the rights of who looks. The worker is asked in a thread when the
 * page is first seen; the thread gets a path and gives back a value, the page knows nothing of it but its cancellable. */
#define G_LOG_DOMAIN "ocs-inventory"
#include "ipc/error.h"
#include "ipc/names.h"
#include "ipc/status.h"
#include "ipc/wire.h"
#include "tray/pane.h"
#include "tray/view/export.h"
#include "tray/view/moment.h"
#include "tray/view/sections.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* Seconds without a byte; to collect takes a few. */
#define SILENCE 120
/* More than these are not unfolded by a search: nobody reads them, and the tree would be slow. */
#define UNFOLD_MAX 2000

enum { COLUMN_NAME, COLUMN_VALUE, COLUMN_WEIGHT, COLUMNS };

typedef struct {
  GtkBuilder *builder; /* owned */
  GtkTreeView *tree;   /* borrowed from builder, like the next two */
  GtkStack *stack;
  GtkSearchEntry *search;
  OcsModel *model;           /* borrowed: outlives us */
  OcsSections *sections;     /* owned, nullable; as shown */
  gint64 taken;              /* seconds since the epoch */
  GCancellable *cancellable; /* owned, nullable; while the worker is asked */
} Inventory;

static void load (Inventory *inventory);

static GtkWidget *
widget (Inventory *inventory, const char *name)
{
  return GTK_WIDGET (gtk_builder_get_object (inventory->builder, name));
}

static void
on_pane_destroy (GtkWidget *pane, gpointer user_data)
{
  Inventory *inventory = user_data;
  g_signal_handlers_disconnect_by_data (inventory->search, inventory);
  g_signal_handlers_disconnect_by_data (pane, inventory);
  g_object_set_data (G_OBJECT (pane), "ocs-inventory", NULL);
  if (inventory->cancellable)
    g_cancellable_cancel (inventory->cancellable);
  g_clear_object (&inventory->cancellable);
  g_clear_pointer (&inventory->sections, ocs_sections_free);
  g_object_unref (inventory->builder);
  g_free (inventory);
}

static void
ask (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  gboolean continues = TRUE;
  g_autoptr (OcsSections) sections = ocs_sections_new ();
  g_autoptr (OcsWire) wire = ocs_wire_open (data, SILENCE, cancellable, &error);
  if (wire && !ocs_wire_send (wire, OCS_WORKER_INTERFACE ".ShowInventory", NULL, OCS_WIRE_MORE, &error))
    continues = FALSE;
  while (wire && continues) {
    g_autoptr (JsonObject) reply = ocs_wire_receive (wire, &continues, &error);
    if (reply == NULL || !ocs_sections_add (sections, reply, &error))
      break;
  }
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&sections), (GDestroyNotify)ocs_sections_free);
}

/* The rows from start to end, which all stand in parent. From the last to the first, each at the front: a tree store counts all neighbours
 * before a new row, so the other way round many thousands would take seconds. */
static void
fill_store (GtkTreeStore *store, GtkTreeIter *parent, const GArray *rows, int depth, guint start, guint end)
{
  for (guint next = end; next > start; next--) {
    const OcsSectionRow *row = &g_array_index (rows, OcsSectionRow, next - 1);
    g_autofree char *count = NULL;
    GtkTreeIter iter;
    if (row->depth != depth)
      continue;
    if (depth == 0)
      count = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u entry", "%u entries", row->entries), row->entries);
    gtk_tree_store_insert_with_values (store, &iter, parent, 0, COLUMN_NAME, row->name, COLUMN_VALUE, count ? count : row->value,
                                       COLUMN_WEIGHT, depth == 0 ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL, -1);
    fill_store (store, &iter, rows, depth + 1, next, end);
    end = next - 1;
  }
}

static void
show_found (Inventory *inventory)
{
  const char *text = gtk_entry_get_text (GTK_ENTRY (inventory->search));
  if (inventory->sections == NULL)
    return;
  g_autoptr (GArray) rows = ocs_sections_rows (inventory->sections, text);
  g_autoptr (GtkTreeStore) store = gtk_tree_store_new (COLUMNS, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT);
  fill_store (store, NULL, rows, 0, 0, rows->len);
  gtk_tree_view_set_model (inventory->tree, GTK_TREE_MODEL (store));
  if (*text && rows->len <= UNFOLD_MAX)
    gtk_tree_view_expand_all (inventory->tree);
  gtk_stack_set_visible_child_name (inventory->stack, rows->len > 0 ? "tree" : "nothing");
}

static void
show_failure (Inventory *inventory, const GError *error)
{
  g_autoptr (OcsReason) reason = ocs_reason_new_from_error (error);
  g_autofree char *happened = ocs_words_reason (reason);
  g_autofree char *detail = ocs_words_detail (reason);
  const char *advice = ocs_words_advice (reason);
  if (g_error_matches (error, OCS_ERROR, OCS_ERROR_UNREACHABLE)) {
    g_free (happened);
    happened = g_strdup (ocs_words_state (OCS_STATE_NOT_RUNNING));
    advice = ocs_words_start ();
  }
  g_autofree char *more = g_strjoin ("\n", advice ? advice : (detail ? detail : ""), advice ? detail : NULL, NULL);
  gtk_label_set_text (GTK_LABEL (widget (inventory, "failure")), happened);
  gtk_label_set_text (GTK_LABEL (widget (inventory, "failure-more")), more);
  gtk_stack_set_visible_child_name (inventory->stack, "failed");
}

static void
set_busy (Inventory *inventory, gboolean busy)
{
  g_object_set (widget (inventory, "spinner"), "active", busy, NULL);
  gtk_widget_set_sensitive (widget (inventory, "again"), !busy);
  gtk_widget_set_sensitive (GTK_WIDGET (inventory->search), inventory->sections != NULL);
  gtk_widget_set_sensitive (widget (inventory, "copy"), inventory->sections != NULL);
  gtk_widget_set_sensitive (widget (inventory, "export"), inventory->sections != NULL);
  if (busy && inventory->sections == NULL)
    gtk_stack_set_visible_child_name (inventory->stack, "busy");
}

static void
show_count (Inventory *inventory)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *words = ocs_sections_words (inventory->sections);
  g_autofree char *when = ocs_moment_past (inventory->taken, now, zone);
  g_autofree char *taken = g_strdup_printf (C_ ("what there is, and when it was taken", "%s; taken %s"), words, when);
  g_autofree char *changes = ocs_sections_changes (inventory->sections);
  g_autofree char *text = changes ? g_strdup_printf (C_ ("what there is; what has changed", "%s; %s"), taken, changes) : g_strdup (taken);
  gtk_label_set_text (GTK_LABEL (widget (inventory, "count")), text);
}

static void
on_task_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  Inventory *inventory = user_data;
  g_autoptr (OcsSections) sections = g_task_propagate_pointer (G_TASK (result), &error);
  if (g_cancellable_is_cancelled (g_task_get_cancellable (G_TASK (result))))
    return; /* the page has gone */
  g_clear_object (&inventory->cancellable);
  g_clear_pointer (&inventory->sections, ocs_sections_free);
  inventory->sections = g_steal_pointer (&sections);
  set_busy (inventory, FALSE);
  gtk_label_set_text (GTK_LABEL (widget (inventory, "count")), "");
  if (inventory->sections == NULL) {
    show_failure (inventory, error);
    return;
  }
  inventory->taken = g_get_real_time () / G_USEC_PER_SEC;
  show_count (inventory);
  show_found (inventory);
  gtk_widget_grab_focus (GTK_WIDGET (inventory->search));
}

static void
load (Inventory *inventory)
{
  if (inventory->cancellable)
    return;
  inventory->cancellable = g_cancellable_new ();
  g_autoptr (GTask) task = g_task_new (NULL, inventory->cancellable, on_task_done, inventory);
  g_task_set_task_data (task, g_strdup (inventory->model->socket), g_free);
  g_task_run_in_thread (task, ask);
  set_busy (inventory, TRUE);
}

static void
on_again_clicked (GtkButton *button, gpointer user_data)
{
  load (user_data);
}

static void
on_search_changed (GtkSearchEntry *entry, gpointer user_data)
{
  show_found (user_data);
}

/* Escape empties the search first. */
static void
on_search_stopped (GtkSearchEntry *entry, gpointer user_data)
{
  gtk_entry_set_text (GTK_ENTRY (entry), "");
}

/* The selected row, to be pasted into a mail. */
static void
copy_row (Inventory *inventory)
{
  GtkTreeModel *model = NULL;
  GtkTreeIter iter;
  g_autofree char *name = NULL, *value = NULL;
  if (!gtk_tree_selection_get_selected (gtk_tree_view_get_selection (inventory->tree), &model, &iter))
    return;
  gtk_tree_model_get (model, &iter, COLUMN_NAME, &name, COLUMN_VALUE, &value, -1);
  g_autofree char *text = value ? g_strdup_printf ("%s: %s", name, value) : g_strdup (name);
  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (inventory->tree), GDK_SELECTION_CLIPBOARD), text, -1);
}

static GArray *
found_rows (Inventory *inventory)
{
  return ocs_sections_rows (inventory->sections, gtk_entry_get_text (GTK_ENTRY (inventory->search)));
}

static void
say (Inventory *inventory, const char *text)
{
  gtk_label_set_text (GTK_LABEL (widget (inventory, "count")), text);
}

static void
on_copy_clicked (GtkButton *button, gpointer user_data)
{
  Inventory *inventory = user_data;
  g_autoptr (GArray) rows = found_rows (inventory);
  g_autofree char *text = ocs_export_text (rows);
  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button), GDK_SELECTION_CLIPBOARD), text, -1);
  say (inventory, _ ("Copied"));
}

static void
on_exported (GObject *file, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) pane = user_data;
  g_autoptr (GError) error = NULL;
  gboolean written = g_file_replace_contents_finish (G_FILE (file), result, NULL, &error);
  Inventory *inventory = g_object_get_data (G_OBJECT (pane), "ocs-inventory");
  g_autofree char *name = g_file_get_parse_name (G_FILE (file));
  g_autofree char *text =
      written ? g_strdup_printf (_ ("Exported to %s"), name) : g_strdup_printf (_ ("It could not be exported: %s"), error->message);
  if (inventory)
    say (inventory, text);
}

static void
on_file_chosen (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  GtkWidget *pane = user_data;
  Inventory *inventory = g_object_get_data (G_OBJECT (pane), "ocs-inventory");
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog)) : NULL;
  if (inventory && inventory->sections && file) {
    g_autoptr (GArray) rows = found_rows (inventory);
    char *table = ocs_export_table (rows);
    g_autoptr (GBytes) bytes = g_bytes_new_take (table, strlen (table));
    g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_PRIVATE, NULL, on_exported, g_object_ref (pane));
  }
  g_object_unref (dialog);
}

static void
on_export_clicked (GtkButton *button, gpointer user_data)
{
  Inventory *inventory = user_data;
  GtkWidget *pane = widget (inventory, "pane");
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new (_ ("Export the inventory"), GTK_WINDOW (gtk_widget_get_toplevel (pane)),
                                                               GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autofree char *name = g_strdup_printf ("%s.csv", g_get_host_name ());
  gtk_file_chooser_set_do_overwrite_confirmation (GTK_FILE_CHOOSER (chooser), TRUE);
  gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (chooser), g_get_home_dir ());
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (chooser), name);
  g_signal_connect_object (chooser, "response", G_CALLBACK (on_file_chosen), pane, (GConnectFlags)0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static gboolean
on_pane_key (GtkWidget *pane, GdkEventKey *event, gpointer user_data)
{
  Inventory *inventory = user_data;
  GdkModifierType modifiers = event->state & gtk_accelerator_get_default_mod_mask ();
  if (modifiers == GDK_CONTROL_MASK && event->keyval == GDK_KEY_f) {
    gtk_widget_grab_focus (GTK_WIDGET (inventory->search));
    return GDK_EVENT_STOP;
  }
  if (modifiers == GDK_CONTROL_MASK && event->keyval == GDK_KEY_c && gtk_widget_has_focus (GTK_WIDGET (inventory->tree))) {
    copy_row (inventory);
    return GDK_EVENT_STOP;
  }
  return GDK_EVENT_PROPAGATE;
}

static GtkWidget *
create (OcsModel *model)
{
  Inventory *inventory = g_new0 (Inventory, 1);
  inventory->model = model;
  inventory->builder = gtk_builder_new_from_resource ("/org/ocscompanion/Tray/inventory.ui");
  inventory->tree = GTK_TREE_VIEW (widget (inventory, "tree"));
  inventory->stack = GTK_STACK (widget (inventory, "stack"));
  inventory->search = GTK_SEARCH_ENTRY (widget (inventory, "search"));
  GtkWidget *pane = widget (inventory, "pane");
  g_object_set_data (G_OBJECT (pane), "ocs-inventory", inventory);
  g_signal_connect (inventory->search, "search-changed", G_CALLBACK (on_search_changed), inventory);
  g_signal_connect (inventory->search, "stop-search", G_CALLBACK (on_search_stopped), inventory);
  g_signal_connect (widget (inventory, "copy"), "clicked", G_CALLBACK (on_copy_clicked), inventory);
  g_signal_connect (widget (inventory, "export"), "clicked", G_CALLBACK (on_export_clicked), inventory);
  g_signal_connect (widget (inventory, "again"), "clicked", G_CALLBACK (on_again_clicked), inventory);
  g_signal_connect (widget (inventory, "retry"), "clicked", G_CALLBACK (on_again_clicked), inventory);
  g_signal_connect (pane, "destroy", G_CALLBACK (on_pane_destroy), inventory);
  g_signal_connect (pane, "key-press-event", G_CALLBACK (on_pane_key), inventory);
  return pane;
}

/* The worker's status says nothing of the inventory. */
static void
draw (GtkWidget *pane)
{
}

static void
see (GtkWidget *pane)
{
  Inventory *inventory = g_object_get_data (G_OBJECT (pane), "ocs-inventory");
  if (inventory->sections == NULL)
    load (inventory);
}

const OcsPaneKind ocs_inventory_pane = {
    .name = "inventory", .title = N_ ("Inventory"), .icon = "view-list-symbolic", .create = create, .draw = draw, .see = see};
