/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes ocsinventory.ini for an administrator: all that is asked for, or nothing. What would leave a worker that works without a server
 * or without a certificate to check it by is refused before anything is written. */
#pragma once
#include "worker/core/assign.h"
#include "worker/setup.h"

typedef struct {
  GPtrArray *changed;  /* owned; element-type char*: "[HTTP]Server", in the order asked for; empty where all was so already */
  GPtrArray *warnings; /* owned; element-type char*: what the file as it is then makes the worker say that it did not say before */
} OcsConfigured;

/* path: of the ini, made where it is not there, 0600; a symbolic link is followed. state_dir: has the key of this machine, which is made
 * for the first login. assigns: element-type OcsAssign. check: nothing is written.
 * OCS_ERROR_DENIED where a drop-in sets the key, OCS_ERROR_NOT_CONFIGURED or _TLS where the result would not do, and as durable.h. */
OcsConfigured *ocs_configure (const char *path, const char *state_dir, const GPtrArray *assigns, gboolean check,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The setup as it would be then, for a test of it; nothing is written, and what would not do is no error: ocs_setup_check() tells. */
OcsSetup *ocs_configure_draft (const char *path, const char *state_dir, const GPtrArray *assigns, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_configured_free (OcsConfigured *configured);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsConfigured, ocs_configured_free)
