/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first page: is all well, what is it doing, when was and will be the server, and whom to ask. */
#define G_LOG_DOMAIN "ocs-overview"
#include "tray/history.h"
#include "tray/pane.h"
#include "tray/view/page.h"
#include "tray/view/timeline.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

#define PULSE_MS 120
#define FACE 64
#define LOGO_MAX 96

typedef struct {
  OcsModel *model; /* borrowed: outlives us */
  GtkWidget *icon; /* borrowed: in the page, like all that follow */
  GtkWidget *headline, *why, *advice, *detail;
  GtkWidget *warning_box, *warning;
  GtkWidget *job_box, *job, *bar, *figures;
  GtkWidget *history;
  GtkWidget *last, *next, *inventory, *server, *machine, *tag, *server_tag, *proxy, *savings;
  GtkWidget *support_box, *logo, *support, *link;
  GtkWidget *result, *send;
  char *logo_path; /* owned, nullable; of the picture shown */
  gboolean endless;
  guint pulse; /* source id; only while a job of unknown length is seen */
} Overview;

static Overview *
overview_of (GtkWidget *pane)
{
  return g_object_get_data (G_OBJECT (pane), "ocs-overview");
}

static void
overview_free (gpointer data)
{
  Overview *overview = data;
  g_clear_handle_id (&overview->pulse, g_source_remove);
  g_free (overview->logo_path);
  g_free (overview);
}

static gboolean
on_pulse_due (gpointer user_data)
{
  Overview *overview = user_data;
  gtk_progress_bar_pulse (GTK_PROGRESS_BAR (overview->bar));
  return G_SOURCE_CONTINUE;
}

static void
on_pane_mapped (GtkWidget *pane, gpointer user_data)
{
  Overview *overview = user_data;
  gboolean wanted = overview->endless && gtk_widget_get_mapped (pane);
  if (wanted && overview->pulse == 0)
    overview->pulse = g_timeout_add (PULSE_MS, on_pulse_due, overview);
  if (!wanted)
    g_clear_handle_id (&overview->pulse, g_source_remove);
}

static void
on_send_clicked (GtkButton *button, gpointer user_data)
{
  Overview *overview = user_data;
  ocs_model_send_inventory (overview->model);
}

static GtkWidget *
face_new (Overview *overview)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE_WIDE);
  GtkWidget *words = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  overview->icon = ocs_icon_new (NULL, "", GTK_ICON_SIZE_DIALOG);
  gtk_image_set_pixel_size (GTK_IMAGE (overview->icon), FACE);
  gtk_widget_set_valign (overview->icon, GTK_ALIGN_START);
  overview->headline = ocs_label_new (NULL, NULL);
  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_attr_list_insert (attributes, pango_attr_scale_new (1.4));
  gtk_label_set_attributes (GTK_LABEL (overview->headline), attributes);
  overview->why = ocs_label_new (NULL, NULL);
  overview->advice = ocs_label_new (NULL, NULL);
  overview->detail = ocs_label_new (NULL, "dim-label");
  gtk_container_add (GTK_CONTAINER (words), overview->headline);
  gtk_container_add (GTK_CONTAINER (words), overview->why);
  gtk_container_add (GTK_CONTAINER (words), overview->advice);
  gtk_container_add (GTK_CONTAINER (words), overview->detail);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_container_add (GTK_CONTAINER (box), overview->icon);
  gtk_container_add (GTK_CONTAINER (box), words);
  return box;
}

static GtkWidget *
warning_new (Overview *overview)
{
  GtkWidget *icon = ocs_icon_new ("dialog-warning-symbolic", _ ("Warning"), GTK_ICON_SIZE_BUTTON);
  overview->warning_box = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  overview->warning = ocs_label_new (NULL, NULL);
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_hexpand (overview->warning, TRUE);
  gtk_container_add (GTK_CONTAINER (overview->warning_box), icon);
  gtk_container_add (GTK_CONTAINER (overview->warning_box), overview->warning);
  return overview->warning_box;
}

static GtkWidget *
job_new (Overview *overview)
{
  overview->job_box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  overview->job = ocs_title_new (NULL);
  overview->bar = gtk_progress_bar_new ();
  overview->figures = ocs_label_new (NULL, "dim-label");
  ocs_widget_set_name (overview->bar, _ ("Progress"));
  gtk_widget_set_visible (overview->bar, TRUE);
  gtk_container_add (GTK_CONTAINER (overview->job_box), overview->job);
  gtk_container_add (GTK_CONTAINER (overview->job_box), overview->bar);
  gtk_container_add (GTK_CONTAINER (overview->job_box), overview->figures);
  return overview->job_box;
}

static GtkWidget *
facts_new (Overview *overview)
{
  GtkWidget *grid = ocs_grid_new ();
  overview->last = ocs_grid_add (grid, 0, _ ("Last contact"));
  overview->next = ocs_grid_add (grid, 1, _ ("Next contact"));
  overview->inventory = ocs_grid_add (grid, 2, _ ("Last inventory"));
  overview->server = ocs_grid_add (grid, 3, _ ("Server"));
  overview->machine = ocs_grid_add (grid, 4, _ ("This machine"));
  overview->tag = ocs_grid_add (grid, 5, _ ("TAG"));
  overview->server_tag = ocs_grid_add (grid, 6, _ ("Tag at the server"));
  overview->proxy = ocs_grid_add (grid, 7, _ ("Proxy"));
  overview->savings = ocs_grid_add (grid, 8, _ ("Packages came"));
  return grid;
}

static GtkWidget *
support_new (Overview *overview)
{
  GtkWidget *body = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  GtkWidget *words = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  overview->support_box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  overview->logo = ocs_icon_new (NULL, _ ("Logo"), GTK_ICON_SIZE_DIALOG);
  gtk_widget_set_visible (overview->logo, FALSE);
  overview->support = ocs_label_new (NULL, NULL);
  overview->link = gtk_link_button_new_with_label ("https://localhost", _ ("Open the help desk's page"));
  gtk_widget_set_halign (overview->link, GTK_ALIGN_START);
  gtk_widget_set_valign (overview->logo, GTK_ALIGN_START);
  gtk_container_add (GTK_CONTAINER (words), overview->support);
  gtk_container_add (GTK_CONTAINER (words), overview->link);
  gtk_container_add (GTK_CONTAINER (body), overview->logo);
  gtk_container_add (GTK_CONTAINER (body), words);
  gtk_container_add (GTK_CONTAINER (overview->support_box), ocs_title_new (_ ("Whom to ask")));
  gtk_container_add (GTK_CONTAINER (overview->support_box), body);
  return overview->support_box;
}

static GtkWidget *
action_bar_new (Overview *overview)
{
  GtkWidget *bar = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  overview->result = ocs_label_new (NULL, NULL);
  /* Or the window would have to be high enough for one word a line. */
  gtk_label_set_width_chars (GTK_LABEL (overview->result), 30);
  overview->send = ocs_button_new (_ ("_Send inventory now"));
  gtk_style_context_add_class (gtk_widget_get_style_context (overview->send), "suggested-action");
  gtk_container_set_border_width (GTK_CONTAINER (bar), OCS_SPACE);
  gtk_box_pack_start (GTK_BOX (bar), overview->result, TRUE, TRUE, 0);
  gtk_box_pack_end (GTK_BOX (bar), overview->send, FALSE, FALSE, 0);
  g_signal_connect (overview->send, "clicked", G_CALLBACK (on_send_clicked), overview);
  return bar;
}

static GtkWidget *
create (OcsModel *model)
{
  Overview *overview = g_new0 (Overview, 1);
  GtkWidget *pane = ocs_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *body = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_WIDE);
  GtkWidget *line = gtk_separator_new (GTK_ORIENTATION_HORIZONTAL);
  GtkWidget *contacts = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  overview->model = model;
  gtk_container_add (GTK_CONTAINER (body), face_new (overview));
  gtk_container_add (GTK_CONTAINER (body), warning_new (overview));
  gtk_container_add (GTK_CONTAINER (body), job_new (overview));
  gtk_container_add (GTK_CONTAINER (body), facts_new (overview));
  overview->history = ocs_history_new ();
  gtk_container_add (GTK_CONTAINER (contacts), ocs_title_new (_ ("Contacts with the server")));
  gtk_container_add (GTK_CONTAINER (contacts), overview->history);
  gtk_container_add (GTK_CONTAINER (body), contacts);
  gtk_container_add (GTK_CONTAINER (body), support_new (overview));
  gtk_widget_set_visible (line, TRUE);
  gtk_container_add (GTK_CONTAINER (pane), ocs_page_scroller_new (body, _ ("Overview")));
  gtk_container_add (GTK_CONTAINER (pane), line);
  gtk_container_add (GTK_CONTAINER (pane), action_bar_new (overview));
  g_object_set_data_full (G_OBJECT (pane), "ocs-overview", overview, overview_free);
  g_signal_connect (pane, "map", G_CALLBACK (on_pane_mapped), overview);
  g_signal_connect_after (pane, "unmap", G_CALLBACK (on_pane_mapped), overview);
  return pane;
}

static void
draw_face (Overview *overview, const OcsPage *page)
{
  const char *shown = NULL;
  gtk_image_get_icon_name (GTK_IMAGE (overview->icon), &shown, NULL);
  if (g_strcmp0 (shown, page->icon) != 0)
    gtk_image_set_from_icon_name (GTK_IMAGE (overview->icon), page->icon, GTK_ICON_SIZE_DIALOG);
  ocs_widget_set_name (overview->icon, page->headline);
  ocs_label_set (overview->headline, page->headline);
  ocs_label_set (overview->why, page->why);
  ocs_label_set (overview->advice, page->advice);
  ocs_label_set (overview->detail, page->detail);
  ocs_label_set (overview->warning, page->warning);
  ocs_widget_set_visible (overview->warning_box, page->warning != NULL);
}

static void
draw_job (GtkWidget *pane, Overview *overview, const OcsPage *page)
{
  ocs_label_set (overview->job, page->job);
  ocs_label_set (overview->figures, page->figures);
  ocs_widget_set_visible (overview->job_box, page->job != NULL);
  overview->endless = page->job && page->fraction < 0;
  if (page->job && page->fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (overview->bar), page->fraction);
  on_pane_mapped (pane, overview);
}

static void
draw_facts (Overview *overview, const OcsPage *page)
{
  ocs_grid_set (overview->last, page->last);
  ocs_grid_set (overview->next, page->next);
  ocs_grid_set (overview->inventory, page->inventory);
  ocs_grid_set (overview->server, page->server);
  ocs_grid_set (overview->machine, page->machine);
  ocs_grid_set (overview->tag, page->tag);
  ocs_grid_set (overview->server_tag, page->server_tag);
  ocs_grid_set (overview->proxy, page->proxy);
  ocs_grid_set (overview->savings, page->savings);
}

/* A picture that cannot be read is simply not there: people cannot mend it. */
static void
draw_logo (Overview *overview, const char *path)
{
  g_autoptr (GError) error = NULL;
  if (g_strcmp0 (overview->logo_path, path) == 0)
    return;
  g_free (overview->logo_path);
  overview->logo_path = g_strdup (path);
  g_autoptr (GdkPixbuf) picture = path ? gdk_pixbuf_new_from_file_at_size (path, LOGO_MAX, LOGO_MAX, &error) : NULL;
  if (error)
    g_message ("the logo is not shown: %s", error->message);
  gtk_image_set_from_pixbuf (GTK_IMAGE (overview->logo), picture);
  ocs_widget_set_visible (overview->logo, picture != NULL);
}

static void
draw_support (Overview *overview)
{
  const OcsPolicy *policy = overview->model->policy;
  const char *tag = overview->model->status->tag;
  g_autofree char *support = ocs_policy_support (policy, g_get_host_name (), tag);
  g_autofree char *link = ocs_policy_link (policy, g_get_host_name (), tag);
  ocs_label_set (overview->support, support);
  if (link && g_strcmp0 (gtk_link_button_get_uri (GTK_LINK_BUTTON (overview->link)), link) != 0)
    gtk_link_button_set_uri (GTK_LINK_BUTTON (overview->link), link);
  ocs_widget_set_visible (overview->link, link != NULL);
  draw_logo (overview, policy->logo);
  ocs_widget_set_visible (overview->support_box, support || link);
}

static void
draw (GtkWidget *pane)
{
  Overview *overview = overview_of (pane);
  const OcsModel *model = overview->model;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (OcsPage) page = ocs_page_build (model->status, &model->request, now, zone);
  draw_face (overview, page);
  draw_job (pane, overview, page);
  draw_facts (overview, page);
  ocs_history_set (overview->history, ocs_timeline_build (model->contacts, now, zone));
  draw_support (overview);
  ocs_label_set (overview->result, page->result);
  gtk_widget_set_sensitive (overview->send, page->can_send);
}

const OcsPaneKind ocs_overview_pane = {
    .name = "overview", .title = N_ ("Overview"), .icon = "go-home-symbolic", .create = create, .draw = draw};
