/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings: to be read by everybody within his rights, to be changed once they are unlocked, for which the worker may want an
 * administrator's password. */
#define G_LOG_DOMAIN "ocs-settings"
#include "ipc/error.h"
#include "ipc/json.h"
#include "tray/late.h"
#include "tray/pane.h"
#include "tray/panes/knob-row.h"
#include "tray/trial.h"
#include "tray/view/words.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

#define CONFIG "/ocsinventory.ini"
#define DATA "ocs-settings"
#define LEAST_WIDTH 500

typedef struct {
  OcsModel *model;  /* borrowed: outlives us */
  GtkWidget *stack; /* borrowed from the page, like the rest */
  GtkWidget *trouble;
  GtkWidget *refusal; /* the same above the buttons, while they are to be read */
  GtkWidget *locked;  /* what stands below the list while they are to be read, and while they may be changed */
  GtkWidget *unlocked;
  GtkWidget *search;
  GtkWidget *list;
  GtkWidget *said;
  GtkWidget *trial; /* and the box that it stands in */
  GtkWidget *trial_box;
  GtkWidget *test;
  GtkWidget *save;
  GPtrArray *knobs; /* owned, nullable until they are known */
  gboolean checking;
  gboolean asking;  /* to read them; once is enough at a time */
  gboolean refused; /* an older worker does that, and may have wanted a password first: nobody asks it again by himself */
  gboolean may_change;
} Settings;

static void
call (Settings *settings, const char *method, JsonObject *parameters, OcsLateFunc func)
{
  ocs_late_call (settings->model, settings->stack, DATA, method, parameters, func);
}

static void
say_error (GtkWidget *label, const GError *error)
{
  g_autofree char *words = ocs_words_error (error);

  ocs_label_set (label, words);
}

static void
check_buttons (Settings *settings)
{
  gboolean can_save = settings->knobs != NULL && ocs_knobs_can_save (settings->knobs);

  gtk_widget_set_sensitive (settings->test, can_save);
  gtk_widget_set_sensitive (settings->save, can_save);
}

/* What was tried is not what stands there now. */
static void
hide_trial (Settings *settings)
{
  ocs_trial_clear (settings->trial);
  ocs_widget_set_visible (settings->trial_box, FALSE);
}

static void
on_knob_change (gpointer user_data)
{
  Settings *settings = user_data;

  ocs_label_set (settings->said, NULL);
  hide_trial (settings);
  check_buttons (settings);
}

static gboolean
is_visible (GtkListBoxRow *row, gpointer user_data)
{
  Settings *settings = user_data;
  const OcsKnob *knob = settings->knobs != NULL ? settings->knobs->pdata[gtk_list_box_row_get_index (row)] : NULL;

  return knob != NULL && ocs_knob_matches (knob, gtk_entry_get_text (GTK_ENTRY (settings->search)));
}

static void
fill (Settings *settings, JsonObject *reply, gboolean may_change)
{
  GPtrArray *knobs = ocs_knobs_parse (reply, CONFIG);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (settings->list), 0)) != NULL)
    gtk_widget_destroy (GTK_WIDGET (row));
  g_clear_pointer (&settings->knobs, g_ptr_array_unref);
  settings->knobs = knobs;
  settings->may_change = may_change;
  for (guint i = 0; i < knobs->len; i++)
    gtk_list_box_insert (
        GTK_LIST_BOX (settings->list),
        may_change ? ocs_knob_row_new (knobs->pdata[i], on_knob_change, settings) : ocs_knob_row_new_plain (knobs->pdata[i]), -1);
  ocs_label_set (settings->trouble, NULL);
  ocs_label_set (settings->refusal, NULL);
  ocs_widget_set_visible (settings->locked, !may_change);
  ocs_widget_set_visible (settings->unlocked, may_change);
  check_buttons (settings);
  gtk_stack_set_visible_child_name (GTK_STACK (settings->stack), "list");
}

/* What stands there already goes on standing there. */
static void
on_plain_settings (gpointer owner, JsonObject *reply, const GError *error)
{
  Settings *settings = owner;

  settings->asking = FALSE;
  settings->refused = error != NULL && !g_error_matches (error, OCS_ERROR, OCS_ERROR_UNREACHABLE);
  if (settings->may_change)
    return;
  if (reply != NULL)
    fill (settings, reply, FALSE);
  else if (settings->knobs == NULL)
    say_error (settings->trouble, error);
}

static void
on_all_settings (gpointer owner, JsonObject *reply, const GError *error)
{
  Settings *settings = owner;

  if (reply != NULL) {
    fill (settings, reply, TRUE);
    return;
  }
  say_error (settings->trouble, error);
  say_error (settings->refusal, error);
}

static void
read_all (Settings *settings)
{
  JsonObject *parameters = json_object_new ();

  json_object_set_boolean_member (parameters, "all", TRUE);
  call (settings, "GetSettings", parameters, on_all_settings);
}

static void
on_unlock_clicked (GtkButton *button, gpointer user_data)
{
  read_all (user_data);
}

/* The worker's own words: they name the line and what to do. */
static void
say_warnings (Settings *settings, JsonObject *reply)
{
  g_autoptr (GString) text = g_string_new (settings->checking ? _ ("All of it can be saved.") : _ ("Saved."));
  JsonArray *warnings = ocs_json_array (reply, "warnings");

  for (guint i = 0; warnings != NULL && i < json_array_get_length (warnings); i++) {
    JsonNode *node = json_array_get_element (warnings, i);
    g_autofree char *words =
        JSON_NODE_HOLDS_VALUE (node) && json_node_get_string (node) != NULL ? ocs_words_sentence (json_node_get_string (node)) : NULL;

    if (words != NULL)
      g_string_append_printf (text, "\n%s", words);
  }
  ocs_label_set (settings->said, text->str);
}

static void
on_configured (gpointer owner, JsonObject *reply, const GError *error)
{
  Settings *settings = owner;

  check_buttons (settings);
  if (reply == NULL) {
    say_error (settings->said, error);
    return;
  }
  say_warnings (settings, reply);
  if (!settings->checking) {
    hide_trial (settings);
    read_all (settings);
  } else if (ocs_knobs_touch_way (settings->knobs)) {
    ocs_widget_set_visible (settings->trial_box, TRUE);
    ocs_trial_start (settings->trial);
  }
}

static void
configure (Settings *settings, gboolean check)
{
  JsonObject *parameters = json_object_new ();

  settings->checking = check;
  gtk_widget_set_sensitive (settings->test, FALSE);
  gtk_widget_set_sensitive (settings->save, FALSE);
  json_object_set_array_member (parameters, "values", ocs_knobs_assignments (settings->knobs));
  json_object_set_boolean_member (parameters, "check", check);
  call (settings, "Configure", parameters, on_configured);
}

static void
on_test_clicked (GtkButton *button, gpointer user_data)
{
  configure (user_data, TRUE);
}

static void
on_save_clicked (GtkButton *button, gpointer user_data)
{
  configure (user_data, FALSE);
}

static void
on_search_changed (GtkSearchEntry *entry, gpointer user_data)
{
  gtk_list_box_invalidate_filter (GTK_LIST_BOX (((Settings *)user_data)->list));
}

/* To unlock them, or to go through them page by page. */
static GtkWidget *
unlock_buttons_new (Settings *settings)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  GtkWidget *unlock = ocs_button_new (_ ("_Unlock"));
  GtkWidget *steps = ocs_button_new (_ ("Set up _step by step…"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (steps), "app.setup");
  gtk_widget_set_tooltip_text (unlock, _ ("To change them; an administrator's password may be asked for."));
  gtk_container_add (GTK_CONTAINER (box), unlock);
  gtk_container_add (GTK_CONTAINER (box), steps);
  g_signal_connect (unlock, "clicked", G_CALLBACK (on_unlock_clicked), settings);
  return box;
}

/* While nothing is known of them. */
static GtkWidget *
ask_new (Settings *settings)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE);

  settings->trouble = ocs_label_new (NULL, NULL);
  gtk_container_set_border_width (GTK_CONTAINER (box), OCS_SPACE_WIDE);
  gtk_container_add (GTK_CONTAINER (box), ocs_label_new (_ ("The settings are for administrators to change."), NULL));
  gtk_container_add (GTK_CONTAINER (box), settings->trouble);
  gtk_container_add (GTK_CONTAINER (box), unlock_buttons_new (settings));
  return box;
}

static GtkWidget *
locked_bar_new (Settings *settings)
{
  GtkWidget *bar = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);

  settings->refusal = ocs_label_new (NULL, NULL);
  gtk_container_add (GTK_CONTAINER (bar), ocs_label_new (_ ("The settings are for administrators to change."), NULL));
  gtk_container_add (GTK_CONTAINER (bar), settings->refusal);
  gtk_container_add (GTK_CONTAINER (bar), unlock_buttons_new (settings));
  gtk_container_set_border_width (GTK_CONTAINER (bar), OCS_SPACE);
  return bar;
}

static GtkWidget *
action_bar_new (Settings *settings)
{
  GtkWidget *bar = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);

  settings->said = ocs_label_new (NULL, NULL);
  settings->test = ocs_button_new (_ ("_Test"));
  settings->save = ocs_button_new (_ ("_Save"));
  gtk_style_context_add_class (gtk_widget_get_style_context (settings->save), GTK_STYLE_CLASS_SUGGESTED_ACTION);
  gtk_container_set_border_width (GTK_CONTAINER (bar), OCS_SPACE);
  gtk_box_pack_start (GTK_BOX (bar), settings->said, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (bar), settings->save, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (bar), settings->test, FALSE, FALSE, 0);
  g_signal_connect (settings->test, "clicked", G_CALLBACK (on_test_clicked), settings);
  g_signal_connect (settings->save, "clicked", G_CALLBACK (on_save_clicked), settings);
  return bar;
}

static JsonObject *
trial_parameters (gpointer user_data)
{
  const Settings *settings = user_data;
  JsonObject *parameters = json_object_new ();

  json_object_set_array_member (parameters, "values", ocs_knobs_assignments (settings->knobs));
  return parameters;
}

/* Above the buttons, and only while there is something to be read. */
static GtkWidget *
trial_box_new (Settings *settings)
{
  settings->trial = ocs_trial_new (settings->model, NULL, _ ("The way to the server, with what is changed here. Nothing is saved."),
                                   trial_parameters, settings);
  settings->trial_box = ocs_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_container_set_border_width (GTK_CONTAINER (settings->trial), OCS_SPACE);
  gtk_container_add (GTK_CONTAINER (settings->trial_box), settings->trial);
  gtk_style_context_add_class (gtk_widget_get_style_context (settings->trial_box), GTK_STYLE_CLASS_VIEW);
  ocs_widget_set_visible (settings->trial_box, FALSE);
  return settings->trial_box;
}

static GtkWidget *
list_new (Settings *settings)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *body = ocs_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *frame = ocs_list_new (_ ("Settings"), &settings->list);

  /* A window is at least as high as what is in it would be at its narrowest. */
  gtk_widget_set_size_request (box, LEAST_WIDTH, -1);
  settings->search = gtk_search_entry_new ();
  gtk_entry_set_placeholder_text (GTK_ENTRY (settings->search), _ ("Search the settings"));
  ocs_widget_set_name (settings->search, _ ("Search the settings"));
  gtk_widget_set_margin_start (settings->search, OCS_SPACE_WIDE);
  gtk_widget_set_margin_end (settings->search, OCS_SPACE_WIDE);
  gtk_widget_set_margin_top (settings->search, OCS_SPACE);
  gtk_widget_set_visible (settings->search, TRUE);
  gtk_list_box_set_filter_func (GTK_LIST_BOX (settings->list), is_visible, settings, NULL);
  gtk_container_add (GTK_CONTAINER (body), frame);
  gtk_container_add (GTK_CONTAINER (box), settings->search);
  gtk_container_add (GTK_CONTAINER (box), ocs_page_scroller_new (body, _ ("Settings")));
  gtk_container_add (GTK_CONTAINER (box), trial_box_new (settings));
  settings->locked = locked_bar_new (settings);
  settings->unlocked = action_bar_new (settings);
  gtk_container_add (GTK_CONTAINER (box), settings->locked);
  gtk_container_add (GTK_CONTAINER (box), settings->unlocked);
  g_signal_connect (settings->search, "search-changed", G_CALLBACK (on_search_changed), settings);
  return box;
}

static void
settings_free (gpointer data)
{
  Settings *settings = data;

  g_clear_pointer (&settings->knobs, g_ptr_array_unref);
  g_free (settings);
}

/* An answer that comes later finds nothing. */
static void
on_pane_destroy (GtkWidget *pane, gpointer user_data)
{
  g_object_set_data (G_OBJECT (pane), DATA, NULL);
}

static GtkWidget *
create (OcsModel *model)
{
  Settings *settings = g_new0 (Settings, 1);

  settings->model = model;
  settings->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (settings->stack), ask_new (settings), "ask");
  gtk_stack_add_named (GTK_STACK (settings->stack), list_new (settings), "list");
  g_object_set_data_full (G_OBJECT (settings->stack), DATA, settings, settings_free);
  g_signal_connect_after (settings->stack, "destroy", G_CALLBACK (on_pane_destroy), NULL);
  return settings->stack;
}

static void
read_plain (Settings *settings)
{
  if (settings->asking || settings->refused || settings->may_change)
    return;
  settings->asking = TRUE;
  call (settings, "GetSettings", NULL, on_plain_settings);
}

/* The status says nothing of the settings, but a worker that is there again may. */
static void
draw (GtkWidget *pane)
{
  Settings *settings = g_object_get_data (G_OBJECT (pane), DATA);

  if (settings->knobs == NULL && ocs_model_is_running (settings->model))
    read_plain (settings);
}

/* Somebody may have changed them meanwhile. */
static void
see (GtkWidget *pane)
{
  read_plain (g_object_get_data (G_OBJECT (pane), DATA));
}

const OcsPaneKind ocs_settings_pane = {
    .name = "settings", .title = N_ ("Settings"), .icon = "preferences-system-symbolic", .create = create, .draw = draw, .see = see};
