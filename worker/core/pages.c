/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/pages.h"
#include "ipc/json.h"

#define DAY (24 * 3600)

void
ocs_pages_clear (OcsPages *pages)
{
  g_clear_pointer (&pages->fragments, g_array_unref);
  pages->began = 0;
}

/* A clock that was set back knows nothing of yesterday. */
static gboolean
is_today (gint64 then, gint64 now)
{
  return then > 0 && then <= now && now - then < DAY;
}

static guint
count (const OcsPages *pages)
{
  return pages->fragments != NULL ? pages->fragments->len : 0;
}

gboolean
ocs_pages_may_pass (const OcsPages *pages, gint64 fragment, gint64 passed_at, gint64 now)
{
  if (is_today (passed_at, now))
    return FALSE;
  if (!is_today (pages->began, now))
    return TRUE;
  for (guint i = 0; i < count (pages); i++)
    if (g_array_index (pages->fragments, gint64, i) == fragment)
      return FALSE;
  return count (pages) < OCS_PAGES_MAX;
}

void
ocs_pages_note (OcsPages *pages, gint64 fragment, gint64 now)
{
  if (!is_today (pages->began, now))
    ocs_pages_clear (pages);
  if (pages->fragments == NULL) {
    pages->fragments = g_array_new (FALSE, FALSE, sizeof (gint64));
    pages->began = now;
  }
  if (count (pages) < OCS_PAGES_MAX)
    g_array_append_val (pages->fragments, fragment);
}

JsonObject *
ocs_pages_to_json (const OcsPages *pages)
{
  JsonObject *object;
  JsonArray *fragments;

  if (count (pages) == 0)
    return NULL;
  object = json_object_new ();
  fragments = json_array_new ();
  for (guint i = 0; i < count (pages); i++)
    json_array_add_int_element (fragments, g_array_index (pages->fragments, gint64, i));
  json_object_set_int_member (object, "began", pages->began);
  json_object_set_array_member (object, "fragments", fragments);
  return object;
}

void
ocs_pages_from_json (OcsPages *pages, JsonObject *object)
{
  JsonArray *fragments = ocs_json_array (object, "fragments");
  gint64 began = ocs_json_int (object, "began", 0);

  ocs_pages_clear (pages);
  for (guint i = 0; fragments != NULL && began > 0 && i < json_array_get_length (fragments); i++)
    if (JSON_NODE_HOLDS_VALUE (json_array_get_element (fragments, i)))
      ocs_pages_note (pages, json_array_get_int_element (fragments, i), began);
}
