/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-beside"
#include "worker/beside.h"
#include "ipc/error.h"
#include "worker/core/pace.h"
#include "worker/io/haul.h"
#include "worker/keeping.h"
#include "worker/supply.h"

/* Of one call: people see what has come once it is over. */
#define BYTES_MAX (2 * 1024 * 1024)
#define FRAGMENTS_MAX 32

typedef struct {
  OcsSite *site;     /* borrowed: outlives it */
  char *id;          /* owned */
  GArray *fragments; /* owned; element-type gint64 */
  GPtrArray *urls;   /* owned; element-type char* */
  GArray *events;    /* owned; element-type OcsEvent */
  gint64 pause;      /* that the line is owed for each */
} Errand;

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  g_free (errand->id);
  g_array_unref (errand->fragments);
  g_ptr_array_unref (errand->urls);
  g_array_unref (errand->events);
  g_free (errand);
}

guint
ocs_beside_count (gint64 size)
{
  return size > 0 ? (guint)CLAMP (BYTES_MAX / size, 1, FRAGMENTS_MAX) : 1;
}

static void
add_event (Errand *errand, OcsEvent event)
{
  event.fragment = g_array_index (errand->fragments, gint64, errand->events->len);
  event.beside = TRUE;
  g_array_append_val (errand->events, event);
}

static void
count_one (Errand *errand, const OcsFetched *fetched)
{
  const char *url = errand->urls->pdata[errand->events->len];
  const char *proxy = *fetched->proxy != '\0' ? fetched->proxy : NULL;

  ocs_ledger_note_claim (errand->site->ledger, url);
  ocs_ledger_count_fragment (errand->site->ledger, proxy, url, fetched->verdict, fetched->bytes, fetched->size);
  if (proxy != NULL)
    ocs_keeping_ask (errand->site, proxy, url, fetched->size);
  add_event (errand, (OcsEvent) {.kind = OCS_EVENT_FRAGMENT, .pause = errand->pause, .bytes = fetched->bytes, .verdict = fetched->verdict});
}

static void
on_hauled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Errand *errand = g_task_get_task_data (task);
  g_autoptr (GError) why = NULL;
  g_autoptr (GArray) came = ocs_haul_fetch_finish (result, &why);

  for (guint i = 0; i < came->len; i++)
    count_one (errand, &g_array_index (came, OcsFetched, i));
  if (why != NULL && !g_error_matches (why, OCS_ERROR, OCS_ERROR_CANCELLED)) {
    g_debug ("package %s: %s", errand->id, why->message);
    add_event (errand, (OcsEvent) {.kind = OCS_EVENT_FAILED});
  }
  g_task_return_boolean (task, TRUE);
}

void
ocs_beside_fetch_async (OcsSite *site, const OcsPackage *package, GArray *fragments, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr (OcsHaul) haul = NULL;
  OcsLandingPlan plan = ocs_supply_plan (site, package);
  Errand *errand = g_new0 (Errand, 1);

  errand->site = site;
  errand->id = g_strdup (package->id);
  errand->fragments = fragments;
  errand->urls = g_ptr_array_new_with_free_func (g_free);
  errand->events = g_array_new (FALSE, TRUE, sizeof (OcsEvent));
  errand->pause = ocs_pace_after (&site->ledger->pacing, package->info->pri);
  g_task_set_task_data (task, errand, errand_free);
  for (guint i = 0; i < fragments->len; i++) {
    gint64 fragment = g_array_index (fragments, gint64, i);
    g_autofree char *path = ocs_store_fragment_path (site->store, package->id, fragment);
    char *url = ocs_supply_url (package, fragment, NULL);

    /* Its turn will say why. */
    if (url == NULL)
      break;
    if (haul == NULL)
      haul = ocs_haul_new (site->dispatch, ocs_supply_route (site, url, FALSE), &plan);
    g_ptr_array_add (errand->urls, url);
    ocs_haul_add (haul, url, path);
  }
  if (haul != NULL)
    ocs_haul_fetch_async (g_steal_pointer (&haul), cancellable, on_hauled, g_steal_pointer (&task));
  else
    g_task_return_boolean (task, TRUE);
}

GArray *
ocs_beside_fetch_finish (GAsyncResult *result, const GArray **fragments)
{
  const Errand *errand = g_task_get_task_data (G_TASK (result));

  *fragments = errand->fragments;
  return g_array_ref (errand->events);
}
