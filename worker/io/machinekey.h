/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key under which this machine seals its logins: the systemd credential "ocs-companion.key", else the file "key" in the state folder
 * (0600). A copy of the ini alone opens nothing. */
#pragma once
#include "worker/core/seal.h"

typedef struct {
  guint8 bytes[OCS_SEAL_KEY_SIZE];
} OcsMachineKey;

/* make: where there is none, make one and keep it. NULL without an error where there is none and none was to be made; OCS_ERROR_* where it
 * cannot be read, or kept, or has another length. */
OcsMachineKey *ocs_machinekey_load (const char *state_dir, gboolean make, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Wipes, then frees. */
void ocs_machinekey_free (OcsMachineKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsMachineKey, ocs_machinekey_free)
/* From the kernel. */
gboolean ocs_machinekey_random (guint8 *bytes, gsize size);
