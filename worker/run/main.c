/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocs-run: extracts and runs one verified package and leaves its result for the worker. */
#define G_LOG_DOMAIN "ocs-run"
#include "worker/run/session.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Nothing that happens to whoever started us may reach us: no terminal, no hang-up, no broken pipe. */
static void
stand_alone (void)
{
  int fd;

  while ((fd = open ("/dev/null", O_RDWR)) >= 0 && fd <= 2)
    ;
  if (fd > 2)
    close (fd);
  setsid (); /* fails where we lead a session already */
  signal (SIGHUP, SIG_IGN);
  signal (SIGPIPE, SIG_IGN);
  signal (SIGINT, SIG_IGN);
  umask (022);
  /* Names in archives are UTF-8, whatever the locale of the one who started us. */
  if (setlocale (LC_CTYPE, "C.UTF-8") == NULL)
    setlocale (LC_CTYPE, "en_US.UTF-8");
}

static int
usage (const char *message)
{
  g_printerr ("ocs-run: %s\n", message);
  return 2;
}

int
main (int argc, char **argv)
{
  g_autofree char *state_dir = NULL;
  gboolean version = FALSE;
  const GOptionEntry entries[] = {{"state-dir", 0, 0, G_OPTION_ARG_FILENAME, &state_dir, "The worker's state folder", "DIR"},
                                  {"version", 0, 0, G_OPTION_ARG_NONE, &version, "Print the version", NULL},
                                  {NULL}};
  g_autoptr (GOptionContext) context = g_option_context_new ("ID");
  g_autoptr (GError) error = NULL;

  g_option_context_set_summary (context, "Runs the package ID that lies in DIR/packages/ID/ and writes result.json there.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return usage (error->message);
  if (version) {
    g_print ("ocs-run " OCS_VERSION "\n");
    return 0;
  }
  if (state_dir == NULL || argc != 2)
    return usage ("say --state-dir=DIR and one ID; see --help");
  stand_alone ();
  if (ocs_session_run (state_dir, argv[1], &error))
    return 0;
  g_printerr ("ocs-run: package %s: %s\n", argv[1], error->message);
  return 1;
}
