/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A strict JSON parser (RFC 8259) for text from strangers. json-glib's own recurses without a limit, takes comments for blanks and
 * ends the program at an unpaired surrogate; only its values are used here. Pure. */
#pragma once
#include <json-glib/json-glib.h>

/* Text must be one object of length bytes, nested at most OCS_NESTING_MAX deep, with at most nodes_max values.
 * A whole number that does not fit 64 bits becomes a double; of two members of one name the later one stays. transfer full;
 * OCS_ERROR_INVALID_DATA otherwise. */
JsonObject *ocs_parse_object (const char *text, gsize length, guint nodes_max, GError **error) G_GNUC_WARN_UNUSED_RESULT;
