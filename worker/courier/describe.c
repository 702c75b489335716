/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Describe: fetches the info file of a package and reads it. */
#define G_LOG_DOMAIN "ocs-describe"
#include "worker/core/infofile.h"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"

static JsonObject *
build_attributes (GHashTable *attributes)
{
  JsonObject *object = json_object_new ();
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, attributes);
  while (g_hash_table_iter_next (&iter, &name, &value))
    json_object_set_string_member (object, name, value);
  return object;
}

static void
on_transfer_done (OcsTransfer *transfer, const GError *error, gpointer user_data)
{
  OcsErrand *errand = user_data;
  GByteArray *body = ocs_transfer_body (transfer);
  g_autoptr (GHashTable) attributes = NULL;
  g_autoptr (GError) bad_reply = NULL;
  JsonObject *reply;

  if (error == NULL) {
    attributes = ocs_infofile_parse (body->len > 0 ? (const char *)body->data : "", body->len, &bad_reply);
    error = bad_reply;
  }
  if (error != NULL) {
    ocs_errand_fail (errand, error);
    return;
  }
  reply = json_object_new ();
  json_object_set_object_member (reply, "attributes", build_attributes (attributes));
  json_object_set_object_member (reply, "traffic", ocs_transfer_traffic (transfer));
  ocs_errand_reply (errand, reply);
}

void
ocs_describe_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  static const OcsTransferCallbacks callbacks = {.done = on_transfer_done};
  OcsErrand *errand = ocs_errand_new (user_data, call, parameters);
  OcsOptions request = {.purpose = OCS_PURPOSE_INFO, .body_max = OCS_INFOFILE_MAX};

  if (errand != NULL)
    ocs_errand_start (errand, &request, &callbacks);
}
