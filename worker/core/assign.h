/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody wants a key of ocsinventory.ini to be: its name understood, its value checked. Names are those of the file and those of
 * the switches of the Windows agent's set-up (WindowsAgent NSIS_agent_setup: CA, PROXY_TYPE …), in any case. Pure. */
#pragma once
#include "worker/core/settings.h"

typedef struct {
  const OcsSettingsKey *key; /* borrowed: static; the table's */
  char *value;               /* owned, nullable: take the key out; a secret is plain here, and wiped */
} OcsAssign;

/* name: KEY or [SECTION]KEY. OCS_ERROR_NOT_FOUND names the key that may be meant; OCS_ERROR_INVALID_DATA says what may stand there and
 * never holds a secret. An empty value takes the key out. */
OcsAssign *ocs_assign_new (const char *name, const char *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_assign_free (OcsAssign *assign);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsAssign, ocs_assign_free)

/* The key that name means; NULL as ocs_assign_new(). */
const OcsSettingsKey *ocs_assign_key (const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Empty; element-type OcsAssign, freed with it. */
GPtrArray *ocs_assigns_new (void);
/* The one for that key, NULL where there is none. borrowed. */
const OcsAssign *ocs_assigns_find (const GPtrArray *assigns, const char *key);
/* Adds what follows from the others unless it is named: a user sets the flag to log in, no user takes it away. */
void ocs_assigns_complete (GPtrArray *assigns);
