/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <json-glib/json-glib.h>

/* Whether reply is a Varlink error; it is then set, as an OCS_ERROR with the message in its parameters. */
gboolean ocs_reply_fails (JsonObject *reply, GError **error);
