/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small OCS server for tests: behaves like the real one, misbehaves on demand, and tells what it saw. Loopback only.
 * Prints {"port": N, "tls_port": N} on one line when it is ready; SIGTERM ends it. */
#include "tests/lab/lab-control.h"
#include "tests/lab/lab-http.h"

#include <glib-unix.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

typedef struct {
  int port, tls_port;
  char *cert, *key, *root; /* owned */
} Options;

static gboolean
parse_options (Options *options, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
      {"port", 0, 0, G_OPTION_ARG_INT, &options->port, "port for HTTP, 0 for a free one", "N"},
      {"tls-port", 0, 0, G_OPTION_ARG_INT, &options->tls_port, "port for HTTPS, 0 for a free one", "N"},
      {"cert", 0, 0, G_OPTION_ARG_FILENAME, &options->cert, "certificate (PEM); without it there is no HTTPS", "FILE"},
      {"key", 0, 0, G_OPTION_ARG_FILENAME, &options->key, "its key (PEM)", "FILE"},
      {"root", 0, 0, G_OPTION_ARG_FILENAME, &options->root, "folder served at /download", "DIR"},
      {NULL, 0, 0, 0, NULL, NULL, NULL}};
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, NULL);
  return g_option_context_parse (context, &argc, &argv, error);
}

static gboolean
listen_all (OcsLabHttp *http, OcsLabOcs *ocs, const Options *options, GError **error)
{
  g_autofree char *cert = NULL;
  g_autofree char *key = NULL;
  ocs->port = ocs_lab_http_listen (http, (guint16)options->port, NULL, NULL, error);
  if (!ocs->port)
    return FALSE;
  if (!options->cert || !options->key)
    return TRUE;
  if (!g_file_get_contents (options->cert, &cert, NULL, error) || !g_file_get_contents (options->key, &key, NULL, error))
    return FALSE;
  ocs->tls_port = ocs_lab_http_listen (http, (guint16)options->tls_port, cert, key, error);
  return ocs->tls_port != 0;
}

static gboolean
on_signal_stop (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_CONTINUE;
}

/* A herd of clients needs more than the usual 1,024 descriptors. */
static void
raise_file_limit (void)
{
  struct rlimit limit;
  if (getrlimit (RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
      g_printerr ("ocs-test-server: cannot raise the limit of open files\n");
  }
}

static int
run (const Options *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (OcsLabControl) control = ocs_lab_control_new (options->root);
  g_autoptr (OcsLabHttp) http = ocs_lab_http_new (control->rules, control->log, ocs_lab_control_serve, control);
  if (!listen_all (http, control->ocs, options, &error)) {
    g_printerr ("ocs-test-server: %s\n", error->message);
    return 1;
  }
  /* Before anybody knows that it is there, who may end it at once. */
  guint term = g_unix_signal_add (SIGTERM, on_signal_stop, loop);
  guint intr = g_unix_signal_add (SIGINT, on_signal_stop, loop);
  printf ("{\"port\": %u, \"tls_port\": %u}\n", control->ocs->port, control->ocs->tls_port);
  fflush (stdout);
  g_main_loop_run (loop);
  g_source_remove (term);
  g_source_remove (intr);
  return 0;
}

int
main (int argc, char **argv)
{
  Options options = {0};
  g_autoptr (GError) error = NULL;
  signal (SIGPIPE, SIG_IGN);
  raise_file_limit ();
  int rc = 2;
  if (parse_options (&options, argc, argv, &error))
    rc = run (&options);
  else
    g_printerr ("ocs-test-server: %s\n", error->message);
  g_free (options.cert);
  g_free (options.key);
  g_free (options.root);
  return rc;
}
