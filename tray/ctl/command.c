/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands. A command is its row here and one function; nothing else knows the list. */
#define G_LOG_DOMAIN "ocs-command"
#include "tray/ctl/command.h"

#include <glib/gi18n-lib.h>

static const OcsCommand commands[] = {
    {"status", "", 0, OCS_COMMAND_PLAIN, N_ ("show what the worker does and how all is"), ocs_command_status},
    {"contact", "[--wait]", 0, OCS_COMMAND_WAIT, N_ ("contact the server now"), ocs_command_contact},
    {"inventory send", "[--wait]", 0, OCS_COMMAND_WAIT, N_ ("contact the server and send the inventory"), ocs_command_inventory_send},
    {"inventory show", "[--xml]", 0, OCS_COMMAND_XML | OCS_COMMAND_LASTING, N_ ("show what the inventory says"),
     ocs_command_inventory_show},
    {"packages", "[ID]", 1, OCS_COMMAND_PLAIN, N_ ("list the packages, or show one"), ocs_command_packages},
    {"answer", "ID now|later [MINUTES]|cancel|pause|resume|done", 3, OCS_COMMAND_YES | OCS_COMMAND_LASTING,
     N_ ("answer a question of the worker; status shows them"), ocs_command_answer},
    {"proxy test", "", 0, OCS_COMMAND_LASTING, N_ ("test the way to the server, step by step"), ocs_command_proxy_test},
    {"proxy", "", 0, OCS_COMMAND_PLAIN, N_ ("show the proxy and what its cache saved"), ocs_command_proxy},
    {"drop", "ID", 1, OCS_COMMAND_LASTING, N_ ("drop a package that has not begun to run"), ocs_command_drop},
    {"configure", "[--check] [--secret-fd=N] KEY=VALUE… [NOW]", 200,
     OCS_COMMAND_WAIT | OCS_COMMAND_CHECK | OCS_COMMAND_SECRET | OCS_COMMAND_LASTING,
     N_ ("set keys of ocsinventory.ini, or show what is set"), ocs_command_configure},
    {"import", "[--check] FILE", 1, OCS_COMMAND_CHECK | OCS_COMMAND_LASTING, N_ ("set what another agent's file sets"), ocs_command_import},
    {"log", "[-f] [--lines=N]", 0, OCS_COMMAND_FOLLOW | OCS_COMMAND_LINES | OCS_COMMAND_LASTING,
     N_ ("show what the worker has said lately"), ocs_command_log},
    {"report", "[FILE]", 1, OCS_COMMAND_LASTING, N_ ("write what a help desk asks for into one archive"), ocs_command_report},
    {"tag", "[VALUE]", 1, OCS_COMMAND_PLAIN, N_ ("show the TAG of this machine, or say it"), ocs_command_tag},
    {"watch", "", 0, OCS_COMMAND_LASTING, N_ ("show each change until interrupted"), ocs_command_watch},
    {NULL},
};

const OcsCommand *
ocs_commands (void)
{
  return commands;
}

const OcsCommand *
ocs_command_find (char **arguments, char ***rest)
{
  for (const OcsCommand *command = commands; command->words; command++) {
    g_auto (GStrv) words = g_strsplit (command->words, " ", -1);
    guint n = 0;
    while (words[n] && g_strcmp0 (words[n], arguments[n]) == 0)
      n++;
    if (words[n])
      continue;
    *rest = arguments + n;
    return command;
  }
  return NULL;
}
