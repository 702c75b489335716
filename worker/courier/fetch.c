/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fetch: one object, streamed to the worker as fast as it takes it. Nothing is kept here. */
#define G_LOG_DOMAIN "ocs-fetch"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/verdict.h"
#include "worker/courier/errand.h"
#include "worker/courier/methods.h"
#include "worker/courier/webpage.h"
#include <string.h>

/* The limit may end with the hour. */
#define PAUSE_MAX_MS 10000
#define HELD_HEADER "Cache-Control: only-if-cached, max-stale=604800"

static void
on_pipe_drained (OcsPipe *pipe, gpointer user_data)
{
  OcsErrand *errand = user_data;

  if (!errand->waiting)
    return;
  errand->waiting = FALSE;
  if (errand->pacing == 0)
    ocs_transfer_resume (errand->transfer);
}

static gboolean
on_paced (gpointer user_data)
{
  OcsErrand *errand = user_data;

  errand->pacing = 0;
  if (!errand->waiting)
    ocs_transfer_resume (errand->transfer);
  return G_SOURCE_REMOVE;
}

/* Bytes a second for what comes now, 0 for no limit: the time of day may have changed it. */
static gint64
errand_get_limit (OcsErrand *errand)
{
  g_autoptr (GTimeZone) zone = NULL;

  if ((errand->bandwidth == 0 && errand->bandwidth_other == 0)
      || ocs_verdict_is_from_cache (ocs_head_verdict (ocs_transfer_head (errand->transfer), errand->refresh)))
    return 0;
  zone = g_time_zone_new_local ();
  return errand->hours == NULL || ocs_hours_opens (errand->hours, zone, g_get_real_time () / G_USEC_PER_SEC) == 0 ? errand->bandwidth
                                                                                                                  : errand->bandwidth_other;
}

/* Milliseconds that the line is to be left alone before length bytes are taken. */
static gint64
errand_get_pause (OcsErrand *errand, gsize length)
{
  gint64 limit = errand_get_limit (errand);
  gint64 pause = limit > 0 ? ocs_bucket_wait (&errand->errands->bucket, limit, g_get_monotonic_time ()) : 0;

  if (limit > 0 && pause == 0)
    ocs_bucket_take (&errand->errands->bucket, (gint64)length);
  return pause;
}

static void
on_pipe_closed (OcsPipe *pipe, gpointer user_data)
{
  ocs_errand_free (user_data);
}

static gboolean
fail (OcsErrand *errand, const char *message)
{
  g_set_error_literal (&errand->failure, OCS_ERROR, OCS_ERROR_INVALID_DATA, message);
  return FALSE;
}

/* Whether a part answers what was asked: from the offset, and of the same object (a cache may not know If-Range). */
static gboolean
errand_check_part (OcsErrand *errand, const char *validator, gint64 start)
{
  if (start != errand->offset)
    return fail (errand, "another part of the object came than was asked for: fetch it from its start");
  if (errand->validator != NULL && validator != NULL && (*validator == '"') == (*errand->validator == '"')
      && strcmp (validator, errand->validator) != 0)
    return fail (errand, "the object has changed on the server: fetch it from its start");
  return TRUE;
}

/* The header is in: answers the call and opens the pipe where that has not been done for an object before. */
static gboolean
errand_open (OcsErrand *errand)
{
  static const OcsPipeCallbacks callbacks = {.drained = on_pipe_drained, .closed = on_pipe_closed};
  const OcsHead *head = ocs_transfer_head (errand->transfer);
  g_autofree char *validator = ocs_head_dup_validator (head);
  gint64 start = 0, size = ocs_head_get_size (head, "content-length");
  JsonObject *reply;

  if (ocs_head_get (head, "x-squid-error") != NULL)
    return FALSE; /* done translates it */
  if (head->status == 206) {
    if (!ocs_head_get_range (head, &start, &size))
      return fail (errand, "a part of the object came without saying which: fetch it from its start");
    if (!errand_check_part (errand, validator, start))
      return FALSE;
  }
  errand->begun = TRUE;
  if (errand->pipe != NULL)
    return TRUE;
  reply = json_object_new ();
  json_object_set_int_member (reply, "offset", start);
  json_object_set_int_member (reply, "size", size);
  ocs_json_set_string (reply, "validator", validator);
  return ocs_errand_upgrade (errand, reply, &callbacks);
}

/* A portal and many a proxy answer with a page of their own, as 200. FALSE where bytes, the first of the object, begin one. */
static gboolean
errand_check_page (OcsErrand *errand, const guint8 *bytes, gsize length)
{
  const OcsHead *head = ocs_transfer_head (errand->transfer);
  const char *proxy = ocs_transfer_proxy (errand->transfer);
  const char *server = ocs_transfer_server (errand->transfer);

  if (head->status != 200 || !ocs_webpage_is_one (ocs_head_get (head, "content-type"), bytes, length))
    return TRUE;
  if (proxy != NULL)
    g_set_error (&errand->failure, OCS_ERROR, OCS_ERROR_BAD_REPLY,
                 "a web page came in the place of a part of a package from %s: look at it in a browser by way of proxy %s", server, proxy);
  else
    g_set_error (&errand->failure, OCS_ERROR, OCS_ERROR_UNREACHABLE,
                 "a web page came in the place of a part of a package from %s: log in to this network in a browser", server);
  return FALSE;
}

static OcsTake
on_transfer_data (OcsTransfer *transfer, const guint8 *bytes, gsize length, gpointer user_data)
{
  OcsErrand *errand = user_data;
  gint64 pause;

  if (!errand->begun && (!errand_check_page (errand, bytes, length) || !errand_open (errand)))
    return OCS_TAKE_STOP;
  if (ocs_pipe_is_full (errand->pipe)) {
    errand->waiting = TRUE;
    return OCS_TAKE_LATER;
  }
  pause = errand_get_pause (errand, length);
  if (pause > 0) {
    errand->pacing = g_timeout_add ((guint)MIN (pause, PAUSE_MAX_MS), on_paced, errand);
    return OCS_TAKE_LATER;
  }
  ocs_pipe_write (errand->pipe, bytes, length);
  return OCS_TAKE_ALL;
}

/* As in probe.c: said of the cache, not of the server. */
static gboolean
is_not_held (const OcsErrand *errand, int status)
{
  return errand->held && status == 504;
}

static void
fail_not_held (OcsErrand *errand)
{
  g_autoptr (GError) error = g_error_new_literal (OCS_ERROR, OCS_ERROR_NOT_FOUND, "no cache holds it: fetch it from the server");

  ocs_errand_fail (errand, error);
}

static void fetch_next (OcsErrand *errand);

static void
on_transfer_done (OcsTransfer *transfer, const GError *error, gpointer user_data)
{
  OcsErrand *errand = user_data;

  /* An empty object has no data. */
  if (error == NULL && !errand->begun && !errand_open (errand) && errand->failure == NULL)
    ocs_errand_free (errand);
  else if (is_not_held (errand, ocs_transfer_head (transfer)->status))
    fail_not_held (errand);
  else if (errand->failure != NULL)
    ocs_errand_fail (errand, errand->failure);
  else if (error != NULL)
    ocs_errand_fail (errand, error);
  else if (!g_queue_is_empty (&errand->also))
    fetch_next (errand);
  else
    ocs_errand_finish (errand, NULL);
}

/* Whoever is asked without a cache in between would answer. */
static void
fetch_object (OcsErrand *errand, OcsOptions *request)
{
  static const OcsTransferCallbacks callbacks = {.data = on_transfer_data, .done = on_transfer_done};

  request->held = errand->held;
  if (errand->held && !ocs_errand_may_ask_cache (errand))
    fail_not_held (errand);
  else
    ocs_errand_start (errand, request, &callbacks);
}

static void
fetch_next (OcsErrand *errand)
{
  static const char *const headers[] = {HELD_HEADER, NULL};
  OcsOptions request = {.purpose = OCS_PURPOSE_OBJECT, .headers = headers};

  ocs_errand_end_part (errand);
  g_free (errand->url);
  errand->url = g_queue_pop_head (&errand->also);
  errand->begun = FALSE;
  fetch_object (errand, &request);
}

static void
read_also (OcsErrand *errand, JsonArray *urls)
{
  for (guint i = 0; urls != NULL && i < json_array_get_length (urls); i++) {
    JsonNode *node = json_array_get_element (urls, i);

    g_queue_push_tail (&errand->also, JSON_NODE_HOLDS_VALUE (node) ? json_node_dup_string (node) : NULL);
  }
}

void
ocs_fetch_call (OcsCall *call, JsonObject *parameters, gpointer user_data)
{
  OcsErrand *errand = ocs_errand_new (user_data, call, parameters);
  g_autofree char *range = NULL, *if_range = NULL, *why = NULL;
  const char *validator = ocs_json_string (parameters, "validator");
  const char *headers[4] = {"Cache-Control: max-stale=604800"};
  OcsOptions request = {.purpose = OCS_PURPOSE_OBJECT, .headers = headers};

  if (errand == NULL)
    return;
  errand->bandwidth = errand->route->bandwidth;
  errand->bandwidth_other = errand->route->bandwidth_other;
  errand->hours = errand->route->bandwidth_hours != NULL ? ocs_hours_parse (errand->route->bandwidth_hours, &why) : NULL;
  errand->held = ocs_json_bool (parameters, "held", FALSE);
  errand->refresh = !errand->held && ocs_json_bool (parameters, "refresh", FALSE);
  request.refresh = errand->refresh;
  if (errand->held) {
    headers[0] = HELD_HEADER;
    read_also (errand, ocs_json_array (parameters, "also"));
  } else if (errand->refresh) {
    /* Never with Range: Squid would drop its copy instead of replacing it. */
    headers[0] = "Cache-Control: no-cache";
  } else if (validator != NULL && *validator != '\0' && ocs_json_int (parameters, "offset", 0) > 0) {
    errand->offset = ocs_json_int (parameters, "offset", 0);
    errand->validator = g_strdup (validator);
    headers[1] = range = g_strdup_printf ("Range: bytes=%" G_GINT64_FORMAT "-", errand->offset);
    headers[2] = if_range = g_strconcat ("If-Range: ", validator, NULL);
  }
  fetch_object (errand, &request);
}
