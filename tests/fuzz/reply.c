/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any JSON as the courier's Reply: numbers in range, packages with an id that is one and places that are some. */
#include "worker/core/reply.h"
#include "ipc/json.h"
#include "worker/core/url.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check (const OcsOffer *offer)
{
  g_autofree char *host = ocs_url_location_host (offer->info_loc, NULL);
  g_autofree char *url = ocs_url_join (TRUE, offer->info_loc, offer->id, "info", NULL);
  g_autoptr (JsonObject) journal = ocs_offer_to_json (offer);
  g_autoptr (OcsOffer) back = ocs_offer_from_json (journal, NULL);
  g_autoptr (JsonObject) again = back != NULL ? ocs_offer_to_json (back) : NULL;
  g_autofree char *before = ocs_json_write (journal);
  g_autofree char *after = again != NULL ? ocs_json_write (again) : NULL;

  if (!ocs_url_id_is_valid (offer->id) || host == NULL || url == NULL || g_strcmp0 (before, after) != 0)
    __builtin_trap ();
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (JsonObject) object = ocs_json_parse (size > 0 ? (const char *)data : "", size, NULL);
  g_autoptr (OcsReply) reply = object != NULL ? ocs_reply_from_json (object, NULL) : NULL;

  for (guint i = 0; reply != NULL && i < reply->offers->len; i++)
    check (reply->offers->pdata[i]);
  if (reply != NULL && (reply->prolog_freq < 0 || reply->pacing.timeout_days < 1 || reply->pacing.execution_timeout_minutes < 1))
    __builtin_trap ();
  return 0;
}
