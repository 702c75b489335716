/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-dispatch"
#include "worker/io/dispatch.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/names.h"
#include "ipc/reply.h"
#include "ipc/wire.h"
#include "worker/core/diagnosis.h"
#include "worker/io/landing.h"
#include "worker/io/trip.h"
#include <glib/gstdio.h>
#include <string.h>

struct _OcsDispatch {
  char *control;   /* owned */
  char *bulk;      /* owned */
  OcsScout *scout; /* owned */
};

/* The immutable input of one call's thread. */
typedef struct {
  char *socket;          /* owned */
  const char *method;    /* static */
  OcsTrip *trip;         /* owned */
  OcsScout *scout;       /* owned; untouched by the thread */
  JsonObject *arguments; /* owned */
  GBytes *body;          /* owned, nullable */
  char *path;            /* owned, nullable */
  OcsFetchMode mode;
  OcsLandingPlan plan;
  OcsProgress *progress; /* owned, nullable */
  JsonObject *course;    /* owned, nullable; written by the thread: how the first way failed */
} Errand;

OcsDispatch *
ocs_dispatch_new (const char *control_path, const char *bulk_path)
{
  OcsDispatch *dispatch = g_new0 (OcsDispatch, 1);

  dispatch->control = g_strdup (control_path);
  dispatch->bulk = g_strdup (bulk_path);
  dispatch->scout = ocs_scout_new ();
  return dispatch;
}

void
ocs_dispatch_free (OcsDispatch *dispatch)
{
  if (dispatch == NULL)
    return;
  g_free (dispatch->control);
  g_free (dispatch->bulk);
  ocs_scout_unref (dispatch->scout);
  g_free (dispatch);
}

const char *
ocs_dispatch_bulk (const OcsDispatch *dispatch)
{
  return dispatch->bulk;
}

OcsScout *
ocs_dispatch_scout (OcsDispatch *dispatch)
{
  return dispatch->scout;
}

static Errand *
errand_new (OcsDispatch *dispatch, const char *socket, const char *method, JsonObject *route, const char *url)
{
  Errand *errand = g_new0 (Errand, 1);

  errand->socket = g_strdup (socket);
  errand->method = method;
  errand->trip = ocs_trip_new (dispatch->scout, dispatch->bulk, route, url);
  errand->scout = ocs_scout_ref (dispatch->scout);
  errand->arguments = json_object_new ();
  json_object_set_object_member (errand->arguments, "route", route);
  json_object_set_string_member (errand->arguments, "url", url);
  json_object_set_string_member (errand->arguments, "user_agent", OCS_USER_AGENT);
  return errand;
}

static void
errand_free (Errand *errand)
{
  g_free (errand->socket);
  ocs_trip_free (errand->trip);
  ocs_scout_unref (errand->scout);
  json_object_unref (errand->arguments);
  g_clear_pointer (&errand->body, g_bytes_unref);
  g_free (errand->path);
  ocs_progress_unref (errand->progress);
  g_clear_pointer (&errand->course, json_object_unref);
  g_free (errand);
}

static void
start (Errand *errand, GTaskThreadFunc run, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, errand, (GDestroyNotify)errand_free);
  g_task_run_in_thread (task, run);
}

static gpointer
run (Errand *errand, OcsTripFunc func, GCancellable *cancellable, GError **error)
{
  return ocs_trip_run (errand->trip, ocs_json_object (errand->arguments, "route"), func, errand, cancellable, error);
}

/* A certificate is judged by the clock, so a wrong one is named. */
static GError *
blame_clock (OcsScout *scout, GError *error)
{
  gint64 skew = ocs_scout_skew (scout);
  g_autofree char *clock = skew != OCS_CLOCK_UNKNOWN ? ocs_diagnosis_describe_clock (skew) : NULL;
  GError *told;

  if (clock == NULL || ocs_error_code (error) != OCS_ERROR_TLS)
    return error;
  told = g_error_new (OCS_ERROR, OCS_ERROR_TLS, "%s; %s", error->message, clock);
  g_error_free (error);
  return told;
}

/* In the main thread again: what the thread has learnt is kept. */
static gpointer
finish (GAsyncResult *result, GError **error)
{
  Errand *errand = g_task_get_task_data (G_TASK (result));
  GError *local = NULL;
  gpointer value;

  ocs_trip_end (errand->trip);
  value = g_task_propagate_pointer (G_TASK (result), &local);
  if (local != NULL)
    g_propagate_error (error, blame_clock (errand->scout, local));
  return value;
}

static gpointer
exchange (gpointer data, GCancellable *cancellable, GError **error)
{
  Errand *errand = data;
  g_autoptr (OcsWire) wire = ocs_wire_open (errand->socket, OCS_DISPATCH_SILENCE_MAX, cancellable, error);
  g_autoptr (JsonObject) head = NULL;
  g_autoptr (JsonObject) trailer = NULL;
  JsonObject *reply;
  gsize length = 0;
  const guint8 *bytes = g_bytes_get_data (errand->body, &length);

  if (wire == NULL)
    return NULL;
  head = ocs_wire_call (wire, errand->method, json_object_ref (errand->arguments), OCS_WIRE_UPGRADE, error);
  if (head == NULL || !ocs_wire_send_data (wire, bytes, length, error) || !ocs_wire_send_end (wire, error))
    return NULL;
  trailer = ocs_wire_receive_data (wire, NULL, NULL, error);
  ocs_trip_note (errand->trip, trailer);
  if (trailer == NULL || !ocs_reply_check_trailer (trailer, error))
    return NULL;
  ocs_trip_note_clock (errand->trip, trailer);
  reply = ocs_json_object (trailer, "reply");
  return reply != NULL ? json_object_ref (reply) : json_object_new ();
}

static void
exchange_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  JsonObject *reply = run (data, exchange, cancellable, &error);

  if (reply != NULL)
    g_task_return_pointer (task, reply, (GDestroyNotify)json_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
ocs_dispatch_exchange_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GBytes *xml, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  Errand *errand = errand_new (dispatch, dispatch->control, OCS_COURIER_INTERFACE ".Exchange", route, url);

  errand->body = g_bytes_ref (xml);
  start (errand, exchange_thread, cancellable, callback, user_data);
}

JsonObject *
ocs_dispatch_exchange_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

static gpointer
call (gpointer data, GCancellable *cancellable, GError **error)
{
  Errand *errand = data;
  g_autoptr (OcsWire) wire = ocs_wire_open (errand->socket, OCS_DISPATCH_SILENCE_MAX, cancellable, error);

  JsonObject *reply =
      wire != NULL ? ocs_wire_call (wire, errand->method, json_object_ref (errand->arguments), OCS_WIRE_PLAIN, error) : NULL;

  ocs_trip_note (errand->trip, reply);
  return reply;
}

static void
call_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  JsonObject *reply = run (data, call, cancellable, &error);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, reply, (GDestroyNotify)json_object_unref);
}

void
ocs_dispatch_describe_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  start (errand_new (dispatch, dispatch->control, OCS_COURIER_INTERFACE ".Describe", route, url), call_thread, cancellable, callback,
         user_data);
}

GHashTable *
ocs_dispatch_describe_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (JsonObject) reply = finish (result, error);

  return reply != NULL ? ocs_json_string_map (reply, "attributes") : NULL;
}

void
ocs_dispatch_attest_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  start (errand_new (dispatch, dispatch->control, OCS_COURIER_INTERFACE ".Attest", route, url), call_thread, cancellable, callback,
         user_data);
}

char *
ocs_dispatch_attest_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (JsonObject) reply = finish (result, error);
  const char *signature = reply != NULL ? ocs_json_string (reply, "signature") : NULL;

  return reply != NULL ? g_strdup (signature != NULL ? signature : "") : NULL;
}

/* A failure is an error to the trip, which then tries the next way, and a result to whoever asks. */
static gpointer
diagnose (gpointer data, GCancellable *cancellable, GError **error)
{
  Errand *errand = data;
  g_autoptr (JsonObject) reply = call (data, cancellable, error);
  JsonObject *course = reply != NULL ? ocs_json_object (reply, "course") : NULL;

  if (course == NULL) {
    if (reply != NULL)
      g_set_error_literal (error, OCS_ERROR, OCS_ERROR_BAD_REPLY, "the courier tells nothing of the test: install both of one version");
    return NULL;
  }
  if (!ocs_reply_check_trailer (course, error)) {
    if (errand->course == NULL)
      errand->course = json_object_ref (course);
    return NULL;
  }
  if (errand->course != NULL)
    json_object_set_object_member (course, "before", json_object_ref (errand->course));
  return json_object_ref (course);
}

static void
diagnose_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Errand *errand = data;
  g_autoptr (GError) error = NULL;
  JsonObject *course = run (data, diagnose, cancellable, &error);

  if (course == NULL && errand->course != NULL)
    course = json_object_ref (errand->course);
  if (course != NULL)
    g_task_return_pointer (task, course, (GDestroyNotify)json_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
ocs_dispatch_diagnose_async (OcsDispatch *dispatch, gboolean control, JsonObject *route, const char *url, gboolean fresh,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Errand *errand = errand_new (dispatch, control ? dispatch->control : dispatch->bulk, OCS_COURIER_INTERFACE ".Diagnose", route, url);

  json_object_set_boolean_member (errand->arguments, "fresh", fresh);
  start (errand, diagnose_thread, cancellable, callback, user_data);
}

JsonObject *
ocs_dispatch_diagnose_finish (GAsyncResult *result, GError **error)
{
  return finish (result, error);
}

void
ocs_dispatch_label_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  start (errand_new (dispatch, dispatch->control, OCS_COURIER_INTERFACE ".Label", route, url), call_thread, cancellable, callback,
         user_data);
}

gboolean
ocs_dispatch_label_finish (GAsyncResult *result, char **text, GError **error)
{
  g_autoptr (JsonObject) reply = finish (result, error);

  if (reply != NULL)
    *text = g_strdup (ocs_json_string (reply, "text"));
  return reply != NULL;
}

void
ocs_dispatch_probe_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  start (errand_new (dispatch, dispatch->bulk, OCS_COURIER_INTERFACE ".Probe", route, url), call_thread, cancellable, callback, user_data);
}

gboolean
ocs_dispatch_probe_finish (GAsyncResult *result, OcsProbed *probed, GError **error)
{
  g_autoptr (JsonObject) reply = finish (result, error);
  JsonObject *traffic = reply != NULL ? ocs_json_object (reply, "traffic") : NULL;
  const char *proxy = ocs_json_string (traffic, "proxy");

  *probed = (OcsProbed) {FALSE};
  if (reply == NULL)
    return FALSE;
  probed->held = ocs_json_bool (reply, "held", FALSE);
  probed->status = (int)ocs_json_int (traffic, "http_status", 0);
  probed->verdict = ocs_verdict_from_name (ocs_json_string (traffic, "verdict"));
  probed->coming = ocs_json_bool (reply, "coming", FALSE);
  g_strlcpy (probed->proxy, proxy != NULL ? proxy : "", sizeof probed->proxy);
  return TRUE;
}

void
ocs_fetched_read (OcsFetched *fetched, JsonObject *trailer, gint64 size)
{
  JsonObject *traffic = ocs_json_object (trailer, "traffic");
  const char *proxy = ocs_json_string (traffic, "proxy");

  fetched->size = size;
  if (traffic == NULL)
    return;
  fetched->verdict = ocs_verdict_from_name (ocs_json_string (traffic, "verdict"));
  fetched->bytes = CLAMP (ocs_json_int (traffic, "bytes", 0), 0, size);
  g_strlcpy (fetched->proxy, proxy != NULL ? proxy : "", sizeof fetched->proxy);
}

static gpointer
fetch (gpointer data, GCancellable *cancellable, GError **error)
{
  Errand *errand = data;
  g_autoptr (OcsLanding) landing = NULL;
  g_autoptr (OcsWire) wire = ocs_wire_open (errand->socket, OCS_DISPATCH_SILENCE_MAX, cancellable, error);
  g_autoptr (JsonObject) head = NULL;
  g_autoptr (JsonObject) trailer = NULL;
  g_autoptr (GError) local = NULL;
  OcsFetched *fetched;

  if (wire != NULL)
    landing = ocs_landing_open (errand->path, errand->mode == OCS_FETCH_RESUME, errand->progress, error);
  if (landing == NULL)
    return NULL;
  json_object_set_boolean_member (errand->arguments, "refresh", errand->mode == OCS_FETCH_REFRESH);
  json_object_set_int_member (errand->arguments, "offset", ocs_landing_offset (landing));
  ocs_json_set_string (errand->arguments, "validator", ocs_landing_validator (landing));
  head = ocs_wire_call (wire, errand->method, json_object_ref (errand->arguments), OCS_WIRE_UPGRADE, &local);
  if (head == NULL) {
    /* It has changed, or the range is refused. */
    if (ocs_error_code (local) == OCS_ERROR_INVALID_DATA)
      ocs_landing_drop (landing);
    g_propagate_error (error, g_steal_pointer (&local));
    return NULL;
  }
  if (!ocs_landing_begin (landing, ocs_json_int (head, "offset", 0), ocs_json_int (head, "size", -1), ocs_json_string (head, "validator"),
                          &errand->plan, error))
    return NULL;
  trailer = ocs_wire_receive_data (wire, ocs_landing_write, landing, error);
  ocs_trip_note (errand->trip, trailer);
  if (trailer == NULL || !ocs_reply_check_trailer (trailer, error) || !ocs_landing_end (landing, error))
    return NULL;
  fetched = g_new0 (OcsFetched, 1);
  ocs_fetched_read (fetched, trailer, ocs_progress_done (errand->progress));
  fetched->sound = ocs_landing_is_sound (landing);
  return fetched;
}

static void
fetch_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  OcsFetched *fetched = run (data, fetch, cancellable, &error);

  if (fetched != NULL)
    g_task_return_pointer (task, fetched, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
ocs_dispatch_fetch_async (OcsDispatch *dispatch, JsonObject *route, const char *url, const char *path, OcsFetchMode mode,
                          const OcsLandingPlan *plan, OcsProgress *progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Errand *errand = errand_new (dispatch, dispatch->bulk, OCS_COURIER_INTERFACE ".Fetch", route, url);

  errand->path = g_strdup (path);
  errand->mode = mode;
  errand->plan = *plan;
  errand->progress = ocs_progress_ref (progress);
  start (errand, fetch_thread, cancellable, callback, user_data);
}

gboolean
ocs_dispatch_fetch_finish (GAsyncResult *result, OcsFetched *fetched, GError **error)
{
  g_autofree OcsFetched *value = finish (result, error);

  if (value == NULL)
    return FALSE;
  *fetched = *value;
  return TRUE;
}
