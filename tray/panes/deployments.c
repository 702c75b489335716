/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packages: under way, waiting, past. A row unfolds to what else is known of it; then, and only then, the worker is asked for the
 * command and its output, which it gives to administrators. */
#define G_LOG_DOMAIN "ocs-deployments"
#include "tray/view/deployments.h"
#include "ipc/error.h"
#include "tray/late.h"
#include "tray/pane.h"
#include "tray/panes/package-row.h"
#include "tray/view/ask.h"
#include "tray/view/report.h"
#include "tray/view/words.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

#define DATA "ocs-deployments"

typedef struct {
  GtkWidget *box; /* borrowed: in the page, like the next two */
  GtkWidget *list;
  GtkWidget *more;
} Group;

typedef struct {
  OcsModel *model; /* borrowed: outlives us */
  Group groups[OCS_DEPLOYMENTS_N];
  GtkWidget *nothing; /* borrowed: in the page, like the next two */
  GtkWidget *said;
  GtkWidget *copy;
} Deployments;

static void
say_refusal (Deployments *deployments, const GError *error)
{
  g_autoptr (OcsReason) reason = ocs_reason_new_from_error (error);
  g_autofree char *happened = ocs_words_reason (reason);
  g_autofree char *detail = ocs_words_detail (reason);
  /* The worker refuses with words of its own: why, and what to do. */
  gboolean own = detail && g_error_matches (error, OCS_ERROR, OCS_ERROR_REFUSED);
  g_autofree char *text = own      ? g_strdup (detail)
                          : detail ? g_strdup_printf (C_ ("what happened. in detail", "%s. %s"), happened, detail)
                                   : g_strdup (happened);
  ocs_label_set (deployments->said, text);
}

static void
on_hurried (gpointer owner, JsonObject *reply, const GError *error)
{
  Deployments *deployments = owner;
  if (reply == NULL)
    say_refusal (deployments, error);
  else
    ocs_label_set (deployments->said, _ ("It is done now."));
}

static void
on_row_chosen (const char *id, OcsPackageChoice choice, gpointer user_data)
{
  GtkWidget *pane = user_data;
  Deployments *deployments = g_object_get_data (G_OBJECT (pane), DATA);
  if (choice == OCS_PACKAGE_HURRY)
    ocs_late_call (deployments->model, pane, DATA, "Answer", ocs_ask_answer (id, 0, OCS_ANSWER_NOW, 0), on_hurried);
  else
    g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "question", g_variant_new_string (id));
}

static void
on_copy_clicked (GtkButton *button, gpointer user_data)
{
  Deployments *deployments = user_data;
  g_autofree char *text =
      ocs_report_build (deployments->model->status, deployments->model->contacts, OCS_VERSION, g_get_real_time () / G_USEC_PER_SEC);
  gtk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button), GDK_SELECTION_CLIPBOARD), text, -1);
  ocs_label_set (deployments->said, _ ("Copied: paste it into a mail to your help desk."));
}

static void
on_pane_unmap (GtkWidget *pane, gpointer user_data)
{
  Deployments *deployments = user_data;
  ocs_label_set (deployments->said, NULL);
}

static GtkWidget *
group_new (Group *group)
{
  GtkWidget *frame = ocs_list_new (_ ("Deployments"), &group->list);
  GtkWidget *title = ocs_title_new (NULL);
  group->box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  group->more = ocs_label_new (NULL, "dim-label");
  gtk_container_add (GTK_CONTAINER (group->box), title);
  gtk_container_add (GTK_CONTAINER (group->box), frame);
  gtk_container_add (GTK_CONTAINER (group->box), group->more);
  g_object_set_data (G_OBJECT (group->box), "ocs-title", title);
  return group->box;
}

static GtkWidget *
action_bar_new (Deployments *deployments)
{
  GtkWidget *bar = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  deployments->said = ocs_label_new (NULL, NULL);
  deployments->copy = ocs_button_new (_ ("_Copy for the help desk"));
  gtk_container_set_border_width (GTK_CONTAINER (bar), OCS_SPACE);
  gtk_box_pack_start (GTK_BOX (bar), deployments->said, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (bar), deployments->copy, FALSE, FALSE, 0);
  g_signal_connect (deployments->copy, "clicked", G_CALLBACK (on_copy_clicked), deployments);
  return bar;
}

static GtkWidget *
create (OcsModel *model)
{
  Deployments *deployments = g_new0 (Deployments, 1);
  GtkWidget *pane = ocs_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *body = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_WIDE);
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
  deployments->model = model;
  deployments->nothing = ocs_label_new (NULL, "dim-label");
  gtk_container_add (GTK_CONTAINER (body), deployments->nothing);
  for (guint i = 0; i < OCS_DEPLOYMENTS_N; i++)
    gtk_container_add (GTK_CONTAINER (body), group_new (&deployments->groups[i]));
  gtk_widget_set_visible (line, TRUE);
  gtk_container_add (GTK_CONTAINER (pane), ocs_page_scroller_new (body, _ ("Deployments")));
  gtk_container_add (GTK_CONTAINER (pane), line);
  gtk_container_add (GTK_CONTAINER (pane), action_bar_new (deployments));
  g_object_set_data_full (G_OBJECT (pane), DATA, deployments, g_free);
  g_signal_connect (pane, "unmap", G_CALLBACK (on_pane_unmap), deployments);
  return pane;
}

static void
draw_group (GtkWidget *pane, Deployments *deployments, guint number, const OcsDeploymentsGroup *shown)
{
  Group *group = &deployments->groups[number];
  GtkListBox *list = GTK_LIST_BOX (group->list);
  GtkListBoxRow *surplus = NULL;
  for (guint i = 0; i < shown->items->len; i++) {
    GtkListBoxRow *row = gtk_list_box_get_row_at_index (list, (int)i);
    if (row == NULL) {
      row = GTK_LIST_BOX_ROW (ocs_package_row_new (deployments->model, on_row_chosen, pane));
      gtk_list_box_insert (list, GTK_WIDGET (row), -1);
    }
    ocs_package_row_set (GTK_WIDGET (row), shown->items->pdata[i]);
  }
  while ((surplus = gtk_list_box_get_row_at_index (list, (int)shown->items->len)) != NULL)
    gtk_widget_destroy (GTK_WIDGET (surplus));
  ocs_label_set (g_object_get_data (G_OBJECT (group->box), "ocs-title"), shown->title);
  ocs_widget_set_name (group->list, shown->title);
  ocs_label_set (group->more, shown->more);
  ocs_widget_set_visible (group->box, shown->items->len > 0);
}

static void
draw (GtkWidget *pane)
{
  Deployments *deployments = g_object_get_data (G_OBJECT (pane), DATA);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (OcsDeployments) shown = ocs_deployments_build (deployments->model->status, now, zone);
  for (guint i = 0; i < OCS_DEPLOYMENTS_N; i++)
    draw_group (pane, deployments, i, &shown->groups[i]);
  ocs_label_set (deployments->nothing, shown->nothing);
}

const OcsPaneKind ocs_deployments_pane = {
    .name = "deployments", .title = N_ ("Deployments"), .icon = "folder-download-symbolic", .create = create, .draw = draw};
