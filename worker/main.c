/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-worker"
#include "ipc/error.h"
#include "ipc/limits.h"
#include "ipc/names.h"
#include "ipc/server.h"
#include "worker/agent.h"
#include "worker/exporter.h"
#include "worker/inventory/collect.h"
#include "worker/io/confined.h"
#include "worker/io/program.h"
#include "worker/io/supervisor.h"
#include "worker/offline.h"
#include "worker/service.h"
#include "worker/takeover.h"
#include <errno.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>

typedef struct {
  char *config;
  char *state_dir;
  char *runtime_dir;
  char *courier_user;
  gboolean spawn_courier;
  gboolean print_inventory;
  gboolean once;
  gboolean debug;
  gboolean version;
  gboolean take_over;
  gboolean configure;
  gboolean print_windows_ini;
  gboolean check;
  char *import;
  int secret_fd;
  char **arguments;
} Options;

typedef struct {
  Options options;
  GMainLoop *loop;
  int inherited; /* a listening socket from systemd, -1 for none */
  OcsSite site;
  OcsAgent *agent;
  OcsService *service;
  OcsExporter *exporter;
  OcsProgram *control;
  OcsProgram *bulk;
  gboolean confined_asked;
} Worker;

static gboolean
on_signal (gpointer user_data)
{
  g_main_loop_quit (((Worker *)user_data)->loop);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_reload (gpointer user_data)
{
  ocs_agent_reload (((Worker *)user_data)->agent);
  return G_SOURCE_CONTINUE;
}

static void
on_confined (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Worker *worker = user_data;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lacking = ocs_confined_ask_finish (result, &error);

  if (lacking == NULL) {
    g_debug ("%s", error->message);
    worker->confined_asked = FALSE; /* at the next occasion */
    return;
  }
  for (guint i = 0; lacking[i] != NULL; i++)
    g_message ("%s", lacking[i]);
  worker->site.lacking = g_steal_pointer (&lacking);
  if (worker->service != NULL)
    ocs_service_changed (worker->service);
}

/* Once, and not before it is needed anyway: the call would start one. */
static void
ask_couriers (Worker *worker, OcsAgent *agent)
{
  g_autofree char *socket = NULL;

  if (worker->confined_asked || worker->agent == NULL || !ocs_agent_is_busy (agent))
    return;
  worker->confined_asked = TRUE;
  socket = g_build_filename (worker->options.spawn_courier ? worker->options.runtime_dir : OCS_DEFAULT_COURIER_DIR,
                             OCS_COURIER_CONTROL_SOCKET, NULL);
  ocs_confined_ask_async (socket, NULL, on_confined, worker);
}

static void
on_agent_change (OcsAgent *agent, gpointer user_data)
{
  Worker *worker = user_data;

  ask_couriers (worker, agent);
  if (worker->service != NULL)
    ocs_service_changed (worker->service);
  if (worker->exporter != NULL)
    ocs_exporter_changed (worker->exporter);
  if (worker->options.once && worker->agent != NULL && !ocs_agent_is_busy (agent))
    g_main_loop_quit (worker->loop);
}

static int
fail (const GError *error)
{
  g_printerr ("ocs-worker: %s\n", error->message);
  return 1;
}

/* Captured machines can be inventoried in tests. */
static const char *
inventory_root (void)
{
  const char *root = g_getenv ("OCS_INVENTORY_ROOT");

  return root != NULL ? root : "/";
}

static int
print_inventory (const Options *options)
{
  g_autoptr (OcsSetup) setup = ocs_setup_load (options->config, options->state_dir);
  OcsCollectOptions collect = {
      .root = inventory_root (),
      .no_software = setup->settings->no_software,
      .extensions = setup->settings->extensions,
      .user_domain = setup->settings->user_domain,
  };
  g_autoptr (OcsInventory) inventory = ocs_collect (&collect, NULL);
  OcsEnvelope envelope = {.deviceid = "unsent-1970-01-01-00-00-00", .checksum = OCS_CHECKSUM_EVERYTHING};
  gsize length = 0;
  g_autofree char *xml = ocs_inventory_to_xml (inventory, &envelope, &length);

  for (guint i = 0; i < ocs_inventory_notes (inventory)->len; i++) {
    const OcsNote *note = ocs_inventory_notes (inventory)->pdata[i];

    g_printerr ("ocs-worker: %s: %s\n", note->section, note->why);
  }
  return fwrite (xml, 1, length, stdout) == length && fflush (stdout) == 0 ? 0 : 1;
}

static gboolean
open_couriers (Worker *worker, GError **error)
{
  const Options *options = &worker->options;
  const char *folder = options->spawn_courier ? options->runtime_dir : OCS_DEFAULT_COURIER_DIR;
  g_autofree char *control = g_build_filename (folder, OCS_COURIER_CONTROL_SOCKET, NULL);
  g_autofree char *bulk = g_build_filename (folder, OCS_COURIER_BULK_SOCKET, NULL);

  worker->site.dispatch = ocs_dispatch_new (control, bulk);
  if (!options->spawn_courier)
    return TRUE;
  worker->control = ocs_program_spawn_courier ("control", control, options->courier_user, error);
  worker->bulk = worker->control != NULL ? ocs_program_spawn_courier ("bulk", bulk, options->courier_user, error) : NULL;
  return worker->bulk != NULL;
}

static gboolean
open_service (Worker *worker, GError **error)
{
  g_autofree char *path = g_build_filename (worker->options.runtime_dir, OCS_WORKER_SOCKET, NULL);
  int fd = worker->inherited;

  worker->inherited = -1;
  if (fd < 0)
    fd = ocs_server_bind (path, 0666, error);
  if (fd < 0)
    return FALSE;
  worker->service = ocs_service_new (&worker->site, worker->agent, fd, error);
  return worker->service != NULL;
}

/* By itself only where it is installed: a worker out of a build folder is another machine to the server. */
static gboolean
take_over (Worker *worker, GError **error)
{
  const Options *options = &worker->options;
  g_autoptr (OcsTakeover) done = NULL;

  if (!g_str_equal (options->state_dir, OCS_DEFAULT_STATE_DIR))
    return TRUE;
  done = ocs_takeover (worker->site.store, options->config, worker->site.root, error);
  for (guint i = 0; done != NULL && i < done->notes->len; i++)
    g_message ("%s", (const char *)done->notes->pdata[i]);
  return done != NULL;
}

static gboolean
open_all (Worker *worker, GError **error)
{
  const Options *options = &worker->options;

  if (g_mkdir_with_parents (options->runtime_dir, 0755) != 0) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_DENIED, "cannot make %s: %s; name another folder with --runtime-dir", options->runtime_dir,
                 g_strerror (errno));
    return FALSE;
  }
  worker->site.store = ocs_store_open (options->state_dir, error);
  if (worker->site.store == NULL)
    return FALSE;
  worker->site.root = inventory_root ();
  if (!take_over (worker, error))
    return FALSE;
  worker->site.setup = ocs_setup_load (options->config, options->state_dir);
  if (worker->site.setup->settings->debug > 0)
    g_log_set_debug_enabled (TRUE);
  worker->site.ledger = ocs_ledger_load (worker->site.store, worker->site.setup->settings, worker->site.root, error);
  if (worker->site.ledger == NULL || !open_couriers (worker, error))
    return FALSE;
  ocs_scout_keep_clock (ocs_dispatch_scout (worker->site.dispatch), worker->site.ledger->clock);
  worker->agent = ocs_agent_new (&worker->site, on_agent_change, worker);
  worker->exporter = ocs_exporter_new (&worker->site, worker->agent, options->runtime_dir);
  return open_service (worker, error);
}

static void
close_all (Worker *worker)
{
  g_clear_pointer (&worker->service, ocs_service_free);
  ocs_exporter_free (g_steal_pointer (&worker->exporter), worker->options.once);
  g_clear_pointer (&worker->agent, ocs_agent_free);
  g_clear_pointer (&worker->control, ocs_program_end);
  g_clear_pointer (&worker->bulk, ocs_program_end);
  g_clear_pointer (&worker->site.dispatch, ocs_dispatch_free);
  if (worker->site.ledger != NULL)
    ocs_ledger_save_counters (worker->site.ledger);
  g_clear_pointer (&worker->site.ledger, ocs_ledger_free);
  g_clear_pointer (&worker->site.setup, ocs_setup_free);
  g_clear_pointer (&worker->site.lacking, g_strfreev);
  g_clear_pointer (&worker->site.lanes, ocs_lanes_unref);
  g_clear_pointer (&worker->site.store, ocs_store_close);
  g_clear_pointer (&worker->loop, g_main_loop_unref);
}

static int
serve (Worker *worker)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsSupervisor) supervisor = NULL;
  const OcsReason *problem;
  int status = 0;

  /* First of all, as it changes the environment, which no thread may read meanwhile. */
  worker->inherited = ocs_server_inherited_fd ();
  worker->site.journal = ocs_journal_new ();
  worker->site.lanes = ocs_collect_lanes ();
  supervisor = ocs_supervisor_new ();
  worker->loop = g_main_loop_new (NULL, FALSE);
  if (!open_all (worker, &error)) {
    status = fail (error);
    close_all (worker);
    return status;
  }
  g_unix_signal_add (SIGTERM, on_signal, worker);
  g_unix_signal_add (SIGINT, on_signal, worker);
  g_unix_signal_add (SIGHUP, on_reload, worker);
  ocs_agent_start (worker->agent);
  ocs_supervisor_ready (supervisor);
  if (worker->options.once)
    ocs_agent_contact (worker->agent);
  g_main_loop_run (worker->loop);
  problem = ocs_agent_problem (worker->agent);
  if (worker->options.once && problem != NULL) {
    g_printerr ("ocs-worker: %s\n", problem->message);
    status = 1;
  }
  close_all (worker);
  return status;
}

static gboolean
parse (Options *options, int *argc, char ***argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- keeps this machine known to its OCS Inventory server");
  g_autoptr (GError) error = NULL;
  const GOptionEntry entries[] = {
      {"config", 0, 0, G_OPTION_ARG_FILENAME, &options->config, "The ini file (" OCS_DEFAULT_CONFIG ")", "FILE"},
      {"state-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->state_dir, "What is remembered (" OCS_DEFAULT_STATE_DIR ")", "DIR"},
      {"runtime-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->runtime_dir, "The sockets (" OCS_DEFAULT_RUNTIME_DIR ")", "DIR"},
      {"spawn-courier", 0, 0, G_OPTION_ARG_NONE, &options->spawn_courier,
       "Start the couriers instead of finding them in " OCS_DEFAULT_COURIER_DIR, NULL},
      {"courier-user", 0, 0, G_OPTION_ARG_STRING, &options->courier_user, "Start them as this user", "NAME"},
      {"print-inventory", 0, 0, G_OPTION_ARG_NONE, &options->print_inventory, "Print the inventory and exit, without any network", NULL},
      {"once", 0, 0, G_OPTION_ARG_NONE, &options->once, "Contact the server, do what it offers, report and exit", NULL},
      {"debug", 0, 0, G_OPTION_ARG_NONE, &options->debug, "Say more in the log", NULL},
      {"take-over", 0, 0, G_OPTION_ARG_NONE, &options->take_over, "Take the place of the Perl agent, say what was taken over, and exit",
       NULL},
      {"configure", 0, 0, G_OPTION_ARG_NONE, &options->configure, "Set KEY=VALUE… in the ini file and exit", NULL},
      {"import", 0, 0, G_OPTION_ARG_FILENAME, &options->import, "Set what FILE of another agent has set, and exit", "FILE"},
      {"print-windows-ini", 0, 0, G_OPTION_ARG_NONE, &options->print_windows_ini,
       "Print the ini file with its logins in the form that the Windows agent reads, and exit", NULL},
      {"check", 0, 0, G_OPTION_ARG_NONE, &options->check, "With --configure and --import: say what would change", NULL},
      {"secret-fd", 0, 0, G_OPTION_ARG_INT, &options->secret_fd, "With --configure: read KEY=VALUE lines from descriptor N too", "N"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->arguments, NULL, NULL},
      {"version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version and exit", NULL},
      {NULL},
  };

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    g_printerr ("ocs-worker: %s; see --help\n", error->message);
    return FALSE;
  }
  if (options->arguments == NULL || options->configure)
    return TRUE;
  g_printerr ("ocs-worker: '%s' is not understood; see --help\n", options->arguments[0]);
  return FALSE;
}

/* As many connections as the socket's own caps allow, and some files. */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 2 * OCS_CONNECTIONS_MAX) {
    limit.rlim_cur = MIN (limit.rlim_max, 2 * OCS_CONNECTIONS_MAX);
    setrlimit (RLIMIT_NOFILE, &limit);
  }
}

static int
set_up (const Options *options)
{
  OcsOffline offline = {
      .config = options->config,
      .state_dir = options->state_dir,
      .root = inventory_root (),
      .check = options->check,
      .secret_fd = options->secret_fd,
  };

  if (options->take_over)
    return ocs_offline_take_over (&offline);
  if (options->print_windows_ini)
    return ocs_offline_print_windows (&offline);
  return options->import != NULL ? ocs_offline_import (&offline, options->import) : ocs_offline_configure (&offline, options->arguments);
}

static void
fill_in (char **value, const char *fallback)
{
  if (*value == NULL)
    *value = g_strdup (fallback);
}

int
main (int argc, char **argv)
{
  Worker worker = {.options = {.secret_fd = -1}};
  Options *options = &worker.options;
  int status = 2;

  setlocale (LC_ALL, "");
  if (parse (options, &argc, &argv)) {
    fill_in (&options->config, OCS_DEFAULT_CONFIG);
    fill_in (&options->state_dir, OCS_DEFAULT_STATE_DIR);
    fill_in (&options->runtime_dir, OCS_DEFAULT_RUNTIME_DIR);
    prctl (PR_SET_DUMPABLE, 0);
    raise_file_limit ();
    if (options->debug)
      g_log_set_debug_enabled (TRUE);
    if (options->version)
      status = printf ("ocs-worker %s\n", OCS_VERSION) > 0 ? 0 : 1;
    else if (options->take_over || options->configure || options->print_windows_ini || options->import != NULL)
      status = set_up (options);
    else if (options->print_inventory)
      status = print_inventory (options);
    else
      status = serve (&worker);
  }
  g_free (options->config);
  g_free (options->state_dir);
  g_free (options->runtime_dir);
  g_free (options->courier_user);
  g_free (options->import);
  g_strfreev (options->arguments);
  return status;
}
