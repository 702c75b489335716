/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exchange: packs what the worker streams, posts it to the OCS server and reads the reply. */
#define G_LOG_DOMAIN "ocs-exchange"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"
#include "worker/courier/replies.h"

#define REQUEST_MAX (64 * 1024 * 1024)

static void
on_transfer_done (OcsTransfer *transfer, const GError *error, gpointer user_data)
{
  OcsErrand *errand = user_data;
  GByteArray *body = ocs_transfer_body (transfer);
  g_autoptr (GError) bad_reply = NULL;
  JsonObject *reply = NULL;

  if (error == NULL && !ocs_replies_parse (body->data, body->len, ocs_transfer_server (transfer), &reply, &bad_reply))
    error = bad_reply;
  if (error != NULL)
    ocs_errand_fail (errand, error);
  else
    ocs_errand_finish (errand, reply);
}

static void
on_pipe_data (OcsPipe *pipe, const guint8 *bytes, gsize length, gpointer user_data)
{
  OcsErrand *errand = user_data;

  /* After a failure the rest is read and dropped: an answer before the end of the question would get lost. */
  if (errand->failure == NULL && !ocs_zip_add (errand->zip, bytes, length, &errand->failure))
    g_debug ("%s", errand->failure->message);
}

static void
on_pipe_end (OcsPipe *pipe, JsonObject *trailer, gpointer user_data)
{
  static const OcsTransferCallbacks callbacks = {.done = on_transfer_done};
  static const char *const headers[] = {"Content-Type: application/x-compress", NULL};
  OcsErrand *errand = user_data;
  g_autoptr (GByteArray) post = errand->failure == NULL ? ocs_zip_finish (errand->zip, &errand->failure) : NULL;
  OcsOptions request = {
      .purpose = OCS_PURPOSE_EXCHANGE,
      .headers = headers,
      .post = post,
      .body_max = OCS_REPLIES_PACKED_MAX,
  };

  if (post == NULL)
    ocs_errand_fail (errand, errand->failure);
  else
    ocs_errand_start (errand, &request, &callbacks);
}

static void
on_pipe_closed (OcsPipe *pipe, gpointer user_data)
{
  ocs_errand_free (user_data);
}

void
ocs_exchange_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  static const OcsPipeCallbacks callbacks = {.data = on_pipe_data, .end = on_pipe_end, .closed = on_pipe_closed};
  OcsErrand *errand = ocs_errand_new (user_data, call, parameters);

  if (errand == NULL)
    return;
  errand->zip = ocs_zip_new (REQUEST_MAX);
  if (!ocs_errand_upgrade (errand, NULL, &callbacks))
    ocs_errand_free (errand);
}
