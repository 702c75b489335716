/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of ocs_client_call_async(), on a connection of its own. Internal to the client. */
#pragma once
#include <gio/gio.h>
#include <json-glib/json-glib.h>

/* parameters: transfer full, nullable. Needs nothing of the client after this. */
void ocs_client_call_start (const char *path, const char *method, JsonObject *parameters, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
