/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer is the worker's to accept: the buttons are dead until it has said so, and what was decided is read from its next status. */
#define G_LOG_DOMAIN "ocs-dialog"
#include "tray/dialog.h"

#include "ipc/error.h"
#include "tray/ask-face.h"
#include "tray/late.h"
#include "tray/view/words.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

#define WIDTH 480
#define DATA "ocs-dialog"

struct _OcsDialog {
  OcsModel *model;   /* borrowed: outlives us */
  GtkWidget *window; /* borrowed: destroyed by us */
  OcsAskFace face;   /* its widgets are in the window */
  char *id;          /* owned, nullable until the first draw; of the question, like the next */
  gint64 serial;
  gboolean paused;
};

static void
say (OcsDialog *dialog, const GError *error)
{
  g_autoptr (OcsReason) reason = ocs_reason_new_from_error (error);
  g_autofree char *detail = ocs_words_detail (reason);
  g_autofree char *happened = ocs_words_reason (reason);
  gboolean own = detail && g_error_matches (error, OCS_ERROR, OCS_ERROR_REFUSED);
  if (g_error_matches (error, OCS_ERROR, OCS_ERROR_NOT_FOUND))
    ocs_label_set (dialog->face.said, _ ("This question has been answered already."));
  else
    ocs_label_set (dialog->face.said, own ? detail : happened);
}

static void
on_answered (gpointer owner, JsonObject *reply, const GError *error)
{
  OcsDialog *dialog = owner;
  gtk_widget_set_sensitive (dialog->face.stack, TRUE);
  gtk_widget_set_sensitive (dialog->face.pause, TRUE);
  if (reply == NULL)
    say (dialog, error);
  else if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (dialog->face.stack)), "sure") == 0)
    ocs_ask_face_turn (&dialog->face, "answers");
}

static void
begin_answer (OcsDialog *dialog)
{
  gtk_widget_set_sensitive (dialog->face.stack, FALSE);
  gtk_widget_set_sensitive (dialog->face.pause, FALSE);
  ocs_label_set (dialog->face.said, NULL);
}

static void
answer (OcsDialog *dialog, OcsAnswer with, gint64 minutes)
{
  begin_answer (dialog);
  ocs_late_call (dialog->model, dialog->window, DATA, "Answer", ocs_ask_answer (dialog->id, dialog->serial, with, minutes), on_answered);
}

static void
on_now_clicked (GtkButton *button, gpointer user_data)
{
  answer (user_data, OCS_ANSWER_NOW, 0);
}

static void
on_done_clicked (GtkButton *button, gpointer user_data)
{
  answer (user_data, OCS_ANSWER_DONE, 0);
}

static void
on_pause_clicked (GtkButton *button, gpointer user_data)
{
  OcsDialog *dialog = user_data;
  answer (dialog, dialog->paused ? OCS_ANSWER_RESUME : OCS_ANSWER_PAUSE, 0);
}

static void
on_later_activate (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  answer (user_data, OCS_ANSWER_LATER, g_variant_get_int64 (parameter));
}

/* Final for the console, so it is asked twice. */
static void
on_cancel_clicked (GtkButton *button, gpointer user_data)
{
  OcsDialog *dialog = user_data;
  ocs_ask_face_turn (&dialog->face, "sure");
}

static void
on_back_clicked (GtkButton *button, gpointer user_data)
{
  OcsDialog *dialog = user_data;
  ocs_ask_face_turn (&dialog->face, "answers");
}

static void
on_sure_clicked (GtkButton *button, gpointer user_data)
{
  answer (user_data, OCS_ANSWER_CANCEL, 0);
}

static void
on_close_clicked (GtkButton *button, gpointer user_data)
{
  OcsDialog *dialog = user_data;
  gtk_widget_hide (dialog->window);
}

/* tag: nullable: never ask again. */
static void
set_tag (OcsDialog *dialog, const char *tag)
{
  JsonObject *parameters = json_object_new ();
  if (tag)
    json_object_set_string_member (parameters, "tag", tag);
  begin_answer (dialog);
  ocs_late_call (dialog->model, dialog->window, DATA, "SetTag", parameters, on_answered);
}

static void
on_tag_changed (GtkEditable *entry, gpointer user_data)
{
  OcsDialog *dialog = user_data;
  const char *why = NULL;
  g_autofree char *tag = ocs_ask_tag (gtk_entry_get_text (GTK_ENTRY (entry)), &why);
  ocs_label_set (dialog->face.said, why);
  gtk_widget_set_sensitive (dialog->face.set_tag, tag != NULL);
}

static void
on_tag_set (GtkWidget *widget, gpointer user_data)
{
  OcsDialog *dialog = user_data;
  const char *why = NULL;
  g_autofree char *tag = ocs_ask_tag (gtk_entry_get_text (GTK_ENTRY (dialog->face.entry)), &why);
  if (tag)
    set_tag (dialog, tag);
}

static void
on_never_clicked (GtkButton *button, gpointer user_data)
{
  set_tag (user_data, NULL);
}

static gboolean
on_window_key (GtkWidget *window, GdkEventKey *event, gpointer user_data)
{
  if (event->keyval != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_hide (window);
  return GDK_EVENT_STOP;
}

static void
add_actions (OcsDialog *dialog)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) later = g_simple_action_new ("later", G_VARIANT_TYPE_INT64);
  g_signal_connect (later, "activate", G_CALLBACK (on_later_activate), dialog);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (later));
  gtk_widget_insert_action_group (dialog->window, "ask", G_ACTION_GROUP (group));
}

static void
hook (OcsDialog *dialog, GtkWidget *button, GCallback callback)
{
  g_signal_connect (button, "clicked", callback, dialog);
}

static void
hook_face (OcsDialog *dialog)
{
  const OcsAskFace *face = &dialog->face;
  hook (dialog, face->now, G_CALLBACK (on_now_clicked));
  hook (dialog, face->done, G_CALLBACK (on_done_clicked));
  hook (dialog, face->pause, G_CALLBACK (on_pause_clicked));
  hook (dialog, face->cancel, G_CALLBACK (on_cancel_clicked));
  hook (dialog, face->sure, G_CALLBACK (on_sure_clicked));
  hook (dialog, face->back, G_CALLBACK (on_back_clicked));
  hook (dialog, face->set_tag, G_CALLBACK (on_tag_set));
  hook (dialog, face->never, G_CALLBACK (on_never_clicked));
  hook (dialog, face->close, G_CALLBACK (on_close_clicked));
  g_signal_connect (face->entry, "changed", G_CALLBACK (on_tag_changed), dialog);
  g_signal_connect (face->entry, "activate", G_CALLBACK (on_tag_set), dialog);
}

static void
add_title_bar (OcsDialog *dialog)
{
  GtkWidget *bar = gtk_header_bar_new ();
  GtkWidget *head = gtk_label_new (_ ("OCS Companion"));
  gtk_header_bar_set_show_close_button (GTK_HEADER_BAR (bar), TRUE);
  /* The window's own title is the question, which may be long; it is in the window. */
  gtk_header_bar_set_custom_title (GTK_HEADER_BAR (bar), head);
  gtk_style_context_add_class (gtk_widget_get_style_context (head), "title");
  gtk_widget_set_visible (head, TRUE);
  ocs_widget_set_name (bar, _ ("Title bar"));
  gtk_widget_set_visible (bar, TRUE);
  gtk_window_set_titlebar (GTK_WINDOW (dialog->window), bar);
}

OcsDialog *
ocs_dialog_new (GtkApplication *application, OcsModel *model)
{
  OcsDialog *dialog = g_new0 (OcsDialog, 1);
  dialog->model = model;
  dialog->window = gtk_application_window_new (application);
  add_title_bar (dialog);
  gtk_window_set_default_size (GTK_WINDOW (dialog->window), WIDTH, -1);
  gtk_window_set_focus_on_map (GTK_WINDOW (dialog->window), FALSE);
  gtk_window_set_type_hint (GTK_WINDOW (dialog->window), GDK_WINDOW_TYPE_HINT_DIALOG);
  gtk_container_add (GTK_CONTAINER (dialog->window), ocs_ask_face_build (&dialog->face));
  hook_face (dialog);
  add_actions (dialog);
  g_object_set_data (G_OBJECT (dialog->window), DATA, dialog);
  g_signal_connect (dialog->window, "delete-event", G_CALLBACK (gtk_widget_hide_on_delete), NULL);
  g_signal_connect (dialog->window, "key-press-event", G_CALLBACK (on_window_key), dialog);
  return dialog;
}

void
ocs_dialog_free (OcsDialog *dialog)
{
  g_object_set_data (G_OBJECT (dialog->window), DATA, NULL);
  gtk_widget_destroy (dialog->window);
  ocs_ask_face_clear (&dialog->face);
  g_free (dialog->id);
  g_free (dialog);
}

gboolean
ocs_dialog_draw (OcsDialog *dialog, const OcsQuestion *question)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (OcsAsk) ask = ocs_ask_build (question, g_get_real_time () / G_USEC_PER_SEC, zone);
  if (dialog->serial != question->serial)
    ocs_label_set (dialog->face.said, NULL);
  g_free (dialog->id);
  dialog->id = g_strdup (question->id);
  dialog->serial = question->serial;
  dialog->paused = question->paused;
  if (g_strcmp0 (gtk_window_get_title (GTK_WINDOW (dialog->window)), ask->title) != 0)
    gtk_window_set_title (GTK_WINDOW (dialog->window), ask->title);
  ocs_ask_face_draw (&dialog->face, ask);
  return ask->counts;
}

void
ocs_dialog_present (OcsDialog *dialog, gboolean asked_for)
{
  if (asked_for)
    gtk_window_present (GTK_WINDOW (dialog->window));
  else
    gtk_widget_show (dialog->window);
}

gboolean
ocs_dialog_is_shown (OcsDialog *dialog)
{
  return gtk_widget_get_mapped (dialog->window);
}
