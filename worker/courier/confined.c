/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GetConfinement: what of the courier's cage this kernel does not hold. */
#define G_LOG_DOMAIN "ocs-confined"
#include "ipc/json.h"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"

void
ocs_confined_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  const OcsErrands *errands = user_data;
  JsonObject *reply = json_object_new ();
  JsonArray *lacking = json_array_new ();

  for (guint i = 0; errands->lacking != NULL && errands->lacking[i] != NULL; i++)
    json_array_add_string_element (lacking, errands->lacking[i]);
  json_object_set_array_member (reply, "lacking", lacking);
  ocs_call_reply (call, reply);
}
