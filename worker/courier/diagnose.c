/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Diagnose: asks for one thing as anybody would and tells how it went; what came is thrown away. */
#define G_LOG_DOMAIN "ocs-diagnose"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"
#include "worker/courier/webpage.h"

/* Of an object; all that is asked for is smaller. */
#define READ_MAX (1024 * 1024)

static JsonObject *
build_course (OcsTransfer *transfer, const GError *error)
{
  const OcsHead *head = ocs_transfer_head (transfer);
  const GByteArray *body = ocs_transfer_body (transfer);
  JsonObject *course = ocs_transfer_course (transfer);

  json_object_set_object_member (course, "traffic", ocs_transfer_traffic (transfer));
  json_object_set_boolean_member (course, "page", ocs_webpage_is_one (ocs_head_get (head, "content-type"), body->data, body->len));
  if (error != NULL) {
    json_object_set_string_member (course, "error", ocs_error_nick (ocs_error_code (error)));
    json_object_set_string_member (course, "message", error->message);
  }
  return course;
}

static void
on_transfer_done (OcsTransfer *transfer, const GError *error, gpointer user_data)
{
  JsonObject *reply = json_object_new ();

  json_object_set_object_member (reply, "course", build_course (transfer, error));
  ocs_errand_reply (user_data, reply);
}

static void
diagnose (OcsCall *call, JsonObject *parameters, gpointer user_data, OcsPurpose purpose)
{
  static const OcsTransferCallbacks callbacks = {.done = on_transfer_done};
  static const char *const headers[] = {"Cache-Control: max-stale=604800", NULL};
  OcsErrand *errand = ocs_errand_new (user_data, call, parameters);
  OcsOptions request = {
      .purpose = purpose,
      .headers = purpose == OCS_PURPOSE_OBJECT ? headers : NULL,
      .fresh = ocs_json_bool (parameters, "fresh", FALSE),
      .body_max = READ_MAX,
  };

  if (errand != NULL)
    ocs_errand_start (errand, &request, &callbacks);
}

void
ocs_diagnose_server_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  diagnose (call, parameters, user_data, OCS_PURPOSE_EXCHANGE);
}

void
ocs_diagnose_object_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  diagnose (call, parameters, user_data, OCS_PURPOSE_OBJECT);
}
