/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <glib.h>

/* What a package asks for (ACT in its info file). */
typedef enum {
  OCS_ACTION_STORE,   /* unpack to PATH */
  OCS_ACTION_EXECUTE, /* unpack, run COMMAND by a shell */
  OCS_ACTION_LAUNCH,  /* unpack, run the unpacked file NAME */
} OcsAction;

const char *ocs_action_name (OcsAction action); /* "STORE" */
/* Any case. FALSE where name is none of the three. */
gboolean ocs_action_from_name (const char *name, OcsAction *action) G_GNUC_WARN_UNUSED_RESULT;
