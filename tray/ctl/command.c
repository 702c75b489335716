/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands. A command is its row here and one function; nothing else knows the list. */
#define G_LOG_DOMAIN "ocs-command"
#include "tray/ctl/command.h"

#include <glib/gi18n-lib.h>

static const OcsCommand commands[] = {
    {"status", "", 0, FALSE, FALSE, FALSE, N_ ("show what the worker does and how all is"), ocs_command_status},
    {"contact", "[--wait]", 0, TRUE, FALSE, FALSE, N_ ("contact the server now"), ocs_command_contact},
    {"inventory send", "[--wait]", 0, TRUE, FALSE, FALSE, N_ ("contact the server and send the inventory"), ocs_command_inventory_send},
    {"inventory show", "[--xml]", 0, FALSE, TRUE, TRUE, N_ ("show what the inventory says"), ocs_command_inventory_show},
    {"packages", "[ID]", 1, FALSE, FALSE, FALSE, N_ ("list the packages, or show one"), ocs_command_packages},
    {"proxy", "", 0, FALSE, FALSE, FALSE, N_ ("show the proxy and what its cache saved"), ocs_command_proxy},
    {"watch", "", 0, FALSE, FALSE, TRUE, N_ ("show each change until interrupted"), ocs_command_watch},
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
