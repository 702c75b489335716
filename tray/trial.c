/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-trial"
#include "tray/trial.h"
#include "ipc/error.h"
#include "tray/feed.h"
#include "tray/view/trialstep.h"
#include "tray/view/words.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

/* Seconds without a step; a proxy that does not answer takes its time, and so does somebody who types an administrator's password. */
#define SILENCE 180
#define DATA "ocs-trial"
/* Of the list where there is little room, in pixels. */
#define LIST_HEIGHT 150

typedef struct {
  OcsModel *model; /* borrowed: outlives us, like user_data */
  OcsTrialFunc parameters;
  gpointer user_data;
  char *label;       /* owned, nullable; of the button while nothing runs */
  GtkWidget *button; /* borrowed: in the box, like all that follow */
  GtkWidget *spinner, *frame, *list, *summary, *why;
  GtkWidget *sought;   /* nullable; the step that is to be seen: the first that was not all right, else the newest */
  GtkWidget *scroller; /* nullable; of the list, where there is little room */
  OcsFeed *feed;       /* owned, nullable; while one runs */
  guint steps, bad;
  gboolean possible;
} Trial;

static void
trial_free (gpointer data)
{
  Trial *trial = data;

  ocs_feed_free (trial->feed);
  g_free (trial->label);
  g_free (trial);
}

static void
show_running (Trial *trial)
{
  gboolean running = trial->feed != NULL;

  g_object_set (trial->spinner, "active", running, NULL);
  ocs_widget_set_visible (trial->spinner, running);
  if (running || trial->label != NULL)
    gtk_button_set_label (GTK_BUTTON (trial->button), running ? _ ("_Stop") : trial->label);
  ocs_widget_set_visible (trial->button, running || trial->label != NULL);
  gtk_widget_set_sensitive (trial->button, running || trial->possible);
}

static gboolean
can_scroll (GtkWidget *scroller, GtkWidget *child, GtkWidget *base, int *top)
{
  return gtk_widget_translate_coordinates (child, base, 0, 0, NULL, top) && gtk_widget_get_mapped (scroller);
}

/* A step that went wrong is seen without scrolling, below the summary that says why. Sizes are known only now. */
static void
on_list_allocated (GtkWidget *list, GdkRectangle *size, gpointer user_data)
{
  Trial *trial = user_data;
  int top;

  if (trial->sought == NULL || !can_scroll (trial->scroller, trial->sought, list, &top))
    return;
  gtk_adjustment_clamp_page (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (trial->scroller)), top,
                             top + gtk_widget_get_allocated_height (trial->sought));
}

/* The same for all that a test has said in a page that scrolls. */
static void
on_box_allocated (GtkWidget *box, GdkRectangle *size, gpointer user_data)
{
  Trial *trial = user_data;
  GtkWidget *page = gtk_widget_get_ancestor (box, GTK_TYPE_SCROLLED_WINDOW);
  GtkWidget *inside = page != NULL ? gtk_bin_get_child (GTK_BIN (gtk_bin_get_child (GTK_BIN (page)))) : NULL;
  int top;

  if (trial->sought == NULL || inside == NULL || !can_scroll (page, box, inside, &top))
    return;
  gtk_adjustment_clamp_page (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (page)), top, top + size->height);
}

static void
add_step (Trial *trial, const OcsTrialStep *step)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  GtkWidget *words = ocs_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *icon = ocs_icon_new (step->icon, step->words, GTK_ICON_SIZE_MENU);
  g_autofree char *name = g_strdup_printf ("%s. %s", step->name, step->words);

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_container_add (GTK_CONTAINER (words), ocs_title_new (step->name));
  gtk_container_add (GTK_CONTAINER (words), ocs_label_new (step->words, step->bad ? NULL : "dim-label"));
  gtk_container_set_border_width (GTK_CONTAINER (box), OCS_SPACE_TIGHT + 2);
  gtk_container_add (GTK_CONTAINER (box), icon);
  gtk_box_pack_start (GTK_BOX (box), words, TRUE, TRUE, 0);
  gtk_container_add (GTK_CONTAINER (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_visible (row, TRUE);
  ocs_widget_set_name (row, name);
  gtk_list_box_insert (GTK_LIST_BOX (trial->list), row, -1);
  if (trial->bad == 0 || (step->bad && trial->bad == 1))
    trial->sought = row;
  ocs_widget_set_visible (trial->frame, TRUE);
}

static void
on_feed_reply (OcsFeed *feed, JsonObject *reply, gpointer user_data)
{
  Trial *trial = user_data;
  g_autoptr (OcsTrialStep) step = ocs_trial_step_from_json (reply);

  if (step == NULL)
    return;
  trial->steps++;
  trial->bad += step->bad;
  if (step->bad && trial->bad == 1)
    ocs_label_set (trial->why, step->why);
  add_step (trial, step);
}

/* What somebody has typed is refused with words that name it; of a way that is set up those of the table are enough. */
static char *
failure_words (const Trial *trial, const GError *error)
{
  g_autoptr (OcsReason) reason = ocs_reason_new_from_error (error);

  /* A draft's own fault is told in the words of what is wrong with it. */
  if (trial->parameters != NULL || g_error_matches (error, OCS_ERROR, OCS_ERROR_UNREACHABLE))
    return ocs_words_error (error);
  return ocs_words_reason (reason);
}

static void
on_feed_end (OcsFeed *feed, const GError *error, gpointer user_data)
{
  Trial *trial = user_data;
  g_autofree char *summary = error != NULL ? failure_words (trial, error) : ocs_trial_step_summary (trial->steps, trial->bad);

  ocs_label_set (trial->summary, summary);
  g_clear_pointer (&trial->feed, ocs_feed_free);
  show_running (trial);
}

static Trial *
trial_of (GtkWidget *widget)
{
  return g_object_get_data (G_OBJECT (widget), DATA);
}

void
ocs_trial_clear (GtkWidget *widget)
{
  Trial *trial = trial_of (widget);
  GtkListBoxRow *row;

  g_clear_pointer (&trial->feed, ocs_feed_free);
  while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (trial->list), 0)) != NULL)
    gtk_widget_destroy (GTK_WIDGET (row));
  trial->steps = trial->bad = 0;
  trial->sought = NULL;
  ocs_widget_set_visible (trial->frame, FALSE);
  ocs_label_set (trial->summary, NULL);
  ocs_label_set (trial->why, NULL);
  show_running (trial);
}

void
ocs_trial_start (GtkWidget *widget)
{
  Trial *trial = trial_of (widget);
  JsonObject *parameters = trial->parameters != NULL ? trial->parameters (trial->user_data) : NULL;

  ocs_trial_clear (widget);
  trial->feed = ocs_feed_new (trial->model->socket, "TestProxy", parameters, SILENCE, on_feed_reply, on_feed_end, trial);
  show_running (trial);
}

void
ocs_trial_set_possible (GtkWidget *widget, gboolean possible)
{
  Trial *trial = trial_of (widget);

  trial->possible = possible;
  gtk_widget_set_sensitive (trial->button, trial->feed != NULL || possible);
}

static void
on_clicked (GtkButton *button, gpointer user_data)
{
  GtkWidget *widget = user_data;
  Trial *trial = trial_of (widget);

  if (trial->feed == NULL) {
    ocs_trial_start (widget);
    return;
  }
  g_clear_pointer (&trial->feed, ocs_feed_free);
  show_running (trial);
  ocs_label_set (trial->summary, _ ("Stopped before its end"));
}

/* A step that is told later finds nobody. */
static void
on_destroy (GtkWidget *widget, gpointer user_data)
{
  g_object_set_data (G_OBJECT (widget), DATA, NULL);
}

/* What has happened stays in view above a list that scrolls by itself. */
static GtkWidget *
scroller_new (Trial *trial, GtkWidget *box)
{
  trial->scroller = gtk_scrolled_window_new (NULL, NULL);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (trial->scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_shadow_type (GTK_SCROLLED_WINDOW (trial->scroller), GTK_SHADOW_IN);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (trial->scroller), LIST_HEIGHT);
  trial->list = gtk_list_box_new ();
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (trial->list), GTK_SELECTION_NONE);
  ocs_widget_set_name (trial->list, _ ("Steps of the test"));
  ocs_widget_set_name (trial->scroller, _ ("Steps of the test"));
  gtk_widget_set_visible (trial->list, TRUE);
  gtk_container_add (GTK_CONTAINER (trial->scroller), trial->list);
  gtk_widget_set_visible (gtk_bin_get_child (GTK_BIN (trial->scroller)), TRUE);
  g_signal_connect_after (trial->list, "size-allocate", G_CALLBACK (on_list_allocated), trial);
  g_signal_connect_after (box, "size-allocate", G_CALLBACK (on_box_allocated), trial);
  return trial->scroller;
}

GtkWidget *
ocs_trial_new (OcsModel *model, const char *label, const char *words, OcsTrialFunc parameters, gpointer user_data)
{
  Trial *trial = g_new0 (Trial, 1);
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  GtkWidget *line = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);

  trial->model = model;
  trial->parameters = parameters;
  trial->user_data = user_data;
  trial->label = g_strdup (label);
  trial->possible = TRUE;
  trial->button = ocs_button_new (label != NULL ? label : "");
  ocs_widget_set_visible (trial->button, label != NULL);
  trial->spinner = gtk_spinner_new ();
  trial->summary = ocs_title_new (NULL);
  trial->why = ocs_label_new (NULL, NULL);
  trial->frame = parameters != NULL ? scroller_new (trial, box) : ocs_list_new (_ ("Steps of the test"), &trial->list);
  ocs_widget_set_name (trial->spinner, _ ("The test runs"));
  ocs_widget_set_visible (trial->frame, FALSE);
  gtk_box_pack_start (GTK_BOX (line), ocs_label_new (words, NULL), TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (line), trial->button, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (line), trial->spinner, FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (box), line);
  gtk_container_add (GTK_CONTAINER (box), trial->summary);
  gtk_container_add (GTK_CONTAINER (box), trial->why);
  gtk_container_add (GTK_CONTAINER (box), trial->frame);
  g_object_set_data_full (G_OBJECT (box), DATA, trial, trial_free);
  g_signal_connect (trial->button, "clicked", G_CALLBACK (on_clicked), box);
  g_signal_connect (box, "destroy", G_CALLBACK (on_destroy), NULL);
  return box;
}
