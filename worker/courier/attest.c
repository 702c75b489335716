/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attest: fetches the signature of a package. It is not read here: who checks it has to be somebody else than who fetches it. */
#define G_LOG_DOMAIN "ocs-attest"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/signature.h"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"

static void
on_transfer_done (OcsTransfer *transfer, const GError *error, gpointer user_data)
{
  OcsErrand *errand = user_data;
  GByteArray *body = ocs_transfer_body (transfer);
  g_autofree char *signature = NULL;
  JsonObject *reply;

  if (error != NULL) {
    ocs_errand_fail (errand, error);
    return;
  }
  signature = g_base64_encode (body->len > 0 ? body->data : (const guint8 *)"", body->len);
  reply = json_object_new ();
  json_object_set_string_member (reply, "signature", signature);
  json_object_set_object_member (reply, "traffic", ocs_transfer_traffic (transfer));
  ocs_errand_reply (errand, reply);
}

void
ocs_attest_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  static const OcsTransferCallbacks callbacks = {.done = on_transfer_done};
  OcsErrand *errand = ocs_errand_new (user_data, call, parameters);
  OcsOptions request = {.purpose = OCS_PURPOSE_INFO, .body_max = OCS_SIGNATURE_MAX};

  if (errand != NULL)
    ocs_errand_start (errand, &request, &callbacks);
}
