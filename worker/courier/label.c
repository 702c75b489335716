/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Label: the words with which people are asked for the TAG. */
#define G_LOG_DOMAIN "ocs-label"
#include "ipc/json.h"
#include "worker/core/text.h"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"
#include "worker/courier/webpage.h"

#define LABEL_MAX 4096

/* 400: there is no such file in the server's table; 403: it gives none (OCS_OPT_DEPLOY=0); 404: another server (OCSInventory-Server
 * Apache/Ocsinventory.pm). */
static gboolean
has_none (int status)
{
  return status == 400 || status == 403 || status == 404;
}

static void
on_transfer_done (OcsTransfer *transfer, const GError *error, gpointer user_data)
{
  OcsErrand *errand = user_data;
  GByteArray *body = ocs_transfer_body (transfer);
  JsonObject *reply;

  if (error != NULL && !has_none (ocs_transfer_head (transfer)->status)) {
    ocs_errand_fail (errand, error);
    return;
  }
  reply = json_object_new ();
  /* A portal's page is no label. */
  if (error == NULL && body->len > 0 && !ocs_webpage_is_one (NULL, body->data, body->len)) {
    g_autofree char *text = ocs_text_from_file ((const char *)body->data, body->len);

    ocs_json_set_string (reply, "text", text);
  }
  json_object_set_object_member (reply, "traffic", ocs_transfer_traffic (transfer));
  ocs_errand_reply (errand, reply);
}

void
ocs_label_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  static const OcsTransferCallbacks callbacks = {.done = on_transfer_done};
  OcsErrand *errand = ocs_errand_new (user_data, call, parameters);
  OcsOptions request = {.purpose = OCS_PURPOSE_EXCHANGE, .body_max = LABEL_MAX};

  if (errand != NULL)
    ocs_errand_start (errand, &request, &callbacks);
}
