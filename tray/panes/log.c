/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's log, for administrators. It is read only when somebody asks for it, as the worker may want a password for that, and only for
 * as long as the page is seen. */
#define G_LOG_DOMAIN "ocs-log"
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/status.h"
#include "tray/feed.h"
#include "tray/pane.h"
#include "tray/view/words.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define FIRST 500 /* lines */
#define KEPT 2000 /* older ones go */

enum { COLUMN_TIME, COLUMN_LEVEL, COLUMN_TEXT, COLUMN_GRAVE, COLUMN_FOLDED, COLUMNS };

typedef struct {
  OcsModel *model;  /* borrowed: outlives us */
  GtkWidget *stack; /* borrowed from the page, like the next six */
  GtkWidget *trouble;
  GtkWidget *search;
  GtkWidget *grave;
  GtkWidget *follow;
  GtkWidget *tree;
  GtkListStore *store;         /* owned */
  GtkTreeModelFilter *visible; /* owned */
  char *sought;                /* owned; folded */
  OcsFeed *feed;               /* owned, nullable: while the log is read */
  gboolean wanted;             /* somebody asked for it */
} Log;

static const char *
level_words (const char *level)
{
  if (g_strcmp0 (level, "error") == 0)
    return _ ("Error");
  if (g_strcmp0 (level, "warning") == 0)
    return _ ("Warning");
  return g_strcmp0 (level, "debug") == 0 ? _ ("Detail") : "";
}

static char *
clock_words (gint64 time)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (time);

  return date != NULL ? g_date_time_format (date, "%x %X") : g_strdup ("");
}

static void
scroll_down (Log *log)
{
  int rows = gtk_tree_model_iter_n_children (GTK_TREE_MODEL (log->visible), NULL);

  if (rows > 0 && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (log->follow))) {
    g_autoptr (GtkTreePath) path = gtk_tree_path_new_from_indices (rows - 1, -1);

    gtk_tree_view_scroll_to_cell (GTK_TREE_VIEW (log->tree), path, NULL, FALSE, 0, 0);
  }
}

static void
on_line (OcsFeed *feed, JsonObject *reply, gpointer user_data)
{
  Log *log = user_data;
  JsonObject *line = ocs_json_object (reply, "line");
  const char *text = line != NULL ? ocs_json_string (line, "text") : NULL;
  const char *level = line != NULL ? ocs_json_string (line, "level") : NULL;
  gboolean grave = g_strcmp0 (level, "error") == 0 || g_strcmp0 (level, "warning") == 0;
  g_autofree char *clock = line != NULL ? clock_words (ocs_json_int (line, "time", 0)) : NULL;
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;
  GtkTreeIter first;

  if (text == NULL)
    return;
  gtk_stack_set_visible_child_name (GTK_STACK (log->stack), "log");
  gtk_list_store_insert_with_values (log->store, NULL, -1, COLUMN_TIME, clock, COLUMN_LEVEL, level_words (level), COLUMN_TEXT, text,
                                     COLUMN_GRAVE, grave, COLUMN_FOLDED, folded, -1);
  if (gtk_tree_model_iter_n_children (GTK_TREE_MODEL (log->store), NULL) > KEPT
      && gtk_tree_model_get_iter_first (GTK_TREE_MODEL (log->store), &first))
    gtk_list_store_remove (log->store, &first);
  scroll_down (log);
}

static void
on_end (OcsFeed *feed, const GError *error, gpointer user_data)
{
  Log *log = user_data;
  g_autoptr (OcsReason) reason = error != NULL ? ocs_reason_new_from_error (error) : NULL;
  gboolean stopped = g_error_matches (error, OCS_ERROR, OCS_ERROR_UNREACHABLE);
  g_autofree char *words = stopped          ? g_strdup (ocs_words_state (OCS_STATE_NOT_RUNNING))
                           : reason != NULL ? ocs_words_reason (reason)
                                            : g_strdup (_ ("The worker has ended the log."));

  g_clear_pointer (&log->feed, ocs_feed_free);
  log->wanted = FALSE;
  ocs_label_set (log->trouble, words);
  gtk_stack_set_visible_child_name (GTK_STACK (log->stack), "ask");
}

static void
begin (Log *log)
{
  JsonObject *parameters = json_object_new ();

  json_object_set_int_member (parameters, "lines", FIRST);
  json_object_set_boolean_member (parameters, "follow", TRUE);
  gtk_list_store_clear (log->store);
  ocs_label_set (log->trouble, NULL);
  ocs_feed_free (log->feed);
  log->feed = ocs_feed_new (log->model->socket, "GetLog", parameters, 0, on_line, on_end, log);
}

static void
on_show_clicked (GtkButton *button, gpointer user_data)
{
  Log *log = user_data;

  log->wanted = TRUE;
  begin (log);
}

static void
on_pane_map (GtkWidget *pane, gpointer user_data)
{
  Log *log = user_data;

  if (log->wanted && log->feed == NULL)
    begin (log);
}

static void
on_pane_unmap (GtkWidget *pane, gpointer user_data)
{
  Log *log = user_data;

  g_clear_pointer (&log->feed, ocs_feed_free);
}

static gboolean
is_visible (GtkTreeModel *model, GtkTreeIter *iter, gpointer user_data)
{
  Log *log = user_data;
  g_autofree char *folded = NULL;
  gboolean grave = FALSE;

  gtk_tree_model_get (model, iter, COLUMN_GRAVE, &grave, COLUMN_FOLDED, &folded, -1);
  if (!grave && gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (log->grave)))
    return FALSE;
  return log->sought == NULL || *log->sought == '\0' || (folded != NULL && strstr (folded, log->sought) != NULL);
}

static void
on_filter_changed (GtkWidget *widget, gpointer user_data)
{
  Log *log = user_data;

  g_free (log->sought);
  log->sought = g_utf8_casefold (gtk_entry_get_text (GTK_ENTRY (log->search)), -1);
  gtk_tree_model_filter_refilter (log->visible);
  scroll_down (log);
}

static void
add_column (Log *log, const char *title, int column, gboolean wide)
{
  GtkCellRenderer *cell = gtk_cell_renderer_text_new ();
  GtkTreeViewColumn *made = gtk_tree_view_column_new_with_attributes (title, cell, "text", column, NULL);

  g_object_set (cell, "yalign", 0.0, NULL);
  if (wide)
    g_object_set (cell, "wrap-mode", PANGO_WRAP_WORD_CHAR, "wrap-width", 420, NULL);
  gtk_tree_view_append_column (GTK_TREE_VIEW (log->tree), made);
}

static GtkWidget *
tool_bar_new (Log *log)
{
  GtkWidget *bar = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  GtkWidget *checks = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_WIDE);

  log->search = gtk_search_entry_new ();
  log->grave = gtk_check_button_new_with_mnemonic (_ ("_Warnings and errors only"));
  log->follow = gtk_check_button_new_with_mnemonic (_ ("_Follow"));
  gtk_entry_set_placeholder_text (GTK_ENTRY (log->search), _ ("Search the log"));
  ocs_widget_set_name (log->search, _ ("Search the log"));
  gtk_widget_set_hexpand (log->search, TRUE);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (log->follow), TRUE);
  gtk_container_set_border_width (GTK_CONTAINER (bar), OCS_SPACE);
  gtk_container_add (GTK_CONTAINER (bar), log->search);
  gtk_container_add (GTK_CONTAINER (bar), checks);
  gtk_container_add (GTK_CONTAINER (checks), log->grave);
  gtk_container_add (GTK_CONTAINER (checks), log->follow);
  g_signal_connect (log->search, "search-changed", G_CALLBACK (on_filter_changed), log);
  g_signal_connect (log->grave, "toggled", G_CALLBACK (on_filter_changed), log);
  return bar;
}

static GtkWidget *
lines_new (Log *log)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scroller = gtk_scrolled_window_new (NULL, NULL);

  log->store = gtk_list_store_new (COLUMNS, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_BOOLEAN, G_TYPE_STRING);
  log->visible = GTK_TREE_MODEL_FILTER (gtk_tree_model_filter_new (GTK_TREE_MODEL (log->store), NULL));
  gtk_container_add (GTK_CONTAINER (box), tool_bar_new (log));
  gtk_tree_model_filter_set_visible_func (log->visible, is_visible, log, NULL);
  log->tree = gtk_tree_view_new_with_model (GTK_TREE_MODEL (log->visible));
  gtk_tree_view_set_enable_search (GTK_TREE_VIEW (log->tree), FALSE);
  ocs_widget_set_name (log->tree, _ ("Log"));
  add_column (log, _ ("Time"), COLUMN_TIME, FALSE);
  add_column (log, _ ("Weight"), COLUMN_LEVEL, FALSE);
  add_column (log, _ ("What was said"), COLUMN_TEXT, TRUE);
  gtk_container_add (GTK_CONTAINER (scroller), log->tree);
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_container_add (GTK_CONTAINER (box), scroller);
  gtk_widget_show_all (box);
  return box;
}

static GtkWidget *
ask_new (Log *log)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE);
  GtkWidget *button = ocs_button_new (_ ("_Show the log"));

  log->trouble = ocs_label_new (NULL, NULL);
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_container_set_border_width (GTK_CONTAINER (box), OCS_SPACE_WIDE);
  gtk_container_add (GTK_CONTAINER (box), ocs_label_new (_ ("What the worker has said lately is for administrators."), NULL));
  gtk_container_add (GTK_CONTAINER (box), log->trouble);
  gtk_container_add (GTK_CONTAINER (box), button);
  g_signal_connect (button, "clicked", G_CALLBACK (on_show_clicked), log);
  return box;
}

static void
log_free (gpointer data)
{
  Log *log = data;

  ocs_feed_free (log->feed);
  g_object_unref (log->visible);
  g_object_unref (log->store);
  g_free (log->sought);
  g_free (log);
}

static GtkWidget *
create (OcsModel *model)
{
  Log *log = g_new0 (Log, 1);

  log->model = model;
  log->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (log->stack), ask_new (log), "ask");
  gtk_stack_add_named (GTK_STACK (log->stack), lines_new (log), "log");
  g_object_set_data_full (G_OBJECT (log->stack), "ocs-log", log, log_free);
  g_signal_connect (log->stack, "map", G_CALLBACK (on_pane_map), log);
  g_signal_connect (log->stack, "unmap", G_CALLBACK (on_pane_unmap), log);
  return log->stack;
}

/* The status says nothing of the log. */
static void
draw (GtkWidget *pane)
{
}

const OcsPaneKind ocs_log_pane = {.name = "log", .title = N_ ("Log"), .icon = "text-x-generic-symbolic", .create = create, .draw = draw};
