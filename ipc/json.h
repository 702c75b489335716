/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading JSON that somebody else wrote: every getter gives the fallback for a member that is absent, null or of another type. */
#pragma once
#include <json-glib/json-glib.h>

const char *ocs_json_string (JsonObject *object, const char *member); /* borrowed, NULL as the fallback */
gint64 ocs_json_int (JsonObject *object, const char *member, gint64 fallback);
gboolean ocs_json_bool (JsonObject *object, const char *member, gboolean fallback);
JsonObject *ocs_json_object (JsonObject *object, const char *member);     /* borrowed, nullable */
JsonArray *ocs_json_array (JsonObject *object, const char *member);       /* borrowed, nullable */
GHashTable *ocs_json_string_map (JsonObject *object, const char *member); /* transfer full; string → string; empty as the fallback */

/* Leaves the member out where value is NULL. */
void ocs_json_set_string (JsonObject *object, const char *member, const char *value);
void ocs_json_set_object (JsonObject *object, const char *member, JsonObject *value); /* value: transfer full, nullable */

/* One line, without a NUL byte at the end. */
char *ocs_json_write (JsonObject *object);
/* Text must be one object, at most length bytes, nested at most OCS_NESTING_MAX deep; OCS_ERROR_INVALID_DATA otherwise. */
JsonObject *ocs_json_parse (const char *text, gsize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
