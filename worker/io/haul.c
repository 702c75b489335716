/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-haul"
#include "worker/io/haul.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "ipc/names.h"
#include "ipc/reply.h"
#include "ipc/wire.h"
#include "worker/io/trip.h"

struct _OcsHaul {
  char *socket;          /* owned */
  OcsScout *scout;       /* owned; untouched by the thread */
  OcsTrip *trip;         /* owned, nullable before the start */
  JsonObject *arguments; /* owned */
  GPtrArray *urls;       /* owned; element-type char* */
  GPtrArray *paths;      /* owned; element-type char* */
  OcsLandingPlan plan;
  OcsProgress *progress; /* owned; of the object under way */
  GArray *came;          /* owned; element-type OcsFetched */
  GError *why;           /* owned, nullable */
};

OcsHaul *
ocs_haul_new (OcsDispatch *dispatch, JsonObject *route, const OcsLandingPlan *plan)
{
  OcsHaul *haul = g_new0 (OcsHaul, 1);

  haul->socket = g_strdup (ocs_dispatch_bulk (dispatch));
  haul->scout = ocs_scout_ref (ocs_dispatch_scout (dispatch));
  haul->arguments = json_object_new ();
  haul->urls = g_ptr_array_new_with_free_func (g_free);
  haul->paths = g_ptr_array_new_with_free_func (g_free);
  haul->plan = *plan;
  haul->progress = ocs_progress_new ();
  haul->came = g_array_new (FALSE, TRUE, sizeof (OcsFetched));
  json_object_set_object_member (haul->arguments, "route", route);
  return haul;
}

void
ocs_haul_free (OcsHaul *haul)
{
  if (haul == NULL)
    return;
  g_free (haul->socket);
  ocs_scout_unref (haul->scout);
  ocs_trip_free (haul->trip);
  json_object_unref (haul->arguments);
  g_ptr_array_unref (haul->urls);
  g_ptr_array_unref (haul->paths);
  ocs_progress_unref (haul->progress);
  g_array_unref (haul->came);
  g_clear_error (&haul->why);
  g_free (haul);
}

void
ocs_haul_add (OcsHaul *haul, const char *url, const char *path)
{
  g_ptr_array_add (haul->urls, g_strdup (url));
  g_ptr_array_add (haul->paths, g_strdup (path));
}

static void
complete_arguments (OcsHaul *haul)
{
  JsonArray *also = json_array_new ();

  for (guint i = 1; i < haul->urls->len; i++)
    json_array_add_string_element (also, haul->urls->pdata[i]);
  json_object_set_string_member (haul->arguments, "url", haul->urls->pdata[0]);
  json_object_set_string_member (haul->arguments, "user_agent", OCS_USER_AGENT);
  json_object_set_int_member (haul->arguments, "offset", 0);
  json_object_set_boolean_member (haul->arguments, "refresh", FALSE);
  json_object_set_boolean_member (haul->arguments, "held", TRUE);
  json_object_set_array_member (haul->arguments, "also", also);
}

/* head: nullable; only the first has one. *more: whether another follows. */
static gboolean
take_one (OcsHaul *haul, OcsWire *wire, JsonObject *head, gboolean *more, GError **error)
{
  g_autoptr (OcsLanding) landing = ocs_landing_open (haul->paths->pdata[haul->came->len], FALSE, haul->progress, error);
  g_autoptr (JsonObject) trailer = NULL;
  OcsFetched fetched = {OCS_VERDICT_UNKNOWN};

  if (landing == NULL
      || !ocs_landing_begin (landing, ocs_json_int (head, "offset", 0), ocs_json_int (head, "size", -1),
                             ocs_json_string (head, "validator"), &haul->plan, error))
    return FALSE;
  trailer = ocs_wire_receive_data (wire, ocs_landing_write, landing, error);
  ocs_trip_note (haul->trip, trailer);
  if (trailer == NULL || !ocs_reply_check_trailer (trailer, error) || !ocs_landing_end (landing, error))
    return FALSE;
  ocs_fetched_read (&fetched, trailer, ocs_progress_done (haul->progress));
  g_array_append_val (haul->came, fetched);
  haul->plan.likely = fetched.size;
  haul->plan.missing = MAX (haul->plan.missing - 1, 0);
  *more = ocs_json_bool (trailer, "more", FALSE);
  return TRUE;
}

/* By one way. What has come by another stays. */
static gpointer
fetch (gpointer data, GCancellable *cancellable, GError **error)
{
  OcsHaul *haul = data;
  g_autoptr (OcsWire) wire = ocs_wire_open (haul->socket, OCS_DISPATCH_SILENCE_MAX, cancellable, error);
  g_autoptr (JsonObject) head = NULL;
  gboolean more = TRUE;

  if (wire != NULL)
    head = ocs_wire_call (wire, OCS_COURIER_INTERFACE ".Fetch", json_object_ref (haul->arguments), OCS_WIRE_UPGRADE, error);
  if (head == NULL || !take_one (haul, wire, head, &more, error))
    return NULL;
  while (more && haul->came->len < haul->urls->len)
    more = take_one (haul, wire, NULL, &more, &haul->why) && more;
  return haul;
}

static void
fetch_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  OcsHaul *haul = data;
  g_autoptr (GError) error = NULL;

  if (ocs_trip_run (haul->trip, ocs_json_object (haul->arguments, "route"), fetch, haul, cancellable, &error) == NULL)
    haul->why = g_steal_pointer (&error);
  g_task_return_boolean (task, TRUE);
}

void
ocs_haul_fetch_async (OcsHaul *haul, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  complete_arguments (haul);
  haul->trip = ocs_trip_new (haul->scout, haul->socket, ocs_json_object (haul->arguments, "route"), haul->urls->pdata[0]);
  g_task_set_task_data (task, haul, (GDestroyNotify)ocs_haul_free);
  /* What has come has come. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, fetch_thread);
}

GArray *
ocs_haul_fetch_finish (GAsyncResult *result, GError **why)
{
  OcsHaul *haul = g_task_get_task_data (G_TASK (result));

  ocs_trip_end (haul->trip);
  if (haul->why != NULL)
    g_propagate_error (why, g_steal_pointer (&haul->why));
  return g_array_ref (haul->came);
}
