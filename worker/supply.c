/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-supply"
#include "worker/supply.h"
#include "worker/core/pace.h"
#include "worker/core/url.h"
#include "worker/io/clock.h"

static void
end_probe (GTask *task, gboolean found)
{
  const OcsWork *work = g_task_get_task_data (task);

  ocs_work_end (task, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = work->fragment, .found = found}, NULL, NULL, NULL);
}

static gboolean
on_waited (gpointer user_data)
{
  end_probe (user_data, FALSE);
  return G_SOURCE_REMOVE;
}

/* Where the proxy cannot be asked now, fetching will say why. */
static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  gboolean held = FALSE;

  if (ocs_dispatch_probe_finish (result, &held, NULL) && !held && work->pause > 0)
    g_timeout_add ((guint)work->pause, on_waited, task);
  else
    end_probe (task, held);
}

static void
probe (GTask *task)
{
  const OcsWork *work = g_task_get_task_data (task);

  ocs_dispatch_probe_async (work->site->dispatch, ocs_setup_route (work->site->setup, OCS_ROUTE_FRAGMENT), work->url,
                            g_task_get_cancellable (task), on_probed, task);
}

/* A proxy that claims to hold what nobody has ever asked for does not listen (nginx and Varnish by default): it is not asked again. */
static void
on_manners (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  gboolean held = FALSE;

  if (!ocs_dispatch_probe_finish (result, &held, NULL)) {
    end_probe (task, FALSE);
    return;
  }
  work->site->ledger->manners = held ? OCS_MANNERS_DEAF : OCS_MANNERS_ASKABLE;
  if (held)
    end_probe (task, FALSE);
  else
    probe (task);
}

static char *
fragment_url (const OcsPackage *package, gint64 fragment, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s-%" G_GINT64_FORMAT, package->id, fragment);

  return ocs_url_join (package->info->https, package->offer->pack_loc, package->id, file, error);
}

void
ocs_supply_probe (GTask *task, const OcsPackage *package, gboolean first)
{
  OcsWork *work = g_task_get_task_data (task);
  g_autofree char *unheard = NULL;
  GError *error = NULL;

  work->url = fragment_url (package, work->fragment, &error);
  work->pause = first ? ocs_pace_share (package->info->frags, ocs_clock_random ()) : 0;
  if (work->url == NULL) {
    ocs_work_fail (task, error);
  } else if (work->site->ledger->manners == OCS_MANNERS_ASKABLE) {
    probe (task);
  } else {
    unheard = g_strdup_printf ("%s?%08x", work->url, (guint)(ocs_clock_random () * G_MAXUINT32));
    ocs_dispatch_probe_async (work->site->dispatch, ocs_setup_route (work->site->setup, OCS_ROUTE_FRAGMENT), unheard,
                              g_task_get_cancellable (task), on_manners, task);
  }
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  OcsFetched fetched = {OCS_VERDICT_UNKNOWN, 0};
  OcsEvent event = {
      .kind = OCS_EVENT_FRAGMENT,
      .fragment = work->fragment,
      .pause = work->pause,
  };

  if (!ocs_dispatch_fetch_finish (result, &fetched, &error)) {
    ocs_work_fail (task, error);
    return;
  }
  event.bytes = fetched.bytes;
  event.verdict = fetched.verdict;
  ocs_work_end (task, event, NULL, NULL, NULL);
}

void
ocs_supply_fetch (GTask *task, const OcsPackage *package, gboolean refresh, OcsProgress *progress)
{
  OcsWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *url = fragment_url (package, work->fragment, &error);
  g_autofree char *file = g_strdup_printf ("%s-%" G_GINT64_FORMAT, package->id, work->fragment);
  g_autofree char *path = ocs_store_package_path (work->site->store, package->id, file);

  work->pause = ocs_pace_after (&work->site->ledger->pacing, package->info->pri);
  if (url == NULL)
    ocs_work_fail (task, error);
  else
    ocs_dispatch_fetch_async (work->site->dispatch, ocs_setup_route (work->site->setup, OCS_ROUTE_FRAGMENT), url, path, refresh, progress,
                              g_task_get_cancellable (task), on_fetched, task);
}
