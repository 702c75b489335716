/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/contacts.h"
#include "ipc/json.h"

static void
free_outcome (gpointer data)
{
  ocs_outcome_free (data);
}

GPtrArray *
ocs_contacts_new (void)
{
  return g_ptr_array_new_with_free_func (free_outcome);
}

void
ocs_contacts_add (GPtrArray *contacts, OcsOutcome *outcome)
{
  g_ptr_array_add (contacts, outcome);
  if (contacts->len > OCS_CONTACTS_MAX)
    g_ptr_array_remove_range (contacts, 0, contacts->len - OCS_CONTACTS_MAX);
}

JsonObject *
ocs_contacts_to_json (const GPtrArray *contacts)
{
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_sized_new (contacts->len);

  for (guint i = 0; i < contacts->len; i++)
    json_array_add_object_element (array, ocs_outcome_to_json (contacts->pdata[i]));
  json_object_set_array_member (object, "contacts", array);
  return object;
}

GPtrArray *
ocs_contacts_from_json (JsonObject *object)
{
  GPtrArray *contacts = ocs_contacts_new ();
  JsonArray *array = ocs_json_array (object, "contacts");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_OBJECT (node))
      ocs_contacts_add (contacts, ocs_outcome_from_json (json_node_get_object (node)));
  }
  return contacts;
}
