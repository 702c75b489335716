/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-trip"
#include "worker/io/trip.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/names.h"
#include "ipc/wire.h"
#include "worker/core/url.h"
#include "worker/io/clock.h"
#include <string.h>

/* A PAC file is fetched and evaluated within less. */
#define PAC_SILENCE_MAX 120
/* Bytes of what a courier says of the way: it is kept, and shown to everybody. */
#define ANSWER_MAX 8192
#define TOLD_MAX 512

struct _OcsTrip {
  OcsScout *scout;     /* owned; untouched by the thread */
  char *bulk;          /* owned */
  char *url;           /* owned */
  char *origin;        /* owned, nullable; of url: all that a PAC file gets to see */
  JsonObject *plan;    /* owned, nullable */
  OcsDetours *detours; /* owned; as they stood at the start */
  char *pac_key;       /* owned, nullable; where a PAC file decides */
  OcsPacAnswer *pac;   /* owned, nullable */
  gboolean pac_is_new;
  JsonObject *worked; /* owned, nullable; the way that did */
  GPtrArray *failed;  /* owned; element-type char*; names of those before it, with the origin where that is all they failed for */
  GPtrArray *doubted; /* owned; the same, of those that count only where another way did better */
  char *auth;         /* owned, nullable; how the login to a proxy was made, and to which */
  char *auth_proxy;   /* owned, nullable */
  gint64 clock;       /* as ocs_scout_keep_clock(), 0: not heard */
  char *via;          /* owned, nullable; what a proxy that nobody set up said of itself; empty: there was none */
};

/* scheme://host:port/ */
static char *
dup_origin (const char *url)
{
  const char *authority = strstr (url, "://");

  return authority != NULL ? g_strdup_printf ("%.*s/", (int)(authority + 3 - url + (gssize)strcspn (authority + 3, "/?#")), url) : NULL;
}

static char *
dup_pac_key (OcsTrip *trip)
{
  JsonObject *pac = ocs_json_object (trip->plan, "pac");
  const char *url = ocs_json_string (pac, "url"), *text = ocs_json_string (pac, "text");
  g_autofree char *sum = text != NULL ? g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1) : NULL;

  return g_strdup_printf ("%s %s", url != NULL ? url : sum != NULL ? sum : "wpad", trip->origin);
}

OcsTrip *
ocs_trip_new (OcsScout *scout, const char *bulk, JsonObject *route, const char *url)
{
  OcsTrip *trip = g_new0 (OcsTrip, 1);
  JsonObject *plan = ocs_json_object (route, "plan");

  trip->scout = ocs_scout_ref (scout);
  trip->bulk = g_strdup (bulk);
  trip->url = g_strdup (url);
  trip->origin = dup_origin (url);
  trip->detours = ocs_detours_copy (ocs_scout_detours (scout));
  trip->failed = g_ptr_array_new_with_free_func (g_free);
  trip->doubted = g_ptr_array_new_with_free_func (g_free);
  if (plan == NULL)
    return trip;
  trip->plan = json_object_ref (plan);
  json_object_remove_member (route, "plan");
  if (!ocs_ways_need_pac (trip->plan, url))
    return trip;
  trip->pac_key = dup_pac_key (trip);
  trip->pac = ocs_pac_answer_copy (ocs_scout_pac (scout, trip->pac_key, ocs_clock_monotonic () / 1000));
  return trip;
}

void
ocs_trip_free (OcsTrip *trip)
{
  if (trip == NULL)
    return;
  ocs_scout_unref (trip->scout);
  g_free (trip->bulk);
  g_free (trip->url);
  g_free (trip->origin);
  g_clear_pointer (&trip->plan, json_object_unref);
  ocs_detours_free (trip->detours);
  g_free (trip->pac_key);
  ocs_pac_answer_free (trip->pac);
  g_clear_pointer (&trip->worked, json_object_unref);
  g_ptr_array_unref (trip->failed);
  g_ptr_array_unref (trip->doubted);
  g_free (trip->auth);
  g_free (trip->auth_proxy);
  g_free (trip->via);
  g_free (trip);
}

/* The PAC file comes directly, and is never told a login. */
static JsonObject *
build_question (OcsTrip *trip, JsonObject *route)
{
  static const char *const members[] = {"url", "text"};
  JsonObject *question = json_object_new (), *way = json_object_new (), *proxy = json_object_new ();
  JsonObject *pac = ocs_json_object (trip->plan, "pac");
  const char *ca = ocs_json_string (ocs_json_object (trip->plan, "login"), "ca_pem");

  json_object_set_string_member (proxy, "kind", "none");
  json_object_set_object_member (way, "proxy", proxy);
  json_object_set_boolean_member (way, "verify", TRUE);
  json_object_set_boolean_member (way, "system_ca", ca == NULL);
  ocs_json_set_string (way, "ca_pem", ca);
  json_object_set_int_member (way, "connect_timeout", ocs_json_int (route, "connect_timeout", 0));
  json_object_set_int_member (way, "stall_timeout", ocs_json_int (route, "stall_timeout", 0));
  json_object_set_object_member (question, "route", way);
  json_object_set_string_member (question, "user_agent", OCS_USER_AGENT);
  json_object_set_string_member (question, "target", trip->origin);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    ocs_json_set_string (question, members[i], ocs_json_string (pac, members[i]));
  return question;
}

/* NULL is. */
static gboolean
is_short (const char *text, gsize most)
{
  return text == NULL || strnlen (text, most + 1) <= most;
}

/* Nothing found by DNS is an answer too: then there is no PAC file here. */
static gboolean
ask_pac (OcsTrip *trip, JsonObject *route, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (OcsWire) wire = ocs_wire_open (trip->bulk, PAC_SILENCE_MAX, cancellable, &local);
  g_autoptr (JsonObject) reply = NULL;

  if (wire != NULL)
    reply = ocs_wire_call (wire, OCS_COURIER_INTERFACE ".FindProxy", build_question (trip, route), OCS_WIRE_PLAIN, &local);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  trip->pac = g_new0 (OcsPacAnswer, 1);
  trip->pac_is_new = TRUE;
  trip->pac->found = ocs_json_bool (ocs_json_object (trip->plan, "pac"), "detect", FALSE);
  if (reply != NULL && is_short (ocs_json_string (reply, "answer"), ANSWER_MAX))
    trip->pac->answer = g_strdup (ocs_json_string (reply, "answer"));
  else if (reply != NULL)
    trip->pac->problem = g_strdup ("the PAC file's answer is longer than any list of proxies: mend the file");
  else if (!trip->pac->found || ocs_error_code (local) != OCS_ERROR_NOT_FOUND)
    trip->pac->problem = g_strdup (local->message);
  if (local != NULL)
    g_message ("%s", local->message);
  return TRUE;
}

/* A way that is good for other servers. transfer full. */
static char *
dup_name_for_origin (OcsTrip *trip, JsonObject *way)
{
  g_autofree char *name = ocs_ways_dup_name (way);

  return g_strconcat (name, " to ", trip->origin, NULL);
}

/* Those that failed lately come last, in their order. */
static void
put_detours_last (OcsTrip *trip, GPtrArray *ways)
{
  g_autoptr (GPtrArray) avoided = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  gint64 now = ocs_clock_monotonic () / 1000;

  for (guint i = 0; i < ways->len;) {
    g_autofree char *name = ocs_ways_dup_name (ways->pdata[i]);
    g_autofree char *here = dup_name_for_origin (trip, ways->pdata[i]);

    if (ocs_detours_avoids (trip->detours, name, now) || ocs_detours_avoids (trip->detours, here, now))
      g_ptr_array_add (avoided, g_ptr_array_steal_index (ways, i));
    else
      i++;
  }
  g_ptr_array_extend_and_steal (ways, g_steal_pointer (&avoided));
}

static GPtrArray *
choose_ways (OcsTrip *trip, JsonObject *route, GCancellable *cancellable, GError **error)
{
  const char *answer = NULL, *problem = NULL;
  gboolean found = FALSE;
  GPtrArray *ways;
  g_autoptr (GError) local = NULL;

  if (trip->pac_key != NULL && trip->pac == NULL && !ask_pac (trip, route, cancellable, error))
    return NULL;
  if (trip->pac != NULL) {
    answer = trip->pac->answer;
    problem = trip->pac->problem;
    found = trip->pac->found;
  }
  ways = ocs_ways_choose (trip->plan, trip->url, answer, found, &local);
  if (ways == NULL && local->code == OCS_ERROR_INVALID_DATA) {
    /* A PAC file that says nonsense is as good as none. */
    problem = trip->pac->problem = g_strdup (local->message);
    g_clear_pointer (&trip->pac->answer, g_free);
    trip->pac_is_new = TRUE;
    ways = ocs_ways_choose (trip->plan, trip->url, NULL, found, NULL);
  }
  if (ways == NULL)
    g_set_error_literal (error, OCS_ERROR, OCS_ERROR_PROXY_UNREACHABLE, problem != NULL ? problem : local->message);
  else
    put_detours_last (trip, ways);
  return ways;
}

static gboolean
is_direct (JsonObject *way)
{
  return g_strcmp0 (ocs_json_string (way, "kind"), "none") == 0;
}

/* Over plain http nobody knows whether the server or the proxy wrote a page that is no OCS reply; nothing of a tunnel is the proxy's. */
static gboolean
is_doubtful (OcsTrip *trip, JsonObject *way, const GError *error)
{
  return ocs_error_code (error) == OCS_ERROR_BAD_REPLY && !is_direct (way) && !ocs_url_is_https (trip->url);
}

/* Whether another way may do better than this one. */
static gboolean
is_worth_another (OcsTrip *trip, JsonObject *way, const GError *error)
{
  OcsError code = ocs_error_code (error);

  return code == OCS_ERROR_PROXY_UNREACHABLE || code == OCS_ERROR_PROXY_AUTH || code == OCS_ERROR_PROXY_REFUSED
         || code == OCS_ERROR_UNREACHABLE || (code == OCS_ERROR_TIMED_OUT && !is_direct (way)) || is_doubtful (trip, way, error);
}

static void
note_failure (OcsTrip *trip, JsonObject *way, const GError *error)
{
  OcsError code = ocs_error_code (error);

  if (is_doubtful (trip, way, error))
    g_ptr_array_add (trip->doubted, dup_name_for_origin (trip, way));
  else if (code == OCS_ERROR_PROXY_REFUSED || code == OCS_ERROR_UNREACHABLE)
    g_ptr_array_add (trip->failed, dup_name_for_origin (trip, way));
  else
    g_ptr_array_add (trip->failed, ocs_ways_dup_name (way));
}

static gboolean
has_answered (const GError *error)
{
  OcsError code = ocs_error_code (error);

  return code == OCS_ERROR_PROXY_AUTH || code == OCS_ERROR_PROXY_REFUSED || code == OCS_ERROR_BAD_REPLY;
}

/* Of several failures the one that says most: a proxy that answered knows more than one that did not. first: consumed where it is not kept.
 */
static GError *
pick_error (GError *first, GError *next)
{
  if (first == NULL)
    return next;
  if (ocs_error_code (first) == OCS_ERROR_PROXY_UNREACHABLE && has_answered (next)) {
    g_error_free (first);
    return next;
  }
  g_error_free (next);
  return first;
}

/* What came in the place of a reply was at fault where another way did better. */
static void
settle_doubts (OcsTrip *trip)
{
  g_ptr_array_extend_and_steal (trip->failed, g_steal_pointer (&trip->doubted));
  trip->doubted = g_ptr_array_new_with_free_func (g_free);
}

/* No way has worked: first is the first that somebody answered on, nullable; he is whom people ask about. error: consumed. */
static GError *
conclude (OcsTrip *trip, JsonObject *first, guint n_tried, GError *error)
{
  GError *told = error;

  if (n_tried > 1) {
    told = g_error_new (OCS_ERROR, (int)ocs_error_code (error), "%s (%u ways were tried)", error->message, n_tried);
    ocs_error_set_retry_after (told, ocs_error_retry_after (error));
    g_error_free (error);
  }
  if (first != NULL)
    trip->worked = json_object_ref (first);
  return told;
}

static gpointer
try_ways (OcsTrip *trip, GPtrArray *ways, JsonObject *route, OcsTripFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
  GError *worst = NULL;
  JsonObject *doubted = NULL;

  for (guint i = 0; i < ways->len; i++) {
    JsonObject *way = ways->pdata[i];
    GError *local = NULL;
    gpointer result;

    json_object_set_object_member (route, "proxy", json_object_ref (way));
    result = func (data, cancellable, &local);
    if (result != NULL) {
      trip->worked = json_object_ref (way);
      settle_doubts (trip);
      g_clear_error (&worst);
      return result;
    }
    if (g_cancellable_is_cancelled (cancellable) || !is_worth_another (trip, way, local)) {
      if (!g_cancellable_is_cancelled (cancellable))
        trip->worked = json_object_ref (way); /* it led to somebody who said no */
      g_clear_error (&worst);
      g_propagate_error (error, local);
      return NULL;
    }
    if (i + 1 < ways->len)
      g_message ("%s: the next way is tried", local->message);
    if (doubted == NULL && is_doubtful (trip, way, local))
      doubted = way;
    note_failure (trip, way, local);
    worst = pick_error (worst, local);
  }
  g_propagate_error (error, conclude (trip, doubted, ways->len, worst));
  return NULL;
}

/* What a PAC file said a while ago may be wrong by now: the machine may have moved. */
static gboolean
forget_old_pac (OcsTrip *trip, GCancellable *cancellable)
{
  if (trip->pac == NULL || trip->pac_is_new || trip->worked != NULL || g_cancellable_is_cancelled (cancellable))
    return FALSE;
  g_clear_pointer (&trip->pac, ocs_pac_answer_free);
  g_ptr_array_set_size (trip->failed, 0);
  g_ptr_array_set_size (trip->doubted, 0);
  return TRUE;
}

static gpointer
run_once (OcsTrip *trip, JsonObject *route, OcsTripFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) ways = choose_ways (trip, route, cancellable, error);

  return ways != NULL ? try_ways (trip, ways, route, func, data, cancellable, error) : NULL;
}

gpointer
ocs_trip_run (OcsTrip *trip, JsonObject *route, OcsTripFunc func, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) local = NULL;
  gpointer result;

  if (trip->plan == NULL)
    return func (data, cancellable, error);
  result = run_once (trip, route, func, data, cancellable, &local);
  if (result != NULL)
    return result;
  if (forget_old_pac (trip, cancellable))
    return run_once (trip, route, func, data, cancellable, error);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}

void
ocs_trip_note (OcsTrip *trip, JsonObject *trailer)
{
  JsonObject *traffic = trailer != NULL ? ocs_json_object (trailer, "traffic") : NULL;
  const char *via = traffic != NULL ? ocs_json_string (traffic, "via") : NULL;
  const char *auth = traffic != NULL ? ocs_json_string (traffic, "auth") : NULL;
  const char *proxy = traffic != NULL ? ocs_json_string (traffic, "proxy") : NULL;

  if (!is_short (via, TOLD_MAX) || !is_short (auth, NAME_MAX) || !is_short (proxy, NAME_MAX))
    return;
  if (auth != NULL && proxy != NULL) {
    g_free (trip->auth);
    trip->auth = g_strdup (auth);
    g_free (trip->auth_proxy);
    trip->auth_proxy = g_strdup (proxy);
  }
  if (via == NULL)
    return;
  g_free (trip->via);
  trip->via = g_strdup (via);
}

void
ocs_trip_note_clock (OcsTrip *trip, JsonObject *trailer)
{
  JsonObject *traffic = ocs_json_object (trailer, "traffic");
  gint64 date = ocs_json_int (traffic, "date", 0);
  gint64 since = ocs_json_int (traffic, "total_ms", 0) - ocs_json_int (traffic, "first_byte_ms", 0);

  /* The date is cut to seconds: half of one is missing on average. */
  if (date > 0)
    trip->clock = date * 1000 + 500 + MAX (since, 0) - ocs_clock_monotonic ();
}

void
ocs_trip_end (OcsTrip *trip)
{
  OcsDetours *detours = ocs_scout_detours (trip->scout);
  gint64 now = ocs_clock_monotonic () / 1000;
  g_autofree char *name = trip->worked != NULL ? ocs_ways_dup_name (trip->worked) : NULL;
  g_autofree char *here = trip->worked != NULL ? dup_name_for_origin (trip, trip->worked) : NULL;

  if (trip->pac_is_new && trip->pac != NULL)
    ocs_scout_keep_pac (trip->scout, trip->pac_key, g_steal_pointer (&trip->pac), now);
  trip->pac_is_new = FALSE;
  if (trip->via != NULL)
    ocs_scout_keep_via (trip->scout, trip->via);
  if (trip->auth != NULL)
    ocs_scout_keep_auth (trip->scout, trip->auth_proxy, trip->auth);
  if (trip->clock != 0)
    ocs_scout_keep_clock (trip->scout, trip->clock);
  if (name == NULL)
    return;
  /* Where nothing worked, nothing is known about one way that would not hold for the others. */
  for (guint i = 0; i < trip->failed->len; i++)
    ocs_detours_note_failure (detours, trip->failed->pdata[i], now);
  ocs_detours_note_success (detours, name);
  ocs_detours_note_success (detours, here);
  ocs_scout_keep_way (trip->scout, ocs_json_string (trip->plan, "purpose"), trip->worked);
}
