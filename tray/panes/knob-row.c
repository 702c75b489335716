/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-knob-row"
#include "tray/panes/knob-row.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

typedef struct {
  OcsKnob *knob;      /* borrowed: outlives us */
  GtkWidget *trouble; /* borrowed from the row */
  OcsKnobFunc on_change;
  gpointer user_data; /* borrowed: the page's */
} Row;

static void
edit (Row *row, const char *text)
{
  g_autofree char *problem = NULL;

  ocs_knob_edit (row->knob, text);
  problem = ocs_knob_problem (row->knob);
  ocs_label_set (row->trouble, problem);
  row->on_change (row->user_data);
}

static void
on_entry_changed (GtkEntry *entry, gpointer user_data)
{
  edit (user_data, gtk_entry_get_text (entry));
}

static void
on_switch_changed (GtkSwitch *flag, GParamSpec *property, gpointer user_data)
{
  edit (user_data, gtk_switch_get_active (flag) ? "1" : "0");
}

static void
on_choice_changed (GtkComboBoxText *box, gpointer user_data)
{
  g_autofree char *text = gtk_combo_box_text_get_active_text (box);

  edit (user_data, text != NULL ? text : "");
}

static GtkWidget *
switch_new (Row *row)
{
  GtkWidget *flag = gtk_switch_new ();

  gtk_switch_set_active (GTK_SWITCH (flag), ocs_knob_is_on (row->knob));
  gtk_widget_set_halign (flag, GTK_ALIGN_END);
  g_signal_connect (flag, "notify::active", G_CALLBACK (on_switch_changed), row);
  return flag;
}

static GtkWidget *
choice_new (Row *row)
{
  GtkWidget *box = gtk_combo_box_text_new ();
  const char *shown = ocs_knob_shown (row->knob);

  if (*shown == '\0' && row->knob->fallback != NULL)
    shown = row->knob->fallback;
  for (guint i = 0; row->knob->choices[i] != NULL; i++) {
    gtk_combo_box_text_append_text (GTK_COMBO_BOX_TEXT (box), row->knob->choices[i]);
    if (g_ascii_strcasecmp (row->knob->choices[i], shown) == 0)
      gtk_combo_box_set_active (GTK_COMBO_BOX (box), (int)i);
  }
  g_signal_connect (box, "changed", G_CALLBACK (on_choice_changed), row);
  return box;
}

static GtkWidget *
entry_new (Row *row)
{
  GtkWidget *entry = gtk_entry_new ();
  const OcsKnob *knob = row->knob;
  g_autofree char *hint =
      knob->fallback != NULL && *knob->fallback != '\0' ? g_strdup_printf (_ ("as it is without a value: %s"), knob->fallback) : NULL;

  gtk_entry_set_text (GTK_ENTRY (entry), ocs_knob_shown (knob));
  gtk_entry_set_width_chars (GTK_ENTRY (entry), 24);
  if (knob->kind == OCS_KNOB_SECRET) {
    gtk_entry_set_visibility (GTK_ENTRY (entry), FALSE);
    gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_PASSWORD);
    gtk_entry_set_placeholder_text (GTK_ENTRY (entry), knob->is_set ? _ ("is set, and stays as it is") : NULL);
  } else if (hint != NULL) {
    gtk_widget_set_tooltip_text (entry, hint);
    gtk_entry_set_placeholder_text (GTK_ENTRY (entry), knob->fallback);
  }
  g_signal_connect (entry, "changed", G_CALLBACK (on_entry_changed), row);
  return entry;
}

static GtkWidget *
input_new (Row *row)
{
  GtkWidget *input = row->knob->kind == OCS_KNOB_FLAG                                      ? switch_new (row)
                     : row->knob->kind == OCS_KNOB_CHOICE && row->knob->choices[0] != NULL ? choice_new (row)
                                                                                           : entry_new (row);

  gtk_widget_set_sensitive (input, row->knob->place == NULL);
  gtk_widget_set_valign (input, GTK_ALIGN_CENTER);
  ocs_widget_set_name (input, row->knob->key);
  ocs_widget_set_description (input, row->knob->help);
  gtk_widget_set_visible (input, TRUE);
  return input;
}

/* Below each other, not beside: an address is long. */
GtkWidget *
ocs_knob_row_new_plain (const OcsKnob *knob)
{
  GtkWidget *widget = gtk_list_box_row_new ();
  GtkWidget *texts = ocs_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *words = ocs_knob_words (knob);
  g_autofree char *name = g_strdup_printf (C_ ("a setting and its value", "%s: %s"), knob->key, words);

  gtk_container_add (GTK_CONTAINER (texts), ocs_title_new (knob->key));
  gtk_container_add (GTK_CONTAINER (texts), ocs_label_new (words, NULL));
  gtk_container_add (GTK_CONTAINER (texts), ocs_label_new (knob->help, "dim-label"));
  gtk_container_set_border_width (GTK_CONTAINER (texts), OCS_SPACE_TIGHT);
  gtk_container_add (GTK_CONTAINER (widget), texts);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (widget), FALSE);
  gtk_widget_set_visible (widget, TRUE);
  ocs_widget_set_name (widget, name);
  ocs_widget_set_description (widget, knob->help);
  return widget;
}

GtkWidget *
ocs_knob_row_new (OcsKnob *knob, OcsKnobFunc on_change, gpointer user_data)
{
  Row *row = g_new0 (Row, 1);
  GtkWidget *widget = gtk_list_box_row_new ();
  GtkWidget *line = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  GtkWidget *texts = ocs_box_new (GTK_ORIENTATION_VERTICAL, 0);
  g_autofree char *place = knob->place != NULL ? g_strdup_printf (_ ("Set in %s: change it there."), knob->place) : NULL;

  row->knob = knob;
  row->on_change = on_change;
  row->user_data = user_data;
  row->trouble = ocs_label_new (NULL, GTK_STYLE_CLASS_ERROR);
  gtk_container_add (GTK_CONTAINER (texts), ocs_title_new (knob->key));
  gtk_container_add (GTK_CONTAINER (texts), ocs_label_new (knob->help, "dim-label"));
  gtk_container_add (GTK_CONTAINER (texts), ocs_label_new (place, NULL));
  gtk_container_add (GTK_CONTAINER (texts), row->trouble);
  gtk_container_set_border_width (GTK_CONTAINER (line), OCS_SPACE_TIGHT);
  gtk_box_pack_start (GTK_BOX (line), texts, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (line), input_new (row), FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (widget), line);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (widget), FALSE);
  gtk_widget_set_can_focus (widget, FALSE);
  gtk_widget_set_visible (widget, TRUE);
  ocs_widget_set_name (widget, knob->key);
  g_object_set_data_full (G_OBJECT (widget), "ocs-knob-row", row, g_free);
  return widget;
}
