/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-ask-face"
#include "tray/ask-face.h"

#include "tray/widgets.h"
#include <glib/gi18n-lib.h>
#include <string.h>

/* A text of more bytes scrolls. */
#define TEXT_MAX 800
#define TEXT_HEIGHT 200
#define LINE_CHARS_MIN 36
#define PICTURE 48

static GtkWidget *
add_button (GtkWidget *box, const char *label, GtkPackType end)
{
  GtkWidget *button = ocs_button_new (label);
  if (end == GTK_PACK_END)
    gtk_box_pack_end (GTK_BOX (box), button, FALSE, FALSE, 0);
  else
    gtk_box_pack_start (GTK_BOX (box), button, FALSE, FALSE, 0);
  return button;
}

static GtkWidget *
answers_new (OcsAskFace *face)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_TIGHT);
  face->cancel = add_button (box, "", GTK_PACK_START);
  face->now = add_button (box, "", GTK_PACK_END);
  face->done = add_button (box, "", GTK_PACK_END);
  face->later = gtk_menu_button_new ();
  gtk_button_set_use_underline (GTK_BUTTON (face->later), TRUE);
  gtk_button_set_label (GTK_BUTTON (face->later), "");
  gtk_widget_set_valign (face->later, GTK_ALIGN_CENTER);
  gtk_box_pack_end (GTK_BOX (box), face->later, FALSE, FALSE, 0);
  gtk_style_context_add_class (gtk_widget_get_style_context (face->now), "suggested-action");
  gtk_style_context_add_class (gtk_widget_get_style_context (face->done), "suggested-action");
  return box;
}

static GtkWidget *
sure_new (OcsAskFace *face)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  GtkWidget *words =
      ocs_label_new (_ ("It will not be offered again, and your administrator sees that it was refused. Are you sure?"), NULL);
  gtk_box_pack_start (GTK_BOX (box), words, TRUE, TRUE, 0);
  face->sure = add_button (box, _ ("_Refuse for good"), GTK_PACK_END);
  face->back = add_button (box, _ ("_Back"), GTK_PACK_END);
  gtk_style_context_add_class (gtk_widget_get_style_context (face->sure), "destructive-action");
  return box;
}

static GtkWidget *
tag_new (OcsAskFace *face)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_TIGHT);
  face->entry = gtk_entry_new ();
  gtk_entry_set_max_length (GTK_ENTRY (face->entry), 255);
  ocs_widget_set_name (face->entry, _ ("TAG"));
  gtk_widget_set_visible (face->entry, TRUE);
  gtk_box_pack_start (GTK_BOX (box), face->entry, TRUE, TRUE, 0);
  face->set_tag = add_button (box, _ ("_Set"), GTK_PACK_END);
  face->never = add_button (box, _ ("_Never ask again"), GTK_PACK_END);
  gtk_style_context_add_class (gtk_widget_get_style_context (face->set_tag), "suggested-action");
  gtk_widget_set_sensitive (face->set_tag, FALSE);
  return box;
}

static GtkWidget *
over_new (OcsAskFace *face)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_TIGHT);
  face->close = add_button (box, _ ("_Close"), GTK_PACK_END);
  return box;
}

static GtkWidget *
buttons_new (OcsAskFace *face)
{
  face->stack = gtk_stack_new ();
  gtk_stack_set_hhomogeneous (GTK_STACK (face->stack), FALSE);
  gtk_stack_set_vhomogeneous (GTK_STACK (face->stack), FALSE);
  gtk_stack_add_named (GTK_STACK (face->stack), answers_new (face), "answers");
  gtk_stack_add_named (GTK_STACK (face->stack), sure_new (face), "sure");
  gtk_stack_add_named (GTK_STACK (face->stack), tag_new (face), "tag");
  gtk_stack_add_named (GTK_STACK (face->stack), over_new (face), "over");
  gtk_widget_set_visible (face->stack, TRUE);
  return face->stack;
}

static GtkWidget *
words_new (OcsAskFace *face)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE);
  face->title = ocs_title_new (NULL);
  face->text = ocs_label_new (NULL, NULL);
  face->advice = ocs_title_new (NULL);
  face->long_text = ocs_label_new (NULL, NULL);
  face->text_box = gtk_scrolled_window_new (NULL, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (face->text_box), GTK_POLICY_NEVER, GTK_POLICY_ALWAYS);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (face->text_box), TEXT_HEIGHT);
  gtk_container_add (GTK_CONTAINER (face->text_box), face->long_text);
  gtk_widget_set_visible (gtk_bin_get_child (GTK_BIN (face->text_box)), TRUE);
  gtk_label_set_yalign (GTK_LABEL (face->long_text), 0);
  ocs_widget_set_name (face->text_box, _ ("What your administrator says"));
  for (guint i = 0; i < 3; i++)
    gtk_label_set_width_chars (GTK_LABEL (((GtkWidget *[]) {face->title, face->text, face->advice})[i]), LINE_CHARS_MIN);
  gtk_container_add (GTK_CONTAINER (box), face->title);
  gtk_container_add (GTK_CONTAINER (box), face->text);
  gtk_box_pack_start (GTK_BOX (box), face->text_box, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (box), face->advice);
  gtk_widget_set_hexpand (box, TRUE);
  return box;
}

static GtkWidget *
time_new (OcsAskFace *face)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  GtkWidget *line = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  face->countdown = ocs_label_new (NULL, NULL);
  face->pause = ocs_button_new ("");
  face->bar = gtk_progress_bar_new ();
  face->ignored = ocs_label_new (NULL, "dim-label");
  face->limits = ocs_label_new (NULL, "dim-label");
  face->said = ocs_label_new (NULL, NULL);
  gtk_label_set_width_chars (GTK_LABEL (face->ignored), LINE_CHARS_MIN);
  gtk_label_set_width_chars (GTK_LABEL (face->limits), LINE_CHARS_MIN);
  ocs_widget_set_name (face->bar, _ ("Time that is left"));
  gtk_box_pack_start (GTK_BOX (line), face->countdown, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (line), face->pause, FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (box), line);
  gtk_container_add (GTK_CONTAINER (box), face->bar);
  gtk_container_add (GTK_CONTAINER (box), face->ignored);
  gtk_container_add (GTK_CONTAINER (box), face->limits);
  gtk_container_add (GTK_CONTAINER (box), face->said);
  return box;
}

GtkWidget *
ocs_ask_face_build (OcsAskFace *face)
{
  GtkWidget *body = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_WIDE);
  GtkWidget *top = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_WIDE);
  GtkWidget *icon = ocs_icon_new ("ocs-companion-needs-you", _ ("Question"), GTK_ICON_SIZE_DIALOG);
  gtk_image_set_pixel_size (GTK_IMAGE (icon), PICTURE);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_container_set_border_width (GTK_CONTAINER (body), OCS_SPACE_WIDE);
  gtk_container_add (GTK_CONTAINER (top), icon);
  gtk_box_pack_start (GTK_BOX (top), words_new (face), TRUE, TRUE, 0);
  gtk_box_pack_start (GTK_BOX (body), top, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (body), time_new (face));
  gtk_container_add (GTK_CONTAINER (body), buttons_new (face));
  return body;
}

void
ocs_ask_face_clear (OcsAskFace *face)
{
  g_clear_pointer (&face->delays, g_free);
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
draw_delays (OcsAskFace *face, const OcsAsk *ask)
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
  if (g_strcmp0 (face->delays, labels->str) == 0 || gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (face->later)))
    return;
  g_free (face->delays);
  face->delays = g_strdup (labels->str);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (face->later), ask->delays->len > 0 ? G_MENU_MODEL (menu) : NULL);
}

static void
draw_buttons (OcsAskFace *face, const OcsAsk *ask)
{
  const char *shown = gtk_stack_get_visible_child_name (GTK_STACK (face->stack));
  const char *wanted = ask->settled ? "over" : ask->tag ? "tag" : "answers";
  set_button (face->now, ask->now);
  set_button (face->later, ask->later);
  set_button (face->cancel, ask->cancel);
  set_button (face->done, ask->done);
  set_button (face->pause, ask->pause);
  draw_delays (face, ask);
  if (g_strcmp0 (shown, "sure") == 0 && ask->cancel)
    return;
  ocs_ask_face_turn (face, wanted);
}

static void
draw_text (OcsAskFace *face, const char *markup)
{
  gboolean scrolls = markup && strlen (markup) > TEXT_MAX;
  GtkWidget *label = scrolls ? face->long_text : face->text;
  if (markup && g_strcmp0 (gtk_label_get_label (GTK_LABEL (label)), markup) != 0)
    gtk_label_set_markup (GTK_LABEL (label), markup);
  ocs_widget_set_visible (face->text, markup && !scrolls);
  ocs_widget_set_visible (face->long_text, scrolls);
  ocs_widget_set_visible (face->text_box, scrolls);
}

static void
draw_words (OcsAskFace *face, const OcsAsk *ask)
{
  const char *advice = ask->settled ? ask->settled : ask->advice;
  ocs_label_set (face->title, ask->title);
  ocs_label_set (face->advice, advice);
  ocs_label_set (face->countdown, ask->countdown);
  ocs_label_set (face->ignored, ask->ignored);
  ocs_label_set (face->limits, ask->limits);
  draw_text (face, ask->markup);
  ocs_widget_set_visible (face->bar, ask->fraction >= 0);
  if (ask->fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (face->bar), ask->fraction);
}

void
ocs_ask_face_draw (OcsAskFace *face, const OcsAsk *ask)
{
  draw_words (face, ask);
  draw_buttons (face, ask);
}

void
ocs_ask_face_turn (OcsAskFace *face, const char *page)
{
  if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (face->stack)), page) != 0)
    gtk_stack_set_visible_child_name (GTK_STACK (face->stack), page);
}
