/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-supply"
#include "worker/supply.h"
#include "ipc/error.h"
#include "worker/core/pace.h"
#include "worker/core/url.h"
#include "worker/core/verdict.h"
#include "worker/io/clock.h"
#include "worker/io/journal.h"
#include "worker/keeping.h"
#include "worker/outlook.h"
#include "worker/sums.h"

#define INTERRUPTIONS_MAX 2
/* Seconds without a byte after which a cache that was silent before is passed. */
#define WARY_STALL 10

/* Who has begun is asked for this minute, for the one before, and for this one again. */
enum { CLAIM_NOW, CLAIM_BEFORE, CLAIM_AGAIN, CLAIM_N };

JsonObject *
ocs_supply_route (const OcsSite *site, const char *url, gboolean direct)
{
  JsonObject *route = direct ? ocs_setup_route_direct (site->setup, OCS_ROUTE_FRAGMENT) : NULL;

  if (route == NULL)
    route = ocs_setup_route (site->setup, OCS_ROUTE_FRAGMENT);
  /* A bundle may be half a megabyte, http has no use for it, and each of thousands of calls would carry it. */
  if (!ocs_url_is_https (url))
    json_object_remove_member (route, "ca_pem");
  return route;
}

static JsonObject *
fragment_route (const OcsWork *work, gboolean direct)
{
  return ocs_supply_route (work->site, work->url, direct);
}

static void
end_probe (GTask *task, gboolean found, gboolean coming)
{
  const OcsWork *work = g_task_get_task_data (task);
  OcsEvent event = {.kind = OCS_EVENT_PROBED, .fragment = work->fragment, .found = found, .coming = coming};

  ocs_work_end (task, event, NULL, NULL, NULL);
}

static void probe (GTask *task);

/* Meanwhile somebody may have begun, which not every cache lets others join. */
static gboolean
on_waited (gpointer user_data)
{
  OcsWork *work = g_task_get_task_data (user_data);

  work->pause = 0;
  probe (user_data);
  return G_SOURCE_REMOVE;
}

/* Where the proxy cannot be asked now, fetching will say why. */
static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  OcsProbed probed;
  gboolean told = ocs_dispatch_probe_finish (result, &probed, NULL);
  gboolean coming = told && probed.coming;

  if (told && !probed.held && !coming && work->pause > 0) {
    g_timeout_add ((guint)work->pause, on_waited, task);
    return;
  }
  if (probed.held)
    ocs_ledger_note_claim (work->site->ledger, work->url);
  end_probe (task, probed.held, coming);
}

static void
probe (GTask *task)
{
  const OcsWork *work = g_task_get_task_data (task);

  ocs_dispatch_probe_async (work->site->dispatch, fragment_route (work, FALSE), work->url, g_task_get_cancellable (task), on_probed, task);
}

static gboolean
on_nobody_known (gpointer user_data)
{
  end_probe (user_data, FALSE, FALSE);
  return G_SOURCE_REMOVE;
}

static void claim (GTask *task);

static gboolean
on_claim_again (gpointer user_data)
{
  claim (user_data);
  return G_SOURCE_REMOVE;
}

static void
end_claim (GTask *task, OcsClaim claimed)
{
  const OcsWork *work = g_task_get_task_data (task);

  g_message ("package %s: %s", work->id, claimed == OCS_CLAIM_LATE ? "others at this site have begun" : "nobody at this site has begun");
  ocs_work_end (task, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = work->fragment, .claim = claimed}, NULL, NULL, NULL);
}

/* Where nothing can be learnt, there is still the timer. */
static void
on_claimed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  OcsProbed probed;
  gboolean told = ocs_dispatch_probe_finish (result, &probed, NULL) && probed.held;

  if (told && ocs_verdict_is_from_cache (probed.verdict))
    end_claim (task, OCS_CLAIM_LATE);
  else if (!told || probed.verdict != OCS_VERDICT_MISS)
    g_timeout_add ((guint)work->pause, on_nobody_known, task);
  else if (work->claims == CLAIM_N)
    end_claim (task, OCS_CLAIM_FIRST);
  else if (work->claims == CLAIM_AGAIN)
    g_timeout_add ((guint)ocs_pace_claim (ocs_clock_random ()), on_claim_again, task);
  else
    claim (task);
}

/* What a cache holds that cannot be asked, asking itself puts there: so whoever is the first to ask for something small under the name of
 * this minute is told that it came from the server, and all others that it came from the cache. Two may have been first, no farther from
 * each other than the server's answer: asked again, after a moment of its own each, only one is. And it may have been a minute ago. */
static void
claim (GTask *task)
{
  OcsWork *work = g_task_get_task_data (task);
  guint which = work->claims++;
  g_autofree char *folder = g_path_get_dirname (work->url);
  g_autofree char *url = g_strdup_printf ("%s/info?ocs=%" G_GINT64_FORMAT "%s", folder,
                                          ocs_pace_round (ocs_clock_now ()) - (which == CLAIM_BEFORE), which == CLAIM_AGAIN ? "b" : "a");

  ocs_dispatch_probe_async (work->site->dispatch, fragment_route (work, FALSE), url, g_task_get_cancellable (task), on_claimed, task);
}

/* A proxy that does not say 504 to what nobody has ever asked for does not listen (nginx and Varnish by default): it is not asked again. */
static void
on_manners (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  gint64 now = ocs_clock_now ();
  OcsProxyPage *page;
  OcsProbed probed;

  if (!ocs_dispatch_probe_finish (result, &probed, NULL) || probed.status == 0 || *probed.proxy == '\0') {
    end_probe (task, FALSE, FALSE);
    return;
  }
  page = ocs_proxybook_open (work->site->ledger->proxies, probed.proxy, now);
  ocs_proxybook_learn (page, probed.status, now);
  g_message ("proxy %s %s", probed.proxy,
             page->manners == OCS_MANNERS_ASKABLE ? "says what it holds: it is asked before the line is used"
                                                  : "does not say what it holds");
  if (page->manners == OCS_MANNERS_ASKABLE)
    probe (task);
  else
    claim (task);
}

char *
ocs_supply_url (const OcsPackage *package, gint64 fragment, GError **error)
{
  g_autofree char *file = g_strdup_printf ("%s-%" G_GINT64_FORMAT, package->id, fragment);

  return ocs_url_join (package->info->https, package->offer->pack_loc, package->id, file, error);
}

/* What no server has, so that nothing large crosses the line where a proxy makes a GET of it: parts are numbered from 1. */
static char *
unheard_of_url (const OcsPackage *package, GError **error)
{
  g_autofree char *url = ocs_supply_url (package, 0, error);

  return url != NULL ? g_strdup_printf ("%s?%08x", url, (guint)(ocs_clock_random () * G_MAXUINT32)) : NULL;
}

/* Milliseconds. */
static gint64
pause_before (const OcsPackage *package, const OcsDuty *duty)
{
  if (duty->first)
    return ocs_pace_share (package->info->frags, ocs_clock_random ());
  return duty->last ? ocs_pace_crowd (package->info->frags, ocs_clock_random ()) : 0;
}

void
ocs_supply_probe (GTask *task, const OcsPackage *package, const OcsDuty *duty)
{
  OcsWork *work = g_task_get_task_data (task);
  g_autofree char *unheard = NULL;
  GError *error = NULL;

  work->url = ocs_supply_url (package, work->fragment, &error);
  work->pause = pause_before (package, duty);
  if (work->url == NULL) {
    ocs_work_fail (task, error);
  } else if (ocs_outlook_manners (work->site) == OCS_MANNERS_ASKABLE) {
    probe (task);
  } else if (ocs_outlook_manners (work->site) == OCS_MANNERS_DEAF) {
    claim (task);
  } else {
    unheard = unheard_of_url (package, NULL);
    ocs_dispatch_probe_async (work->site->dispatch, fragment_route (work, FALSE), unheard, g_task_get_cancellable (task), on_manners, task);
  }
}

static void
end_fetch (GTask *task, gboolean changed)
{
  const OcsWork *work = g_task_get_task_data (task);
  OcsEvent event = {
      .kind = OCS_EVENT_FRAGMENT,
      .fragment = work->fragment,
      .sound = work->fetched.sound,
      .pause = work->pause,
      .bytes = work->fetched.bytes,
      .verdict = work->fetched.verdict,
      .changed = changed,
      .passed = work->passed,
  };
  const char *proxy = *work->fetched.proxy != '\0' ? work->fetched.proxy : NULL;

  ocs_ledger_count_fragment (work->site->ledger, proxy, work->pass == OCS_HEAL_NONE ? work->url : NULL, work->fetched.verdict,
                             work->fetched.bytes, work->fetched.size);
  if (proxy != NULL && work->pass == OCS_HEAL_NONE)
    ocs_keeping_ask (work->site, proxy, work->url, work->fetched.size);
  ocs_work_end (task, event, NULL, NULL, NULL);
}

static void
on_compared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  gboolean changed = FALSE;

  if (ocs_sums_compare_finish (result, &changed, &error))
    end_fetch (task, changed);
  else
    ocs_work_fail (task, error);
}

/* Nobody knows how much of it crossed the line before it failed, and a cache may go on with it for the next who asks: only where the proxy
 * did not let it pass, nothing has. */
static void
fail_fetch (GTask *task, GError *error)
{
  const OcsWork *work = g_task_get_task_data (task);
  OcsEvent event = {
      .kind = OCS_EVENT_FAILED,
      .fragment = work->fragment,
      .passed = work->passed,
      .pause = ocs_error_code (error) == OCS_ERROR_PROXY_REFUSED ? 0 : work->pause,
  };

  ocs_work_end (task, event, NULL, NULL, error);
}

static void fetch_by (GTask *task, OcsFetchMode mode);

/* A page that a cache keeps under a fragment's address would come for ever. error: transfer full. */
static void
pass_cache (GTask *task, GError *error)
{
  OcsWork *work = g_task_get_task_data (task);

  ocs_journal_say (G_LOG_LEVEL_MESSAGE, work->id, error, "package %s: fragment %" G_GINT64_FORMAT " is fetched past the cache: %s",
                   work->id, work->fragment, error->message);
  g_error_free (error);
  work->may_pass = FALSE;
  work->passed = TRUE;
  fetch_by (task, OCS_FETCH_REFRESH);
}

static gboolean
is_to_be_passed (const OcsWork *work, const GError *error)
{
  return work->may_pass
         && (g_error_matches (error, OCS_ERROR, OCS_ERROR_BAD_REPLY)
             || (work->wary && g_error_matches (error, OCS_ERROR, OCS_ERROR_TIMED_OUT)));
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  OcsWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (!ocs_dispatch_fetch_finish (result, &work->fetched, &error)) {
    if (is_to_be_passed (work, error))
      pass_cache (task, error);
    else
      fail_fetch (task, error);
  } else if (work->pass == OCS_HEAL_NONE)
    end_fetch (task, FALSE);
  else
    ocs_sums_compare_async (work->path, g_task_get_cancellable (task), on_compared, task);
}

static void
fetch_by (GTask *task, OcsFetchMode mode)
{
  const OcsWork *work = g_task_get_task_data (task);
  JsonObject *route = fragment_route (work, work->pass == OCS_HEAL_DIRECT);

  if (work->wary && mode != OCS_FETCH_REFRESH)
    json_object_set_int_member (route, "stall_timeout", WARY_STALL);
  ocs_dispatch_fetch_async (work->site->dispatch, route, work->url, work->path, mode, &work->plan, work->progress,
                            g_task_get_cancellable (task), on_fetched, task);
}

/* A part is gone on from with a range, which no cache keeps: where the cache has nothing, the whole is fetched, for the others too. */
static void
on_rest_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  OcsProbed probed;

  fetch_by (task, ocs_dispatch_probe_finish (result, &probed, NULL) && !probed.held ? OCS_FETCH_WHOLE : OCS_FETCH_RESUME);
}

static void
fetch_now (GTask *task)
{
  const OcsWork *work = g_task_get_task_data (task);

  if (work->pass == OCS_HEAL_PAST)
    fetch_by (task, OCS_FETCH_REFRESH);
  else if (work->sparing && ocs_landing_has_part (work->path))
    ocs_dispatch_probe_async (work->site->dispatch, fragment_route (work, FALSE), work->url, g_task_get_cancellable (task), on_rest_probed,
                              task);
  else
    fetch_by (task, OCS_FETCH_RESUME);
}

static void
on_set_aside (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (ocs_sums_set_aside_finish (result, &error))
    fetch_now (task);
  else
    ocs_work_fail (task, error);
}

/* One that was cut off twice goes on with a range all the same: else a large fragment might never end. */
static gboolean
is_sparing (const OcsWork *work, const OcsPackage *package)
{
  return package->may_probe && work->pass <= OCS_HEAL_AGAIN && package->failures < INTERRUPTIONS_MAX;
}

OcsLandingPlan
ocs_supply_plan (const OcsSite *site, const OcsPackage *package)
{
  return (OcsLandingPlan) {
      .missing = MAX (package->parts.n - package->parts.n_have - package->parts.n_doubt - 1, 0),
      .all = package->parts.n,
      .rules = ocs_setup_space (site->setup),
  };
}

void
ocs_supply_fetch (GTask *task, const OcsPackage *package, OcsProgress *progress)
{
  OcsWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *url = ocs_supply_url (package, work->fragment, &error);
  g_autofree char *query = ocs_heal_query (ocs_clock_now ());

  work->pause = ocs_pace_after (&work->site->ledger->pacing, package->info->pri);
  if (url == NULL) {
    ocs_work_fail (task, error);
    return;
  }
  work->url = g_strconcat (url, work->pass == OCS_HEAL_QUERY ? query : NULL, NULL);
  work->path = ocs_store_fragment_path (work->site->store, package->id, work->fragment);
  work->progress = ocs_progress_ref (progress);
  work->whole = package->info->frags == 1 ? ocs_info_copy (package->info) : NULL;
  work->plan = ocs_supply_plan (work->site, package);
  work->plan.whole = work->whole;
  /* After a wait with jitter: somebody else may have healed it meanwhile. */
  work->may_pass = ocs_package_may_pass (package) && work->pass <= OCS_HEAL_AGAIN
                   && ocs_pages_may_pass (&package->pages, work->fragment, package->heal.passed_at, ocs_clock_now ());
  work->wary = work->may_pass && ocs_package_is_wary (package);
  work->sparing = is_sparing (work, package);
  if (work->pass == OCS_HEAL_NONE)
    fetch_now (task);
  else
    ocs_sums_set_aside_async (work->path, g_task_get_cancellable (task), on_set_aside, task);
}
