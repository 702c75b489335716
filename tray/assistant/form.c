/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-form"
#include "tray/assistant/form.h"
#include "tray/widgets.h"

#include <glib/gi18n-lib.h>

struct _OcsForm {
  OcsDraft *draft; /* borrowed: outlives us */
  OcsFormFunc on_change;
  gpointer user_data;               /* borrowed: the caller's */
  GtkWidget *inputs[OCS_DRAFT_N];   /* borrowed from their pages, nullable; each clears its place when it goes */
  GtkWidget *labels[OCS_DRAFT_N];   /* the same */
  GtkWidget *troubles[OCS_DRAFT_N]; /* the same */
  gboolean touched[OCS_DRAFT_N];    /* nobody is told what is wrong with a field before they came to it */
  gboolean filling;
};

OcsForm *
ocs_form_new (OcsDraft *draft, OcsFormFunc on_change, gpointer user_data)
{
  OcsForm *form = g_new0 (OcsForm, 1);

  form->draft = draft;
  form->on_change = on_change;
  form->user_data = user_data;
  return form;
}

static void
unhook (OcsForm *form, GtkWidget **place)
{
  if (*place == NULL)
    return;
  g_signal_handlers_disconnect_by_data (*place, form);
  g_object_remove_weak_pointer (G_OBJECT (*place), (gpointer *)place);
}

void
ocs_form_free (OcsForm *form)
{
  if (form == NULL)
    return;
  for (guint i = 0; i < OCS_DRAFT_N; i++) {
    unhook (form, &form->inputs[i]);
    unhook (form, &form->labels[i]);
    unhook (form, &form->troubles[i]);
  }
  g_free (form);
}

static void
show_state (OcsForm *form, OcsDraftField field)
{
  gboolean used = ocs_draft_is_used (form->draft, field);
  const char *problem = form->touched[field] ? ocs_draft_problem (form->draft, field) : NULL;

  if (form->inputs[field] == NULL)
    return;
  gtk_widget_set_sensitive (form->inputs[field], used);
  if (form->labels[field] != NULL)
    gtk_widget_set_sensitive (form->labels[field], used);
  if (form->troubles[field] != NULL) {
    gtk_label_set_text (GTK_LABEL (form->troubles[field]), problem != NULL ? problem : "");
    gtk_widget_set_visible (form->troubles[field], problem != NULL);
  }
}

static void
changed (OcsForm *form, GtkWidget *input, const char *text)
{
  if (form->filling)
    return;
  for (guint i = 0; i < OCS_DRAFT_N; i++)
    if (form->inputs[i] == input) {
      ocs_draft_set (form->draft, (OcsDraftField)i, text);
      form->touched[i] = TRUE;
    }
  for (guint i = 0; i < OCS_DRAFT_N; i++)
    show_state (form, (OcsDraftField)i);
  form->on_change (form->user_data);
}

static void
on_entry_changed (GtkEntry *entry, gpointer user_data)
{
  changed (user_data, GTK_WIDGET (entry), gtk_entry_get_text (entry));
}

static void
on_flag_toggled (GtkToggleButton *button, gpointer user_data)
{
  changed (user_data, GTK_WIDGET (button), gtk_toggle_button_get_active (button) ? "1" : "0");
}

static void
on_choice_changed (GtkComboBox *box, gpointer user_data)
{
  g_autofree char *number = g_strdup_printf ("%d", gtk_combo_box_get_active (box));

  changed (user_data, GTK_WIDGET (box), number);
}

GtkWidget *
ocs_form_page_new (void)
{
  GtkWidget *page = ocs_grid_new ();

  gtk_container_set_border_width (GTK_CONTAINER (page), OCS_SPACE_WIDE);
  return page;
}

static int
next_row (GtkWidget *page)
{
  int row = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (page), "ocs-rows"));

  g_object_set_data (G_OBJECT (page), "ocs-rows", GINT_TO_POINTER (row + 1));
  return row;
}

static void
keep (GtkWidget **place, GtkWidget *made)
{
  *place = made;
  g_object_add_weak_pointer (G_OBJECT (made), (gpointer *)place);
}

static void
add_label (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *text, int row)
{
  GtkWidget *label = gtk_label_new_with_mnemonic (text);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), form->inputs[field]);
  /* A screen reader goes by the label, but other tools by the name. */
  atk_object_set_name (gtk_widget_get_accessible (form->inputs[field]), gtk_label_get_text (GTK_LABEL (label)));
  gtk_grid_attach (GTK_GRID (page), label, 0, row, 1, 1);
  keep (&form->labels[field], label);
}

/* Below the field; takes no room while nothing is wrong. */
static void
add_trouble (OcsForm *form, GtkWidget *page, OcsDraftField field)
{
  GtkWidget *trouble = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (trouble), 0);
  gtk_label_set_line_wrap (GTK_LABEL (trouble), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (trouble), 50);
  gtk_style_context_add_class (gtk_widget_get_style_context (trouble), GTK_STYLE_CLASS_ERROR);
  gtk_widget_set_no_show_all (trouble, TRUE);
  gtk_grid_attach (GTK_GRID (page), trouble, 1, next_row (page), 1, 1);
  keep (&form->troubles[field], trouble);
}

static GtkWidget *
add_entry (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *label)
{
  GtkWidget *entry = gtk_entry_new ();
  int row = next_row (page);

  gtk_widget_set_hexpand (entry, TRUE);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_grid_attach (GTK_GRID (page), entry, 1, row, 1, 1);
  keep (&form->inputs[field], entry);
  add_label (form, page, field, label, row);
  add_trouble (form, page, field);
  g_signal_connect (entry, "changed", G_CALLBACK (on_entry_changed), form);
  return entry;
}

void
ocs_form_add_text (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *label, const char *hint)
{
  GtkWidget *entry = add_entry (form, page, field, label);

  if (hint != NULL)
    gtk_entry_set_placeholder_text (GTK_ENTRY (entry), hint);
}

void
ocs_form_add_secret (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *label)
{
  GtkWidget *entry = add_entry (form, page, field, label);

  gtk_entry_set_visibility (GTK_ENTRY (entry), FALSE);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_PASSWORD);
}

void
ocs_form_add_flag (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *label)
{
  GtkWidget *button = gtk_check_button_new_with_mnemonic (label);

  gtk_label_set_line_wrap (GTK_LABEL (gtk_bin_get_child (GTK_BIN (button))), TRUE);
  gtk_grid_attach (GTK_GRID (page), button, 1, next_row (page), 1, 1);
  keep (&form->inputs[field], button);
  g_signal_connect (button, "toggled", G_CALLBACK (on_flag_toggled), form);
}

void
ocs_form_add_choice (OcsForm *form, GtkWidget *page, OcsDraftField field, const char *label, const char *const *names)
{
  GtkWidget *box = gtk_combo_box_text_new ();
  int row = next_row (page);

  for (guint i = 0; names[i] != NULL; i++)
    gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (box), names[i]);
  gtk_grid_attach (GTK_GRID (page), box, 1, row, 1, 1);
  keep (&form->inputs[field], box);
  add_label (form, page, field, label, row);
  g_signal_connect (box, "changed", G_CALLBACK (on_choice_changed), form);
}

void
ocs_form_add_widget (GtkWidget *page, GtkWidget *widget)
{
  gtk_grid_attach (GTK_GRID (page), widget, 1, next_row (page), 1, 1);
}

static void
fill (OcsForm *form, OcsDraftField field)
{
  GtkWidget *input = form->inputs[field];
  const char *text = ocs_draft_get (form->draft, field);

  if (GTK_IS_ENTRY (input)) {
    gtk_entry_set_text (GTK_ENTRY (input), text);
    if (ocs_draft_is_kept (form->draft, field))
      gtk_entry_set_placeholder_text (GTK_ENTRY (input), _ ("is set, and stays as it is"));
  } else if (GTK_IS_TOGGLE_BUTTON (input)) {
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (input), ocs_draft_is_on (form->draft, field));
  } else if (GTK_IS_COMBO_BOX (input)) {
    gtk_combo_box_set_active (GTK_COMBO_BOX (input), (int)g_ascii_strtoll (text, NULL, 10));
  }
}

void
ocs_form_refresh (OcsForm *form)
{
  form->filling = TRUE;
  for (guint i = 0; i < OCS_DRAFT_N; i++)
    fill (form, (OcsDraftField)i);
  form->filling = FALSE;
  for (guint i = 0; i < OCS_DRAFT_N; i++) {
    form->touched[i] = *ocs_draft_get (form->draft, (OcsDraftField)i) != '\0';
    show_state (form, (OcsDraftField)i);
  }
}
