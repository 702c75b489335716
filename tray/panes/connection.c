/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to the server: what it is, what it brought by day, and, where somebody wants to know, a diagnosis step by step as it goes. */
#define G_LOG_DOMAIN "ocs-connection"
#include "tray/view/connection.h"
#include "ipc/error.h"
#include "tray/feed.h"
#include "tray/late.h"
#include "tray/pane.h"
#include "tray/plot.h"
#include "tray/view/words.h"
#include "tray/widgets.h"
#include <glib/gi18n-lib.h>

/* Seconds without a step; a proxy that does not answer takes its time. */
#define SILENCE 180
#define DATA "ocs-connection"

typedef struct {
  OcsModel *model;   /* borrowed: outlives us */
  GtkWidget *server; /* borrowed: in the page, like all that follow */
  GtkWidget *encryption, *proxy, *login, *cache, *trouble, *ways, *savings;
  GtkWidget *plot_box, *plot;
  GtkWidget *test, *spinner, *frame, *list, *summary;
  OcsFeed *feed; /* owned, nullable; while a diagnosis runs */
  guint steps, bad;
  gint64 traffic; /* sum of the bytes when the days were read, -1 for never */
} Connection;

static void
connection_free (gpointer data)
{
  Connection *connection = data;
  ocs_feed_free (connection->feed);
  g_free (connection);
}

static void
set_running (Connection *connection, gboolean running)
{
  g_object_set (connection->spinner, "active", running, NULL);
  ocs_widget_set_visible (connection->spinner, running);
  gtk_button_set_label (GTK_BUTTON (connection->test), running ? _ ("_Stop") : _ ("_Diagnose"));
}

static void
add_step (Connection *connection, const OcsTestStep *step)
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
  gtk_list_box_insert (GTK_LIST_BOX (connection->list), row, -1);
  ocs_widget_set_visible (connection->frame, TRUE);
}

static void
on_feed_reply (OcsFeed *feed, JsonObject *reply, gpointer user_data)
{
  Connection *connection = user_data;
  g_autoptr (OcsTestStep) step = ocs_test_step_from_json (reply);
  if (step == NULL)
    return;
  connection->steps++;
  connection->bad += step->bad;
  add_step (connection, step);
}

static void
on_feed_end (OcsFeed *feed, const GError *error, gpointer user_data)
{
  Connection *connection = user_data;
  g_autoptr (OcsReason) reason = error ? ocs_reason_new_from_error (error) : NULL;
  g_autofree char *happened = ocs_words_reason (reason);
  g_autofree char *summary = ocs_test_step_summary (connection->steps, connection->bad);
  g_clear_pointer (&connection->feed, ocs_feed_free);
  set_running (connection, FALSE);
  if (error && g_error_matches (error, OCS_ERROR, OCS_ERROR_UNREACHABLE))
    ocs_label_set (connection->summary, ocs_words_state (OCS_STATE_NOT_RUNNING));
  else
    ocs_label_set (connection->summary, error ? happened : summary);
}

static void
on_test_clicked (GtkButton *button, gpointer user_data)
{
  Connection *connection = user_data;
  GtkListBoxRow *row = NULL;
  if (connection->feed) {
    g_clear_pointer (&connection->feed, ocs_feed_free);
    set_running (connection, FALSE);
    ocs_label_set (connection->summary, _ ("Stopped before its end"));
    return;
  }
  while ((row = gtk_list_box_get_row_at_index (GTK_LIST_BOX (connection->list), 0)) != NULL)
    gtk_widget_destroy (GTK_WIDGET (row));
  connection->steps = connection->bad = 0;
  ocs_widget_set_visible (connection->frame, FALSE);
  ocs_label_set (connection->summary, NULL);
  set_running (connection, TRUE);
  connection->feed = ocs_feed_new (connection->model->socket, "TestProxy", NULL, SILENCE, on_feed_reply, on_feed_end, connection);
}

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
  GtkWidget *line = ocs_box_new (GTK_ORIENTATION_HORIZONTAL, OCS_SPACE);
  connection->test = ocs_button_new (_ ("_Diagnose"));
  connection->spinner = gtk_spinner_new ();
  connection->summary = ocs_title_new (NULL);
  connection->frame = ocs_list_new (_ ("Steps of the diagnosis"), &connection->list);
  ocs_widget_set_name (connection->spinner, _ ("The diagnosis runs"));
  ocs_widget_set_visible (connection->frame, FALSE);
  gtk_box_pack_start (GTK_BOX (line),
                      ocs_label_new (_ ("Tries each step of the way to the server and its packages. Nothing is changed."), NULL), TRUE,
                      TRUE, 0);
  gtk_box_pack_end (GTK_BOX (line), connection->test, FALSE, FALSE, 0);
  gtk_box_pack_end (GTK_BOX (line), connection->spinner, FALSE, FALSE, 0);
  gtk_container_add (GTK_CONTAINER (box), ocs_title_new (_ ("Diagnosis")));
  gtk_container_add (GTK_CONTAINER (box), line);
  gtk_container_add (GTK_CONTAINER (box), connection->frame);
  gtk_container_add (GTK_CONTAINER (box), connection->summary);
  g_signal_connect (connection->test, "clicked", G_CALLBACK (on_test_clicked), connection);
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
  g_object_set_data_full (G_OBJECT (pane), DATA, connection, connection_free);
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
  g_autoptr (OcsConnection) shown = ocs_connection_build (connection->model->status);
  ocs_grid_set (connection->server, shown->server);
  ocs_grid_set (connection->encryption, shown->encryption);
  ocs_grid_set (connection->proxy, shown->proxy);
  ocs_grid_set (connection->login, shown->login);
  ocs_grid_set (connection->cache, shown->cache);
  ocs_grid_set (connection->trouble, shown->trouble);
  ocs_grid_set (connection->ways, shown->ways);
  ocs_grid_set (connection->savings, shown->savings);
  gtk_widget_set_sensitive (connection->test, ocs_model_is_running (connection->model));
  read_traffic (pane, connection);
}

const OcsPaneKind ocs_connection_pane = {
    .name = "connection", .title = N_ ("Connection"), .icon = "network-workgroup-symbolic", .create = create, .draw = draw};
