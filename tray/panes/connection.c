/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to the server: what it is, what it brought by day, and, where somebody wants to know, a diagnosis step by step as it goes. */
#define G_LOG_DOMAIN "ocs-connection"
#include "tray/late.h"
#include "tray/pane.h"
#include "tray/plot.h"
#include "tray/trial.h"
#include "tray/view/reach.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

#define DATA "ocs-connection"

typedef struct {
  OcsModel *model;   /* borrowed: outlives us */
  GtkWidget *server; /* borrowed: in the page, like all that follow */
  GtkWidget *encryption, *proxy, *login, *cache, *trouble, *ways, *savings;
  GtkWidget *plot_box, *plot;
  GtkWidget *trial;
  gint64 traffic; /* sum of the bytes when the days were read, -1 for never */
} Connection;

static GtkWidget *
facts_new (Connection *connection)
{
  GtkWidget *grid = ocs_grid_new ();
  connection->server = ocs_grid_add (grid, 0, _ ("Server"));
  connection->encryption = ocs_grid_add (grid, 1, _ ("Encryption"));
  connection->proxy = ocs_grid_add (grid, 2, _ ("Proxy"));
  connection->login = ocs_grid_add (grid, 3, _ ("Login"));
  connection->cache = ocs_grid_add (grid, 4, _ ("Cache"));
  connection->trouble = ocs_grid_add (grid, 5, _ ("Trouble"));
  connection->ways = ocs_grid_add (grid, 6, _ ("Ways"));
  connection->savings = ocs_grid_add (grid, 7, _ ("Packages came"));
  return grid;
}

static GtkWidget *
plot_box_new (Connection *connection)
{
  connection->plot_box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  connection->plot = ocs_plot_new ();
  gtk_container_add (GTK_CONTAINER (connection->plot_box),
                     ocs_title_new (_ ("Packages by day: full from the cache, striped over the line")));
  gtk_container_add (GTK_CONTAINER (connection->plot_box), connection->plot);
  ocs_widget_set_visible (connection->plot_box, FALSE);
  return connection->plot_box;
}

static GtkWidget *
diagnosis_new (Connection *connection)
{
  GtkWidget *box = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_TIGHT);
  connection->trial = ocs_trial_new (connection->model, _ ("_Diagnose"),
                                     _ ("Tries each step of the way to the server and its packages. Nothing is changed."), NULL, NULL);
  gtk_container_add (GTK_CONTAINER (box), ocs_title_new (_ ("Diagnosis")));
  gtk_container_add (GTK_CONTAINER (box), connection->trial);
  return box;
}

static GtkWidget *
create (OcsModel *model)
{
  Connection *connection = g_new0 (Connection, 1);
  GtkWidget *body = ocs_box_new (GTK_ORIENTATION_VERTICAL, OCS_SPACE_WIDE);
  connection->model = model;
  connection->traffic = -1;
  gtk_container_add (GTK_CONTAINER (body), facts_new (connection));
  gtk_container_add (GTK_CONTAINER (body), diagnosis_new (connection));
  gtk_container_add (GTK_CONTAINER (body), plot_box_new (connection));
  GtkWidget *pane = ocs_page_scroller_new (body, _ ("Connection"));
  g_object_set_data_full (G_OBJECT (pane), DATA, connection, g_free);
  return pane;
}

/* An older worker does not count by day: then there is no plot. */
static void
on_traffic (gpointer owner, JsonObject *reply, const GError *error)
{
  Connection *connection = owner;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  if (reply == NULL)
    return;
  ocs_plot_set (connection->plot, ocs_traffic_from_json (reply, g_get_real_time () / G_USEC_PER_SEC, zone));
  ocs_widget_set_visible (connection->plot_box, TRUE);
}

/* The days grow with what came; they are read again when the sums differ, but not with each piece of a download. */
static void
read_traffic (GtkWidget *pane, Connection *connection)
{
  const OcsProxyStatus *proxy = &connection->model->status->proxy;
  gint64 sum = proxy->from_cache + proxy->from_wan;
  gboolean grows = connection->traffic >= 0 && connection->model->status->job != NULL;
  if (!ocs_model_is_running (connection->model) || connection->traffic == sum || grows)
    return;
  connection->traffic = sum;
  ocs_late_call (connection->model, pane, DATA, "GetTraffic", NULL, on_traffic);
}

static void
draw (GtkWidget *pane)
{
  Connection *connection = g_object_get_data (G_OBJECT (pane), DATA);
  g_autoptr (OcsReach) shown = ocs_reach_build (connection->model->status);
  ocs_grid_set (connection->server, shown->server);
  ocs_grid_set (connection->encryption, shown->encryption);
  ocs_grid_set (connection->proxy, shown->proxy);
  ocs_grid_set (connection->login, shown->login);
  ocs_grid_set (connection->cache, shown->cache);
  ocs_grid_set (connection->trouble, shown->trouble);
  ocs_grid_set (connection->ways, shown->ways);
  ocs_grid_set (connection->savings, shown->savings);
  ocs_trial_set_possible (connection->trial, ocs_model_is_running (connection->model));
  read_traffic (pane, connection);
}

const OcsPaneKind ocs_connection_pane = {
    .name = "connection", .title = N_ ("Connection"), .icon = "network-workgroup-symbolic", .create = create, .draw = draw};
