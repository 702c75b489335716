/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/way.h"
#include "ipc/json.h"

static const char *const why_names[] = {"none",        "configured", "fallback", "pac",        "found",
                                        "environment", "bypassed",   "purpose",  "pac_direct", "last_resort"};
G_STATIC_ASSERT (G_N_ELEMENTS (why_names) == OCS_WHY_N);

const char *
ocs_why_name (OcsWhy why)
{
  return why_names[(guint)why < OCS_WHY_N ? why : OCS_WHY_NONE];
}

OcsWhy
ocs_why_from_name (const char *name)
{
  for (guint i = 0; i < OCS_WHY_N; i++)
    if (g_strcmp0 (name, why_names[i]) == 0)
      return (OcsWhy)i;
  return OCS_WHY_NONE;
}

OcsWay *
ocs_way_new (const char *purpose, const char *kind, const char *host, gint64 port, OcsWhy why)
{
  OcsWay *way = g_new0 (OcsWay, 1);

  way->purpose = g_strdup (purpose != NULL ? purpose : "");
  way->kind = g_strdup (kind != NULL ? kind : "none");
  way->host = host != NULL && *host != '\0' ? g_strdup (host) : NULL;
  way->port = port;
  way->why = why;
  return way;
}

void
ocs_way_free (OcsWay *way)
{
  if (way == NULL)
    return;
  g_free (way->purpose);
  g_free (way->kind);
  g_free (way->host);
  g_free (way);
}

JsonArray *
ocs_ways_to_json (GPtrArray *ways)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; ways != NULL && i < ways->len; i++) {
    const OcsWay *way = ways->pdata[i];
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "purpose", way->purpose);
    json_object_set_string_member (object, "kind", way->kind);
    ocs_json_set_string (object, "host", way->host);
    json_object_set_int_member (object, "port", way->port);
    json_object_set_string_member (object, "why", ocs_why_name (way->why));
    json_array_add_object_element (array, object);
  }
  return array;
}

GPtrArray *
ocs_ways_from_json (JsonArray *array)
{
  GPtrArray *ways = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_way_free);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);
    JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

    if (object != NULL)
      g_ptr_array_add (ways,
                       ocs_way_new (ocs_json_string (object, "purpose"), ocs_json_string (object, "kind"), ocs_json_string (object, "host"),
                                    ocs_json_int (object, "port", 0), ocs_why_from_name (ocs_json_string (object, "why"))));
  }
  return ways;
}
