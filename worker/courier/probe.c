/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probe: asks the proxy whether it holds an object. only-if-cached keeps the question off the WAN; max-stale takes what has outlived
 * its heuristic freshness: the digest judges the bytes (measured with Squid 5.7: without it a file created just now is "not held"). */
#define G_LOG_DOMAIN "ocs-probe"
#include "worker/core/pace.h"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"

static JsonObject *
build_reply (gboolean held, gboolean coming, JsonObject *traffic)
{
  JsonObject *reply = json_object_new ();

  json_object_set_boolean_member (reply, "held", held);
  if (coming)
    json_object_set_boolean_member (reply, "coming", TRUE);
  json_object_set_object_member (reply, "traffic", traffic);
  return reply;
}

/* Answers that say "not held" rather than "something is wrong". */
static gboolean
is_no (int status)
{
  return status == 504 || status == 404 || status == 410 || status == 405 || status == 501;
}

static void
on_transfer_done (OcsTransfer *transfer, const GError *error, gpointer user_data)
{
  OcsErrand *errand = user_data;
  const OcsHead *head = ocs_transfer_head (transfer);
  int status = head->status;
  gboolean coming = ocs_pace_is_coming (status, ocs_head_get (head, "x-squid-error") != NULL, ocs_transfer_waited (transfer));

  if (error != NULL && !is_no (status))
    ocs_errand_fail (errand, error);
  else
    ocs_errand_reply (errand, build_reply (error == NULL && status == 200, coming, ocs_transfer_traffic (transfer)));
}

void
ocs_probe_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  static const OcsTransferCallbacks callbacks = {.done = on_transfer_done};
  static const char *const headers[] = {"Cache-Control: only-if-cached, max-stale=604800", NULL};
  OcsErrand *errand = ocs_errand_new (user_data, call, parameters);
  OcsOptions request = {.purpose = OCS_PURPOSE_OBJECT, .headers = headers, .head = TRUE, .body_max = 1};

  if (errand == NULL)
    return;
  if (!ocs_errand_may_ask_cache (errand))
    ocs_errand_reply (errand, build_reply (FALSE, FALSE, ocs_transfer_no_traffic ()));
  else
    ocs_errand_start (errand, &request, &callbacks);
}
