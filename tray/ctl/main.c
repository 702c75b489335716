/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ocsctl: the worker from a terminal or a script. Reads the command line, runs one command, turns its error into an exit status. */
#define G_LOG_DOMAIN "ocsctl"
#include "ipc/client.h"
#include "ipc/error.h"
#include "tray/ctl/command.h"
#include "tray/ctl/sheet.h"
#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdio.h>

static char *
describe_commands (void)
{
  g_autoptr (OcsSheet) sheet = ocs_sheet_new ();
  for (const OcsCommand *command = ocs_commands (); command->words; command++) {
    g_autofree char *usage = g_strdup_printf ("  %s %s", command->words, command->operand);
    ocs_sheet_add_cells (sheet, usage, _ (command->about), NULL);
  }
  g_autofree char *list = ocs_sheet_format (sheet);
  return g_strdup_printf (_ ("Commands:\n%s\nExit status: 0 done, 1 failed, 2 wrong usage, 3 worker not reachable, 4 denied, 5 timed out."),
                          list);
}

static int
usage_error (const char *message)
{
  g_printerr (_ ("ocsctl: %s: see ocsctl --help\n"), message);
  return OCS_EXIT_USAGE;
}

static OcsCommandFlags
given (const OcsCtl *ctl)
{
  return (ctl->wait ? OCS_COMMAND_WAIT : 0) | (ctl->xml ? OCS_COMMAND_XML : 0) | (ctl->follow ? OCS_COMMAND_FOLLOW : 0)
         | (ctl->lines > 0 ? OCS_COMMAND_LINES : 0) | (ctl->yes ? OCS_COMMAND_YES : 0) | (ctl->check ? OCS_COMMAND_CHECK : 0)
         | (ctl->secret_fd >= 0 ? OCS_COMMAND_SECRET : 0);
}

static int
run (OcsCtl *ctl, char **arguments)
{
  g_autoptr (GError) error = NULL;
  char **rest = NULL;
  if (arguments == NULL || arguments[0] == NULL)
    return usage_error (_ ("a command is missing"));
  const OcsCommand *command = ocs_command_find (arguments, &rest);
  if (command == NULL)
    return usage_error (_ ("there is no such command"));
  if ((int)g_strv_length (rest) > command->arguments_max)
    return usage_error (_ ("that is too much for this command"));
  if (given (ctl) & ~command->flags)
    return usage_error (_ ("this command does not take one of these options"));
  if (ctl->xml && ctl->json)
    return usage_error (_ ("either --json or --xml, not both"));
  if (ctl->lines < 0)
    return usage_error (_ ("--lines is a number of lines"));
  if (ctl->timeout < -1)
    return usage_error (_ ("--timeout is a number of seconds"));
  ocs_ctl_start_clock (ctl, ctl->timeout >= 0 ? ctl->timeout : (command->flags & OCS_COMMAND_LASTING) || ctl->wait ? 0 : OCS_CTL_TIMEOUT);
  if (command->run (ctl, rest, &error) && ferror (stdout))
    g_set_error (&error, OCS_ERROR, OCS_ERROR_NO_SPACE, "cannot write to standard output: free some space there, or write elsewhere");
  if (error == NULL)
    return OCS_EXIT_DONE;
  if (ctl->misused)
    return usage_error (error->message);
  OcsExit status = ocs_ctl_exit_status (ctl, error);
  g_autofree char *message = ocs_sheet_clean (error->message);
  if (status == OCS_EXIT_TIMED_OUT)
    g_printerr (_ ("ocsctl: the time is over and it is not done: try again, or with a larger --timeout\n"));
  else
    g_printerr ("ocsctl: %s\n", message);
  return status;
}

int
main (int argc, char **argv)
{
  OcsCtl ctl = {.timeout = -1, .secret_fd = -1};
  g_autofree char *socket = NULL;
  g_auto (GStrv) arguments = NULL;
  gboolean version = FALSE;
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("OCS_LOCALE_DIR") ? g_getenv ("OCS_LOCALE_DIR") : OCS_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  const GOptionEntry entries[] = {
      {"socket", 0, 0, G_OPTION_ARG_FILENAME, &socket, N_ ("The worker's socket"), N_ ("PATH")},
      {"json", 0, 0, G_OPTION_ARG_NONE, &ctl.json, N_ ("Print the worker's JSON"), NULL},
      {"timeout", 0, 0, G_OPTION_ARG_INT, &ctl.timeout, N_ ("Give up after S seconds; 0 waits for ever"), N_ ("S")},
      {"wait", 0, 0, G_OPTION_ARG_NONE, &ctl.wait, N_ ("Wait until the contact is over"), NULL},
      {"xml", 0, 0, G_OPTION_ARG_NONE, &ctl.xml, N_ ("Print the inventory as the server gets it"), NULL},
      {"follow", 'f', 0, G_OPTION_ARG_NONE, &ctl.follow, N_ ("Show new lines as they come"), NULL},
      {"lines", 0, 0, G_OPTION_ARG_INT, &ctl.lines, N_ ("How many of the newest lines at first"), N_ ("N")},
      {"yes", 0, 0, G_OPTION_ARG_NONE, &ctl.yes, N_ ("Cancel without asking again"), NULL},
      {"check", 0, 0, G_OPTION_ARG_NONE, &ctl.check, N_ ("Say what would change, and change nothing"), NULL},
      {"secret-fd", 0, 0, G_OPTION_ARG_INT, &ctl.secret_fd, N_ ("Read further KEY=VALUE lines from descriptor N"), N_ ("N")},
      {"version", 0, 0, G_OPTION_ARG_NONE, &version, N_ ("Print the version and exit"), NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &arguments, NULL, N_ ("COMMAND")},
      {NULL},
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *commands = describe_commands ();
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  g_option_context_set_description (context, commands);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    return usage_error (error->message);
  if (version) {
    ocs_ctl_print ("ocsctl " OCS_VERSION "\n");
    return OCS_EXIT_DONE;
  }
  ctl.socket = ocs_client_socket_path (socket);
  ctl.cancellable = g_cancellable_new ();
  ctl.zone = g_time_zone_new_local ();
  int status = run (&ctl, arguments);
  ocs_ctl_clear (&ctl);
  return status;
}
