/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which fragments of a package were fetched past the cache lately because a web page came in their place. A page that the proxy itself
 * makes comes again whatever is asked: each fragment has one try in a day, so that a site of fifty does not ask the origin for ever. Pure.
 */
#pragma once
#include <json-glib/json-glib.h>

/* So many fragments of a package in a day at most. */
#define OCS_PAGES_MAX 100

typedef struct {
  gint64 began;      /* the day counts from here, seconds since the epoch; 0: nothing was fetched so */
  GArray *fragments; /* owned, nullable; element-type gint64 */
} OcsPages;

void ocs_pages_clear (OcsPages *pages);

/* passed_at: when healing last began to fetch the whole past the cache, 0 for never: that was its try. */
gboolean ocs_pages_may_pass (const OcsPages *pages, gint64 fragment, gint64 passed_at, gint64 now);
void ocs_pages_note (OcsPages *pages, gint64 fragment, gint64 now);

/* transfer full; NULL where there is nothing to tell. */
JsonObject *ocs_pages_to_json (const OcsPages *pages);
/* Tolerant; object: nullable. */
void ocs_pages_from_json (OcsPages *pages, JsonObject *object);
