/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer is the worker's to accept: the buttons are dead until it has said so, and what was decided is read from its next status. */
#define G_LOG_DOMAIN "ocs-dialog"
#include "tray/dialog.h"

#include "ipc/error.h"
#include "tray/view/ask.h"
#include "tray/view/words.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define WIDTH 480
/* A text of more bytes scrolls. */
#define TEXT_MAX 800
#define TEXT_HEIGHT 200
#define LINE_CHARS_MIN 36
#define FACE 48

struct _OcsDialog {
  OcsModel *model;   /* borrowed: outlives us */
  GtkWidget *window; /* borrowed: destroyed by us; all that follow are in it */
  GtkWidget *icon, *title, *text, *text_box, *long_text, *advice, *countdown, *pause, *bar, *ignored, *limits, *said;
  GtkWidget *stack; /* of the buttons: "answers", "sure", "tag" or "over" */
  GtkWidget *now, *later, *cancel, *done;
  GtkWidget *entry, *set_tag;
  char *id; /* owned, nullable until the first draw; of the question, like the next */
  gint64 serial;
  gboolean paused;
  char *delays; /* owned, nullable; the labels that the menu of delays was made of */
};

static void
say (OcsDialog *dialog, const GError *error)
{
  g_autoptr (OcsReason) reason = ocs_reason_new_from_error (error);
  g_autofree char *detail = ocs_words_detail (reason);
  g_autofree char *happened = ocs_words_reason (reason);
  gboolean own = detail && g_error_matches (error, OCS_ERROR, OCS_ERROR_REFUSED);
  if (g_error_matches (error, OCS_ERROR, OCS_ERROR_NOT_FOUND))
    ocs_label_set (dialog->said, _ ("This question has been answered already."));
  else
    ocs_label_set (dialog->said, own ? detail : happened);
}

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GtkWidget) window = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) reply = ocs_model_call_finish (result, &error);
  OcsDialog *dialog = g_object_get_data (G_OBJECT (window), "ocs-dialog");
  if (dialog == NULL)
    return;
  gtk_widget_set_sensitive (dialog->stack, TRUE);
  gtk_widget_set_sensitive (dialog->pause, TRUE);
  if (reply == NULL)
    say (dialog, error);
  else if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (dialog->stack)), "sure") == 0)
    gtk_stack_set_visible_child_name (GTK_STACK (dialog->stack), "answers");
}

static void
begin_answer (OcsDialog *dialog)
{
  gtk_widget_set_sensitive (dialog->stack, FALSE);
  gtk_widget_set_sensitive (dialog->pause, FALSE);
  ocs_label_set (dialog->said, NULL);
}

static void
answer (OcsDialog *dialog, OcsAnswer with, gint64 minutes)
{
  begin_answer (dialog);
  ocs_model_answer_async (dialog->model, dialog->id, dialog->serial, with, minutes, on_answered, g_object_ref (dialog->window));
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
  gtk_stack_set_visible_child_name (GTK_STACK (dialog->stack), "sure");
}

static void
on_back_clicked (GtkButton *button, gpointer user_data)
{
  OcsDialog *dialog = user_data;
  gtk_stack_set_visible_child_name (GTK_STACK (dialog->stack), "answers");
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
  ocs_model_call_async (dialog->model, "SetTag", parameters, on_answered, g_object_ref (dialog->window));
}

static void
on_tag_changed (GtkEditable *entry, gpointer user_data)
{
  OcsDialog *dialog = user_data;
  const char *why = NULL;
  g_autofree char *tag = ocs_ask_tag (gtk_entry_get_text (GTK_ENTRY (entry)), &why);
  ocs_label_set (dialog->said, why);
  gtk_widget_set_sensitive (dialog->set_tag, tag != NULL);
}

static void
on_tag_set (GtkWidget *widget, gpointer user_data)
{
  OcsDialog *dialog = user_data;
  const char *why = NULL;
  g_autofree char *tag = ocs_ask_tag (gtk_entry_get_text (GTK_ENTRY (dialog->entry)), &why);
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

static GtkWidget *
add_button (OcsDialog *dialog, GtkWidget *box, const char *label, GtkPackType end, GCallback callback)
{
  GtkWidget *button = ocs_button_new (label);
  if (end == GTK_PACK_END)
    gtk_box_pack_end (GTK_BOX (box), button, FALSE, FALSE, 0);
  else
    gtk_box_pack_start (GTK_BOX (box), button, FALSE, FALSE, 0);
  g_signal_connect (button, "clicked", callback, dialog);
  return button;
}

static GtkWidget *
answers_new (OcsDialog *dialog)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_TIGHT);
  dialog->cancel = add_button (dialog, box, "", GTK_PACK_START, G_CALLBACK (on_cancel_clicked));
  dialog->now = add_button (dialog, box, "", GTK_PACK_END, G_CALLBACK (on_now_clicked));
  dialog->done = add_button (dialog, box, "", GTK_PACK_END, G_CALLBACK (on_done_clicked));
  dialog->later = gtk_menu_button_new ();
  gtk_button_set_use_underline (GTK_BUTTON (dialog->later), TRUE);
  gtk_button_set_label (GTK_BUTTON (dialog->later), "");
  gtk_widget_set_valign (dialog->later, GTK_ALIGN_CENTER);
  gtk_box_pack_end (GTK_BOX (box), dialog->later, FALSE, FALSE, 0);
  gtk_style_context_add_class (gtk_widget_get_style_context (dialog->now), "suggested-action");
  gtk_style_context_add_class (gtk_widget_get_style_context (dialog->done), "suggested-action");
  return box;
}

static GtkWidget *
sure_new (OcsDialog *dialog)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  GtkWidget *words =
      ocs_label_new (_ ("It will not be offered again, and your administrator sees that it was refused. Are you sure?"), NULL);
  gtk_box_pack_start (GTK_BOX (box), words, TRUE, TRUE, 0);
  GtkWidget *sure = add_button (dialog, box, _ ("_Refuse for good"), GTK_PACK_END, G_CALLBACK (on_sure_clicked));
  add_button (dialog, box, _ ("_Back"), GTK_PACK_END, G_CALLBACK (on_back_clicked));
  gtk_style_context_add_class (gtk_widget_get_style_context (sure), "destructive-action");
  return box;
}

static GtkWidget *
tag_new (OcsDialog *dialog)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_TIGHT);
  dialog->entry = gtk_entry_new ();
  gtk_entry_set_max_length (GTK_ENTRY (dialog->entry), 255);
  ocs_widget_set_name (dialog->entry, _ ("TAG"));
  gtk_widget_set_visible (dialog->entry, TRUE);
  gtk_box_pack_start (GTK_BOX (box), dialog->entry, TRUE, TRUE, 0);
  dialog->set_tag = add_button (dialog, box, _ ("_Set"), GTK_PACK_END, G_CALLBACK (on_tag_set));
  add_button (dialog, box, _ ("_Never ask again"), GTK_PACK_END, G_CALLBACK (on_never_clicked));
  gtk_style_context_add_class (gtk_widget_get_style_context (dialog->set_tag), "suggested-action");
  gtk_widget_set_sensitive (dialog->set_tag, FALSE);
  g_signal_connect (dialog->entry, "changed", G_CALLBACK (on_tag_changed), dialog);
  g_signal_connect (dialog->entry, "activate", G_CALLBACK (on_tag_set), dialog);
  return box;
}

static GtkWidget *
over_new (OcsDialog *dialog)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_TIGHT);
  add_button (dialog, box, _ ("_Close"), GTK_PACK_END, G_CALLBACK (on_close_clicked));
  return box;
}

static GtkWidget *
buttons_new (OcsDialog *dialog)
{
  dialog->stack = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (dialog->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (dialog->stack), FALSE);
  gtk_stack_add_named (GTK_STACK (dialog->stack), answers_new (dialog), "answers");
  gtk_stack_add_named (GTK_STACK (dialog->stack), sure_new (dialog), "sure");
  gtk_stack_add_named (GTK_STACK (dialog->stack), tag_new (dialog), "tag");
  gtk_stack_add_named (GTK_STACK (dialog->stack), over_new (dialog), "over");
  gtk_widget_set_visible (dialog->stack, TRUE);
  return dialog->stack;
}

static GtkWidget *
words_new (OcsDialog *dialog)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE);
  dialog->title = ocs_title_new (NULL);
  dialog->text = ocs_label_new (NULL, NULL);
  dialog->advice = ocs_title_new (NULL);
  dialog->long_text = ocs_label_new (NULL, NULL);
  dialog->text_box = gtk_scrolled_window_new (NULL, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (dialog->text_box), GTK_POLICY_NEVER, GTK_POLICY_ALWAYS);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (dialog->text_box), TEXT_HEIGHT);
  gtk_container_add (GTK_CONTAINER (dialog->text_box), dialog->long_text);
  gtk_widget_set_visible (gtk_bin_get_child (GTK_BIN (dialog->text_box)), TRUE);
  gtk_label_set_yalign (GTK_LABEL (dialog->long_text), 0);
  ocs_widget_set_name (dialog->text_box, _ ("What your administrator says"));
  for (guint i = 0; i < 3; i++)
    gtk_label_set_width_chars (GTK_LABEL (((GtkWidget *[]) {dialog->title, dialog->text, dialog->advice})[i]), LINE_CHARS_MIN);
  gtk_container_add (GTK_CONTAINER (box), dialog->title);
  gtk_container_add (GTK_CONTAINER (box), dialog->text);
  gtk_box_pack_start (GTK_BOX (box), dialog->text_box, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (box), dialog->advice);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static GtkWidget *
time_new (OcsDialog *dialog)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  GtkWidget *line = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  dialog->countdown = ocs_label_new (NULL, NULL);
  dialog->pause = ocs_button_new ("");
  dialog->bar = gtk_progress_bar_new ();
  dialog->ignored = ocs_label_new (NULL, "dim-label");
  dialog->limits = ocs_label_new (NULL, "dim-label");
  dialog->said = ocs_label_new (NULL, NULL);
  gtk_label_set_width_chars (GTK_LABEL (dialog->ignored), LINE_CHARS_MIN);
  gtk_label_set_width_chars (GTK_LABEL (dialog->limits), LINE_CHARS_MIN);
  ocs_widget_set_name (dialog->bar, _ ("Time that is left"));
  g_signal_connect (dialog->pause, "clicked", G_CALLBACK (on_pause_clicked), dialog);
  gtk_box_pack_start (GTK_BOX (line), dialog->countdown, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (line), dialog->pause, FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (box), line);
  gtk_container_add (GTK_CONTAINER (box), dialog->bar);
  gtk_container_add (GTK_CONTAINER (box), dialog->ignored);
  gtk_container_add (GTK_CONTAINER (box), dialog->limits);
  gtk_container_add (GTK_CONTAINER (box), dialog->said);
  return box;
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

OcsDialog *
ocs_dialog_new (GtkApplication *application, OcsModel *model)
{
  OcsDialog *dialog = g_new0 (OcsDialog, 1);
  GtkWidget *body = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_WIDE);
  GtkWidget *top = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_WIDE);
  GtkWidget *bar = gtk_header_bar_new ();
  GtkWidget *head = gtk_label_new (_ ("OCS Companion"));
  dialog->model = model;
  dialog->window = gtk_application_window_new (application);
  dialog->icon = ocs_icon_new ("ocs-companion-needs-you", _ ("Question"), GTK_ICON_SIZE_DIALOG);
  gtk_image_set_pixel_size (GTK_IMAGE (dialog->icon), FACE);
  gtk_widget_set_valign (dialog->icon, GTK_ALIGN_START);
  gtk_header_bar_set_show_close_button (GTK_HEADER_BAR (bar), TRUE);
  /* The window's own title is the question, which may be long; it is in the window. */
  gtk_header_bar_set_custom_title (GTK_HEADER_BAR (bar), head);
  gtk_style_context_add_class (gtk_widget_get_style_context (head), "title");
  gtk_widget_set_visible (head, TRUE);
  ocs_widget_set_name (bar, _ ("Title bar"));
  gtk_widget_set_visible (bar, TRUE);
  gtk_window_set_titlebar (GTK_WINDOW (dialog->window), bar);
  gtk_window_set_default_size (GTK_WINDOW (dialog->window), WIDTH, -1);
  gtk_window_set_focus_on_map (GTK_WINDOW (dialog->window), FALSE);
  gtk_window_set_type_hint (GTK_WINDOW (dialog->window), GDK_WINDOW_TYPE_HINT_DIALOG);
  gtk_container_set_border_width (GTK_CONTAINER (body), OCS_SPACE_WIDE);
  gtk_container_add (GTK_CONTAINER (top), dialog->icon);
  gtk_box_pack_start (GTK_BOX (top), words_new (dialog), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (body), top, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (body), time_new (dialog));
  gtk_container_add (GTK_CONTAINER (body), buttons_new (dialog));
  gtk_container_add (GTK_CONTAINER (dialog->window), body);
  add_actions (dialog);
  g_object_set_data (G_OBJECT (dialog->window), "ocs-dialog", dialog);
  g_signal_connect (dialog->window, "delete-event", G_CALLBACK (gtk_widget_hide_on_delete), NULL);
  g_signal_connect (dialog->window, "key-press-event", G_CALLBACK (on_window_key), dialog);
  return dialog;
}

void
ocs_dialog_free (OcsDialog *dialog)
{
  g_object_set_data (G_OBJECT (dialog->window), "ocs-dialog", NULL);
  gtk_widget_destroy (dialog->window);
  g_free (dialog->id);
  g_free (dialog->delays);
  g_free (dialog);
}

/* label: NULL hides the button. */
static void
set_button (GtkWidget *button, const char *label)
{
  if (label && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (button)), label) != 0)
    gtk_button_set_label (GTK_BUTTON (button), label);
  ocs_widget_set_visible (button, label != NULL);
}

/* Not while it is open: it would close under the pointer. */
static void
draw_delays (OcsDialog *dialog, const OcsAsk *ask)
{
  g_autoptr (GString) labels = g_string_new (NULL);
  g_autoptr (GMenu) menu = g_menu_new ();
  for (guint i = 0; i < ask->delays->len; i++) {
    const OcsAskDelay *delay = ask->delays->pdata[i];
    g_autoptr (GMenuItem) item = g_menu_item_new (delay->label, NULL);
    g_menu_item_set_action_and_target_value (item, "ask.later", g_variant_new_int64 (delay->minutes));
    g_menu_append_item (menu, item);
    g_string_append_printf (labels, "%s\n", delay->label);
  }
  if (g_strcmp0 (dialog->delays, labels->str) == 0 || gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (dialog->later)))
    return;
  g_free (dialog->delays);
  dialog->delays = g_strdup (labels->str);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (dialog->later), ask->delays->len > 0 ? G_MENU_MODEL (menu) : NULL);
}

static void
draw_buttons (OcsDialog *dialog, const OcsAsk *ask)
{
  const char *shown = gtk_stack_get_visible_child_name (GTK_STACK (dialog->stack));
  const char *wanted = ask->settled ? "over" : ask->tag ? "tag" : "answers";
  set_button (dialog->now, ask->now);
  set_button (dialog->later, ask->later);
  set_button (dialog->cancel, ask->cancel);
  set_button (dialog->done, ask->done);
  set_button (dialog->pause, ask->pause);
  draw_delays (dialog, ask);
  if (g_strcmp0 (shown, "sure") == 0 && ask->cancel)
    return;
  if (g_strcmp0 (shown, wanted) != 0)
    gtk_stack_set_visible_child_name (GTK_STACK (dialog->stack), wanted);
}

static void
draw_text (OcsDialog *dialog, const char *markup)
{
  gboolean scrolls = markup && strlen (markup) > TEXT_MAX;
  GtkWidget *label = scrolls ? dialog->long_text : dialog->text;
  if (markup && g_strcmp0 (gtk_label_get_label (GTK_LABEL (label)), markup) != 0)
    gtk_label_set_markup (GTK_LABEL (label), markup);
  ocs_widget_set_visible (dialog->text, markup && !scrolls);
  ocs_widget_set_visible (dialog->long_text, scrolls);
  ocs_widget_set_visible (dialog->text_box, scrolls);
}

static void
draw_words (OcsDialog *dialog, const OcsAsk *ask)
{
  const char *advice = ask->settled ? ask->settled : ask->advice;
  if (g_strcmp0 (gtk_window_get_title (GTK_WINDOW (dialog->window)), ask->title) != 0)
    gtk_window_set_title (GTK_WINDOW (dialog->window), ask->title);
  ocs_label_set (dialog->title, ask->title);
  ocs_label_set (dialog->advice, advice);
  ocs_label_set (dialog->countdown, ask->countdown);
  ocs_label_set (dialog->ignored, ask->ignored);
  ocs_label_set (dialog->limits, ask->limits);
  draw_text (dialog, ask->markup);
  ocs_widget_set_visible (dialog->bar, ask->fraction >= 0);
  if (ask->fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (dialog->bar), ask->fraction);
}

gboolean
ocs_dialog_draw (OcsDialog *dialog, const OcsQuestion *question)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (OcsAsk) ask = ocs_ask_build (question, g_get_real_time () / G_USEC_PER_SEC, zone);
  if (dialog->serial != question->serial)
    ocs_label_set (dialog->said, NULL);
  g_free (dialog->id);
  dialog->id = g_strdup (question->id);
  dialog->serial = question->serial;
  dialog->paused = question->paused;
  draw_words (dialog, ask);
  draw_buttons (dialog, ask);
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
