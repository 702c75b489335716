/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One device of the test server. Values only. */
#include "tests/lab/lab-device.h"

#include "tests/lab/lab-xml.h"

OcsLabDevice *
ocs_lab_device_new (const char *id)
{
  OcsLabDevice *device = g_new0 (OcsLabDevice, 1);
  device->id = g_strdup (id);
  device->results = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  device->history = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  device->account = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  device->reports = json_array_new ();
  /* The database's default (accountinfo.TAG of the schema). */
  g_hash_table_insert (device->account, g_strdup ("TAG"), g_strdup ("NA"));
  return device;
}

void
ocs_lab_device_free (gpointer data)
{
  OcsLabDevice *device = data;
  g_free (device->id);
  g_free (device->user_agent);
  g_free (device->inventory);
  g_free (device->checksum);
  g_hash_table_unref (device->results);
  g_hash_table_unref (device->history);
  g_hash_table_unref (device->account);
  json_array_unref (device->reports);
  g_free (device);
}

gboolean
ocs_lab_device_is_meant (const OcsLabDevice *device, JsonObject *package)
{
  if (!json_object_has_member (package, "devices") || json_object_get_null_member (package, "devices"))
    return TRUE;
  JsonArray *devices = json_object_get_array_member (package, "devices");
  for (guint i = 0; i < json_array_get_length (devices); i++) {
    if (g_strcmp0 (json_array_get_string_element (devices, i), device->id) == 0)
      return TRUE;
  }
  return FALSE;
}

void
ocs_lab_device_set_result (OcsLabDevice *device, const char *id, const char *result)
{
  g_hash_table_insert (device->results, g_strdup (id), g_strdup (result));
}

/* Download.pm: the word is kept as it is. A report for a package that was never offered changes nothing, but is shown. */
void
ocs_lab_device_report (OcsLabDevice *device, const char *id, const char *err)
{
  JsonObject *report = json_object_new ();
  json_object_set_string_member (report, "id", id);
  json_object_set_string_member (report, "err", err);
  json_array_add_object_element (device->reports, report);
  if (g_hash_table_contains (device->results, id))
    ocs_lab_device_set_result (device, id, err);
}

static void
take_history (OcsLabDevice *device, xmlNode *content)
{
  xmlNode *history = ocs_lab_xml_child (ocs_lab_xml_child (content, "DOWNLOAD"), "HISTORY");
  g_hash_table_remove_all (device->history);
  for (xmlNode *node = history ? history->children : NULL; node; node = node->next) {
    char *id = node->type == XML_ELEMENT_NODE ? ocs_lab_xml_value (node, "ID") : NULL;
    if (id)
      g_hash_table_add (device->history, id);
  }
}

GHashTable *
ocs_lab_device_take_inventory (OcsLabDevice *device, xmlNode *content, const char *xml)
{
  GHashTable *echoed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  device->inventories++;
  g_free (device->inventory);
  device->inventory = g_strdup (xml);
  g_free (device->checksum);
  device->checksum = ocs_lab_xml_value (ocs_lab_xml_child (content, "HARDWARE"), "CHECKSUM");
  take_history (device, content);
  for (xmlNode *node = content->children; node; node = node->next) {
    if (node->type != XML_ELEMENT_NODE || !g_str_equal ((const char *)node->name, "ACCOUNTINFO"))
      continue;
    char *name = ocs_lab_xml_value (node, "KEYNAME");
    char *value = ocs_lab_xml_value (node, "KEYVALUE");
    if (name)
      g_hash_table_insert (echoed, name, value ? value : g_strdup (""));
    else
      g_free (value);
  }
  return echoed;
}

void
ocs_lab_device_adopt_account (OcsLabDevice *device, GHashTable *echoed)
{
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init (&iter, echoed);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_insert (device->account, g_strdup (name), g_strdup (value));
}

gboolean
ocs_lab_device_account_equals (const OcsLabDevice *device, GHashTable *echoed)
{
  GHashTableIter iter;
  gpointer name, value;
  if (g_hash_table_size (device->account) != g_hash_table_size (echoed))
    return FALSE;
  g_hash_table_iter_init (&iter, device->account);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    if (g_strcmp0 (g_hash_table_lookup (echoed, name), value) != 0)
      return FALSE;
  }
  return TRUE;
}

static JsonObject *
object_of (GHashTable *map)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name, value;
  g_hash_table_iter_init (&iter, map);
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (object, name, value);
  return object;
}

JsonObject *
ocs_lab_device_describe (const OcsLabDevice *device)
{
  JsonObject *state = json_object_new ();
  JsonArray *history = json_array_new ();
  g_autoptr (GList) ids = g_list_sort (g_hash_table_get_keys (device->history), (GCompareFunc)g_strcmp0);
  for (GList *id = ids; id; id = id->next)
    json_array_add_string_element (history, id->data);
  json_object_set_string_member (state, "user_agent", device->user_agent);
  json_object_set_string_member (state, "checksum", device->checksum);
  json_object_set_string_member (state, "inventory", device->inventory);
  json_object_set_int_member (state, "prologs", device->prologs);
  json_object_set_int_member (state, "inventories", device->inventories);
  json_object_set_int_member (state, "notifies", device->notifies);
  json_object_set_object_member (state, "results", object_of (device->results));
  json_object_set_object_member (state, "accountinfo", object_of (device->account));
  json_object_set_array_member (state, "history", history);
  json_object_set_array_member (state, "reports", json_array_ref (device->reports));
  return state;
}
