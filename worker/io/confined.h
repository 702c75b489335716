/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks a courier what this kernel does not hold of its confinement, for the warnings that people see. */
#pragma once
#include <gio/gio.h>

/* socket: of any of the couriers, which run on one kernel. */
void ocs_confined_ask_async (const char *socket, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* In words, transfer full. */
GStrv ocs_confined_ask_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;
