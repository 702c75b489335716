/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes the place of the Perl agent (ocsinventory-agent): who this machine is to the server, its account information, which packages have
 * run, and its configuration. Nothing of the Perl agent's is changed, so that installing it again is the way back. */
#pragma once
#include "worker/io/store.h"

typedef struct {
  char *deviceid;   /* owned, nullable; the one that is kept */
  guint packages;   /* that have run */
  GPtrArray *notes; /* owned; element-type char*, lines for people: what was taken over, and what could not be */
} OcsTakeover;

/* Only where the state has no identity of its own yet and there was a Perl agent; otherwise the result is without deviceid and notes.
 * config: our ini, written only where neither it nor a drop-in is there. root: "/", or where a machine in a test has its files.
 * The identity is written last: what a crash cut short is done again. Fails only where the state cannot be written. */
OcsTakeover *ocs_takeover (OcsStore *store, const char *config, const char *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_takeover_free (OcsTakeover *takeover);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTakeover, ocs_takeover_free)
