/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The methods of org.ocscompanion.Worker on the worker's socket. */
#pragma once
#include "worker/agent.h"

typedef struct _OcsService OcsService;

/* fd: a listening socket, transfer full. */
OcsService *ocs_service_new (OcsSite *site, OcsAgent *agent, int fd, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_service_free (OcsService *service);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsService, ocs_service_free)

/* Tells the watchers; cheap to call often. */
void ocs_service_changed (OcsService *service);
