/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The courier's service: what each of its two roles serves, and to whom. */
#pragma once
#include "ipc/server.h"

typedef enum {
  OCS_ROLE_CONTROL, /* the server and info files */
  OCS_ROLE_BULK,    /* fragments: what a hostile proxy reaches can deliver wrong bytes at most */
} OcsRole;

typedef struct _OcsCourier OcsCourier;

/* FALSE for an unknown name. */
gboolean ocs_role_from_name (const char *name, OcsRole *role) G_GNUC_WARN_UNUSED_RESULT;
const char *ocs_role_socket (OcsRole role); /* "courier-bulk.sock" */

/* fd: a listening socket, transfer full. lacking: nullable; what GetConfinement tells. Only root and this process's own user are served. */
OcsCourier *ocs_courier_new (OcsRole role, int fd, const char *const *lacking, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_courier_free (OcsCourier *courier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsCourier, ocs_courier_free)
