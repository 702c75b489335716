/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
#include <json-glib/json-glib.h>

/* FALSE where reply is a Varlink error; it is then set, as an OCS_ERROR with the message in its parameters. */
gboolean ocs_reply_check (JsonObject *reply, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of the trailer of an upgraded connection. */
gboolean ocs_reply_check_trailer (JsonObject *trailer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
