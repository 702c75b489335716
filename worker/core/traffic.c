/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/traffic.h"
#include "ipc/json.h"
#include <string.h>

GArray *
ocs_traffic_new (void)
{
  return g_array_new (FALSE, TRUE, sizeof (OcsTrafficDay));
}

static gboolean
is_day (const char *day)
{
  static const char pattern[] = "dddd-dd-dd";

  if (day == NULL || strlen (day) != strlen (pattern))
    return FALSE;
  for (gsize i = 0; i < strlen (pattern); i++)
    if (pattern[i] == 'd' ? !g_ascii_isdigit (day[i]) : day[i] != pattern[i])
      return FALSE;
  return TRUE;
}

/* Its place by date, which the text's order is. NULL where it is older than all of a full table. */
static OcsTrafficDay *
open_day (GArray *days, const char *day)
{
  OcsTrafficDay fresh = {.from_cache = 0};
  guint at = days->len;
  int order = 1;

  while (at > 0 && (order = strcmp (g_array_index (days, OcsTrafficDay, at - 1).day, day)) > 0)
    at--;
  if (at > 0 && order == 0)
    return &g_array_index (days, OcsTrafficDay, at - 1);
  if (days->len >= OCS_TRAFFIC_DAYS_MAX) {
    if (at == 0)
      return NULL;
    g_array_remove_index (days, 0);
    at--;
  }
  g_strlcpy (fresh.day, day, sizeof fresh.day);
  g_array_insert_val (days, at, fresh);
  return &g_array_index (days, OcsTrafficDay, at);
}

void
ocs_traffic_add (GArray *days, const char *day, gboolean from_cache, gint64 bytes)
{
  OcsTrafficDay *row = is_day (day) && bytes > 0 ? open_day (days, day) : NULL;

  if (row != NULL)
    *(from_cache ? &row->from_cache : &row->from_wan) += bytes;
}

JsonArray *
ocs_traffic_to_json (const GArray *days)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < days->len; i++) {
    const OcsTrafficDay *row = &g_array_index (days, OcsTrafficDay, i);
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "day", row->day);
    json_object_set_int_member (object, "from_cache", row->from_cache);
    json_object_set_int_member (object, "from_wan", row->from_wan);
    json_array_add_object_element (array, object);
  }
  return array;
}

GArray *
ocs_traffic_from_json (JsonArray *array)
{
  GArray *days = ocs_traffic_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

    if (object == NULL)
      continue;
    ocs_traffic_add (days, ocs_json_string (object, "day"), TRUE, ocs_json_int (object, "from_cache", 0));
    ocs_traffic_add (days, ocs_json_string (object, "day"), FALSE, ocs_json_int (object, "from_wan", 0));
  }
  return days;
}
