/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocs-courier: the unprivileged program that speaks with the network for the worker. It keeps nothing on disk. */
#define G_LOG_DOMAIN "ocs-courier"
#include "ipc/names.h"
#include "worker/courier/cage.h"
#include "worker/courier/courier.h"
#include "worker/courier/ticket.h"
#include <curl/curl.h>
#include <glib-unix.h>
#include <libxml/parser.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* It holds logins while it uses them: no core dump, no ptrace by its own user, no way back to more rights. */
static void
close_doors (void)
{
  const struct rlimit none = {0, 0};

  setrlimit (RLIMIT_CORE, &none);
  /* Started by descriptor it would be called by a number. */
  prctl (PR_SET_NAME, "ocs-courier", 0, 0, 0);
#ifndef OCS_SANITIZED /* the leak checker attaches to its own process */
  prctl (PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

static gboolean
on_signal_stop (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static int
open_socket (OcsRole role, const char *folder, GError **error)
{
  int fd = ocs_server_inherited_fd ();
  g_autofree char *path = NULL;

  if (fd >= 0)
    return fd;
  path = g_build_filename (folder != NULL ? folder : OCS_DEFAULT_COURIER_DIR, ocs_role_socket (role), NULL);
  return ocs_server_bind (path, 0600, error);
}

/* PAC files are evaluated by a process of its own, for bulk alone. */
static char *
find_helper (OcsRole role)
{
  g_autofree char *self = role == OCS_ROLE_BULK ? g_file_read_link ("/proc/self/exe", NULL) : NULL;
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : NULL;

  return folder != NULL ? g_build_filename (folder, "ocs-pac", NULL) : NULL;
}

static int
run (OcsRole role, const char *folder)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsCourier) courier = NULL;
  g_auto (GStrv) lacking = NULL;
  g_autofree char *helper = find_helper (role);
  int fd = open_socket (role, folder, &error);

  if (fd >= 0) {
    lacking = ocs_cage_close (helper);
    courier = ocs_courier_new (role, fd, (const char *const *)lacking, &error);
  }
  if (courier == NULL) {
    g_printerr ("ocs-courier: %s\n", error->message);
    return 1;
  }
  g_unix_signal_add (SIGTERM, on_signal_stop, loop);
  g_unix_signal_add (SIGINT, on_signal_stop, loop);
  g_main_loop_run (loop);
  return 0;
}

int
main (int argc, char **argv)
{
  g_autofree char *role_name = NULL, *folder = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {
      {"role", 0, 0, G_OPTION_ARG_STRING, &role_name, "what to serve: control (server, info) or bulk (fragments)", "ROLE"},
      {"runtime-dir", 0, 0, G_OPTION_ARG_FILENAME, &folder, "where to make the socket (" OCS_DEFAULT_COURIER_DIR ")", "DIR"},
      {"version", 0, 0, G_OPTION_ARG_NONE, &version, "print the version", NULL},
      {NULL},
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  OcsRole role;
  int status;

  close_doors ();
  g_option_context_set_summary (context, "Speaks with the network for ocs-worker.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("ocs-courier: %s\n", error->message);
    return 2;
  }
  if (version) {
    g_print ("ocs-courier %s\n", OCS_VERSION);
    return 0;
  }
  if (argc > 1 || !ocs_role_from_name (role_name, &role)) {
    g_printerr ("ocs-courier: say --role=control or --role=bulk and nothing else\n");
    return 2;
  }
  if (!ocs_cage_check (&error)) {
    g_printerr ("ocs-courier: %s\n", error->message);
    return 1;
  }
  signal (SIGPIPE, SIG_IGN);
  /* Before any thread is: where libkrb5, and so libcurl, keep tickets. */
  g_setenv ("KRB5CCNAME", OCS_TICKET_CACHE, TRUE);
  curl_global_init (CURL_GLOBAL_DEFAULT);
  xmlInitParser ();
  status = run (role, folder);
  xmlCleanupParser ();
  curl_global_cleanup ();
  return status;
}
