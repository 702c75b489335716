/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Joins the worker's status, the view and the two things that show it. A status is drawn at once, but at most ten times a second; while
 * nothing changes nothing wakes up, except once a minute for the relative times of a window that is seen. Must never block. */
#define G_LOG_DOMAIN "ocs-app"
#include "tray/app.h"
#include "tray/assistant/assistant.h"

#include "ipc/names.h"
#include "tray/about.h"
#include "tray/dialogs.h"
#include "tray/fullscreen.h"
#include "tray/indicator.h"
#include "tray/model.h"
#include "tray/notifier.h"
#include "tray/theme.h"
#include "tray/window.h"
#include <glib/gi18n-lib.h>
#include <string.h>

#define DRAW_INTERVAL_MS 100
#define MINUTE_S 60

typedef struct {
  GtkApplication *application; /* owned */
  char *icon_dir;              /* owned, nullable */
  OcsModel *model;             /* owned, nullable until the first command line */
  OcsIndicator *indicator;     /* owned, nullable until the first status, so that it never shows a state that is not so */
  OcsFullscreen *fullscreen;   /* owned, nullable until the first status, like the next two */
  OcsDialogs *dialogs;
  OcsNotifier *notifier;
  OcsWindow *window;    /* owned, nullable until it is first opened */
  GtkWidget *about;     /* borrowed: the application's; NULL while it is closed */
  GtkWidget *assistant; /* the same */
  gint64 drawn;         /* monotonic, µs */
  guint draw;           /* source id */
  guint minute;         /* source id; only while the window is seen */
} App;

static void on_row_chosen (const OcsRow *row, gpointer user_data);
static void on_menu_opened (gpointer user_data);
static void on_fullscreen_ended (gpointer user_data);

static void
draw (App *app)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (OcsMenu) menu = ocs_menu_build (app->model->status, &app->model->request, app->model->policy, now, zone);
  app->drawn = g_get_monotonic_time ();
  if (app->indicator == NULL && app->model->answered)
    app->indicator = ocs_indicator_new (app->icon_dir, on_row_chosen, on_menu_opened, app);
  if (app->indicator)
    ocs_indicator_show (app->indicator, menu);
  if (app->fullscreen == NULL && app->model->answered) {
    app->fullscreen = ocs_fullscreen_new (on_fullscreen_ended, app);
    app->dialogs = ocs_dialogs_new (app->application, app->model, app->fullscreen);
    app->notifier = ocs_notifier_new (G_APPLICATION (app->application), app->model, app->fullscreen);
  }
  if (app->dialogs)
    ocs_dialogs_draw (app->dialogs);
  if (app->notifier)
    ocs_notifier_step (app->notifier);
  if (app->window)
    ocs_window_draw (app->window);
}

static gboolean
on_draw_due (gpointer user_data)
{
  App *app = user_data;
  app->draw = 0;
  draw (app);
  return G_SOURCE_REMOVE;
}

static void
schedule_draw (App *app)
{
  gint64 past = (g_get_monotonic_time () - app->drawn) / 1000;
  if (app->draw == 0)
    app->draw = g_timeout_add (past >= DRAW_INTERVAL_MS ? 0 : (guint)(DRAW_INTERVAL_MS - past), on_draw_due, app);
}

static void
on_model_change (OcsModel *model, gpointer user_data)
{
  schedule_draw (user_data);
}

/* What waited for it comes up now. */
static void
on_fullscreen_ended (gpointer user_data)
{
  schedule_draw (user_data);
}

static gboolean
on_minute_passed (gpointer user_data)
{
  schedule_draw (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_window_shown (gpointer user_data)
{
  App *app = user_data;
  gboolean shown = app->window && ocs_window_is_shown (app->window);
  if (shown && app->minute == 0)
    app->minute = g_timeout_add_seconds (MINUTE_S, on_minute_passed, app);
  if (!shown)
    g_clear_handle_id (&app->minute, g_source_remove);
  if (shown)
    schedule_draw (app);
}

static void
open_window (App *app, const char *id)
{
  if (app->window == NULL)
    app->window = ocs_window_new (app->application, app->model, on_window_shown, app);
  ocs_window_present (app->window, id);
}

static void
send_inventory (App *app)
{
  ocs_model_send_inventory (app->model);
}

static void
open_about (App *app)
{
  if (app->about == NULL) {
    app->about = ocs_about_new (app->application);
    g_signal_connect (app->about, "destroy", G_CALLBACK (gtk_widget_destroyed), &app->about);
  }
  gtk_window_present (GTK_WINDOW (app->about));
}

static void
open_assistant (App *app)
{
  if (app->assistant == NULL) {
    app->assistant = ocs_assistant_new (app->application, app->model);
    g_signal_connect (app->assistant, "destroy", G_CALLBACK (gtk_widget_destroyed), &app->assistant);
  }
  gtk_window_present (GTK_WINDOW (app->assistant));
}

static void
quit (App *app)
{
  g_application_quit (G_APPLICATION (app->application));
}

/* Rows of the menu and actions of the window's menu; a line that is none of them opens the window. */
static const struct {
  const char *id;
  void (*run) (App *app);
} commands[] = {{"send", send_inventory}, {"about", open_about}, {"setup", open_assistant}, {"quit", quit}};

static gboolean
run_command (App *app, const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (strcmp (commands[i].id, id) == 0) {
      commands[i].run (app);
      return TRUE;
    }
  return FALSE;
}

static void
on_action_activate (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  (void)run_command (user_data, g_action_get_name (G_ACTION (action)));
}

/* Without a question that stands, what became of it is on the page of the deployments. */
static void
open_question (App *app, const char *id)
{
  if (app->dialogs == NULL || !ocs_dialogs_open (app->dialogs, id))
    open_window (app, "deployments");
}

static void
on_question_activate (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  open_question (user_data, g_variant_get_string (parameter, NULL));
}

/* What a notification opens. */
static void
on_show_activate (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  open_window (user_data, g_variant_get_string (parameter, NULL));
}

static void
on_row_chosen (const OcsRow *row, gpointer user_data)
{
  App *app = user_data;
  if (strcmp (row->id, "questions") == 0)
    open_question (app, "");
  else if (!run_command (app, row->id))
    open_window (app, row->id);
}

/* The panel waits for the menu, so it gets the right times at once. */
static void
on_menu_opened (gpointer user_data)
{
  draw (user_data);
}

static int
on_application_local_options (GApplication *application, GVariantDict *options, gpointer user_data)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  g_print ("ocs-tray %s\n", OCS_VERSION);
  return 0;
}

static int
on_application_command_line (GApplication *application, GApplicationCommandLine *line, gpointer user_data)
{
  App *app = user_data;
  const char *path = NULL;
  GVariantDict *options = g_application_command_line_get_options_dict (line);
  if (app->model == NULL) {
    g_variant_dict_lookup (options, "socket", "^&ay", &path);
    g_autofree char *socket = ocs_client_socket_path (path);
    g_application_hold (application);
    app->model = ocs_model_new (socket, on_model_change, app);
  }
  if (!g_variant_dict_contains (options, "background"))
    open_window (app, NULL);
  return 0;
}

static void
add_opener (GApplication *application, const char *name, GCallback callback, App *app)
{
  g_autoptr (GSimpleAction) action = g_simple_action_new (name, G_VARIANT_TYPE_STRING);
  g_signal_connect (action, "activate", callback, app);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (action));
}

static void
on_application_startup (GApplication *application, gpointer user_data)
{
  App *app = user_data;
  ocs_theme_follow (app->application);
  if (app->icon_dir)
    gtk_icon_theme_prepend_search_path (gtk_icon_theme_get_default (), app->icon_dir);
  gtk_window_set_default_icon_name (OCS_TRAY_APP_ID);
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autoptr (GSimpleAction) action = g_simple_action_new (commands[i].id, NULL);
    g_signal_connect (action, "activate", G_CALLBACK (on_action_activate), app);
    g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (action));
  }
  add_opener (application, "show", G_CALLBACK (on_show_activate), app);
  add_opener (application, "question", G_CALLBACK (on_question_activate), app);
}

static void
add_options (GApplication *application)
{
  static const GOptionEntry entries[] = {
      {"socket", 0, 0, G_OPTION_ARG_FILENAME, NULL, N_ ("The worker's socket"), N_ ("PATH")},
      {"background", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Start without opening the window"), NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Print the version and exit"), NULL},
      {NULL},
  };
  g_application_add_main_option_entries (application, entries);
}

static void
app_clear (App *app)
{
  g_clear_handle_id (&app->draw, g_source_remove);
  g_clear_handle_id (&app->minute, g_source_remove);
  g_clear_pointer (&app->about, gtk_widget_destroy);
  g_clear_pointer (&app->assistant, gtk_widget_destroy);
  g_clear_pointer (&app->window, ocs_window_free);
  g_clear_pointer (&app->notifier, ocs_notifier_free);
  g_clear_pointer (&app->dialogs, ocs_dialogs_free);
  g_clear_pointer (&app->fullscreen, ocs_fullscreen_free);
  g_clear_pointer (&app->indicator, ocs_indicator_free);
  g_clear_pointer (&app->model, ocs_model_free);
  g_clear_object (&app->application);
  g_clear_pointer (&app->icon_dir, g_free);
}

int
ocs_app_run (const char *icon_dir, int argc, char **argv)
{
  App app = {.icon_dir = g_strdup (icon_dir)};
  app.application = gtk_application_new (OCS_TRAY_APP_ID, G_APPLICATION_HANDLES_COMMAND_LINE);
  add_options (G_APPLICATION (app.application));
  g_signal_connect (app.application, "handle-local-options", G_CALLBACK (on_application_local_options), &app);
  g_signal_connect_after (app.application, "startup", G_CALLBACK (on_application_startup), &app);
  g_signal_connect (app.application, "command-line", G_CALLBACK (on_application_command_line), &app);
  int status = g_application_run (G_APPLICATION (app.application), argc, argv);
  app_clear (&app);
  return status;
}
