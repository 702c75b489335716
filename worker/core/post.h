/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What POSTCMD asks for once the server has a package's result, and whether now is the time. Pure. */
#pragma once
#include <glib.h>

typedef enum {
  OCS_POST_NONE,
  OCS_POST_COMMAND,
  OCS_POST_RESTART,
  OCS_POST_SHUTDOWN,
} OcsPostKind;

/* postcmd: nullable; REBOOT and SHUTDOWN as the Windows agent has them, anything else is a command line. */
OcsPostKind ocs_post_kind (const char *postcmd);

typedef enum {
  OCS_POST_DO,
  OCS_POST_WAIT,    /* not behind anybody's back, and not in the middle of another package */
  OCS_POST_SETTLED, /* the machine has been restarted since, by whomever */
} OcsPostDecision;

typedef struct {
  const char *boot_then; /* nullable; boot id when the result was taken */
  const char *boot_now;  /* nullable */
  gboolean agreed;       /* people have agreed or are not there, and no package runs */
} OcsPostFacts;

OcsPostDecision ocs_post_decide (OcsPostKind kind, const OcsPostFacts *facts);
