/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands, and each command's function. */
#pragma once
#include "tray/ctl/ctl.h"

/* arguments: those behind the command's own words, as many as the table allows. */
typedef gboolean (*OcsCommandFunc) (OcsCtl *ctl, char **arguments, GError **error);

/* The options that not every command takes, and how long it may last. */
typedef enum {
  OCS_COMMAND_PLAIN = 0,
  OCS_COMMAND_WAIT = 1 << 0,
  OCS_COMMAND_XML = 1 << 1,
  OCS_COMMAND_FOLLOW = 1 << 2,
  OCS_COMMAND_LINES = 1 << 3,
  OCS_COMMAND_YES = 1 << 8,
  OCS_COMMAND_CHECK = 1 << 9,
  OCS_COMMAND_SECRET = 1 << 10,
  OCS_COMMAND_LASTING = 1 << 16, /* has no time limit of its own */
} OcsCommandFlags;

typedef struct {
  const char *words;   /* "inventory send" */
  const char *operand; /* for the help: "[ID]" or "" */
  int arguments_max;
  OcsCommandFlags flags;
  const char *about; /* for the help, translatable */
  OcsCommandFunc run;
} OcsCommand;

/* Ends with words == NULL. */
const OcsCommand *ocs_commands (void);
/* The command that arguments (as typed) begin with. rest: where its own arguments start. NULL where there is none. */
const OcsCommand *ocs_command_find (char **arguments, char ***rest);

gboolean ocs_command_status (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_answer (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_packages (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_proxy (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_proxy_test (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_contact (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_inventory_send (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_inventory_show (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_configure (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_import (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_drop (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_log (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_report (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_tag (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_command_watch (OcsCtl *ctl, char **arguments, GError **error) G_GNUC_WARN_UNUSED_RESULT;
