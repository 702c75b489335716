/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tray's icon and menu as data: what the indicator draws, and nothing that it would have to decide. Pure. */
#pragma once
#include "ipc/status.h"
#include "tray/view/policy.h"
#include "tray/view/request.h"
#include <glib.h>

typedef enum {
  OCS_ROW_LINE,      /* says something; choosing it opens the window (an insensitive line is skipped by keyboard and screen reader) */
  OCS_ROW_SEPARATOR, /* label is NULL */
  OCS_ROW_COMMAND,   /* does what its id says: "setup", "send", "deployments", "inventory", "diagnose", "open", "about", "quit" */
} OcsRowKind;

typedef struct {
  OcsRowKind kind;
  const char *id; /* borrowed: a constant; names the row across changes */
  char *label;    /* owned, nullable */
  gboolean sensitive;
} OcsRow;

typedef struct {
  char *icon;        /* owned; the name of a symbolic icon */
  char *title;       /* owned; for a tooltip: "OCS Companion: Waiting. Package 5 waits for its time" */
  char *description; /* owned; the accessible description of the icon; the same words */
  char *label;       /* owned; beside the icon where the panel draws it: "45 %", or "" */
  GPtrArray *rows;   /* owned; element-type OcsRow */
} OcsMenu;

OcsMenu *ocs_menu_build (const OcsStatus *status, const OcsRequest *request, const OcsPolicy *policy, gint64 now, GTimeZone *zone);
void ocs_menu_free (OcsMenu *menu);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsMenu, ocs_menu_free)

/* "ocs-companion-needs-you", with "-symbolic" at the end where symbolic. Transfer full. */
char *ocs_menu_icon (OcsState state, gboolean symbolic);
/* Why the state is what it is, in one sentence. Transfer full, nullable. */
char *ocs_menu_why (const OcsStatus *status);
/* What to do about it. Borrowed, nullable. */
const char *ocs_menu_advice (const OcsStatus *status);
