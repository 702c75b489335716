/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Web pages that somebody on the way (a portal, a proxy) puts in the place of what was asked for. */
#pragma once
#include <glib.h>

/* Whether an object begins as a web page does. content_type: nullable. No archive begins so: a part of a package that does, is none. */
gboolean ocs_webpage_is_one (const char *content_type, const guint8 *bytes, gsize length);

/* Whether location, a redirect's, leads away from server, "host:port". A path alone does not. */
gboolean ocs_webpage_leads_away (const char *location, const char *server);
