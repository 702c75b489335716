/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-depot"
#include "worker/depot.h"
#include "ipc/error.h"
#include "worker/core/post.h"
#include "worker/core/url.h"
#include "worker/deploy.h"
#include "worker/io/clock.h"
#include "worker/io/journal.h"
#include "worker/portrait.h"
#include "worker/power.h"
#include "worker/thrift.h"

/* Packages that are done are kept as records for people, up to this many. */
#define RECORDS_MAX 50
/* Longest sleep, so that a clock that was set is noticed. */
#define SLEEP_MAX 300
/* Offers taken at once: each is journalled, and hundreds of them would keep everybody waiting who asks something. */
#define TAKE_MAX 8

struct _OcsDepot {
  OcsSite *site;      /* borrowed: outlives us */
  GPtrArray *deploys; /* owned; element-type OcsDeploy */
  GPtrArray *later;   /* owned; element-type char*: the packages whose journal a later version wrote, which is left as it is */
  GPtrArray *offers;  /* owned, nullable: what the server has said and is not taken yet; element-type OcsOffer */
  GHashTable *named;  /* owned, nullable; the ids of offers */
  GPtrArray *history; /* owned, nullable; element-type char* */
  guint n_known;      /* deploys that were there before */
  guint n_seen;       /* of these, whether they are offered still */
  guint n_taken;      /* of offers */
  guint taking;
  guint wake;
  OcsDepotFunc on_change;
  gpointer user_data; /* borrowed: the agent */
};

static void
on_deploy_change (OcsDeploy *deploy, gpointer user_data)
{
  OcsDepot *depot = user_data;

  ocs_depot_work (depot);
  depot->on_change (depot, depot->user_data);
}

static OcsDeploy *
add (OcsDepot *depot, OcsPackage *package)
{
  OcsDeploy *deploy = ocs_deploy_new (depot->site, package, on_deploy_change, depot);

  g_ptr_array_add (depot->deploys, deploy);
  return deploy;
}

static void
load (OcsDepot *depot)
{
  g_autoptr (GPtrArray) ids = ocs_store_packages (depot->site->store);

  for (guint i = 0; i < ids->len; i++) {
    g_autofree char *name = g_build_filename ("packages", ids->pdata[i], "state.json", NULL);
    g_autoptr (JsonObject) object = ocs_store_read (depot->site->store, name);
    g_autoptr (GError) error = NULL;
    OcsPackage *package = object != NULL ? ocs_package_from_json (object, &error) : NULL;

    if (package != NULL)
      add (depot, package);
    else if (g_error_matches (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED)) {
      g_ptr_array_add (depot->later, g_strdup (ids->pdata[i]));
      ocs_journal_say (G_LOG_LEVEL_WARNING, ids->pdata[i], error, "package %s: %s", (const char *)ids->pdata[i], error->message);
    } else if (error != NULL)
      ocs_store_set_aside (depot->site->store, name, error->message);
    else
      ocs_store_sweep_package (depot->site->store, ids->pdata[i]);
  }
}

OcsDepot *
ocs_depot_new (OcsSite *site, OcsDepotFunc on_change, gpointer user_data)
{
  OcsDepot *depot = g_new0 (OcsDepot, 1);

  depot->site = site;
  depot->deploys = g_ptr_array_new_with_free_func ((GDestroyNotify)ocs_deploy_free);
  depot->later = g_ptr_array_new_with_free_func (g_free);
  depot->on_change = on_change;
  depot->user_data = user_data;
  site->power = ocs_power_new (site);
  load (depot);
  return depot;
}

static void
stop_taking (OcsDepot *depot)
{
  g_clear_handle_id (&depot->taking, g_source_remove);
  g_clear_pointer (&depot->named, g_hash_table_unref);
  g_clear_pointer (&depot->offers, g_ptr_array_unref);
  g_clear_pointer (&depot->history, g_ptr_array_unref);
}

void
ocs_depot_free (OcsDepot *depot)
{
  if (depot == NULL)
    return;
  stop_taking (depot);
  g_clear_handle_id (&depot->wake, g_source_remove);
  g_ptr_array_unref (depot->deploys);
  g_ptr_array_unref (depot->later);
  g_clear_pointer (&depot->site->power, ocs_power_free);
  g_free (depot);
}

static OcsDeploy *
find (OcsDepot *depot, const char *id)
{
  for (guint i = 0; i < depot->deploys->len; i++)
    if (g_str_equal (ocs_deploy_package (depot->deploys->pdata[i])->id, id))
      return depot->deploys->pdata[i];
  return NULL;
}

static void
take_offer (OcsDepot *depot, const OcsOffer *offer)
{
  OcsDeploy *deploy = find (depot, offer->id);

  /* It may have run: only the version that wrote so can tell. */
  if (g_ptr_array_find_with_equal_func (depot->later, offer->id, g_str_equal, NULL))
    return;
  if (deploy == NULL)
    deploy = add (depot, ocs_package_new (offer->id, ocs_clock_now ()));
  ocs_deploy_offer (deploy, offer, g_ptr_array_find_with_equal_func (depot->history, offer->id, g_str_equal, NULL));
}

/* FALSE where nothing is left. */
static gboolean
take_some (OcsDepot *depot)
{
  guint left = TAKE_MAX;

  if (depot->offers == NULL)
    return FALSE;
  for (; left > 0 && depot->n_seen < depot->n_known; depot->n_seen++) {
    OcsDeploy *deploy = depot->deploys->pdata[depot->n_seen];

    if (g_hash_table_contains (depot->named, ocs_deploy_package (deploy)->id))
      continue;
    ocs_deploy_withdraw (deploy);
    left--;
  }
  for (; left > 0 && depot->n_taken < depot->offers->len; left--)
    take_offer (depot, depot->offers->pdata[depot->n_taken++]);
  return depot->n_seen < depot->n_known || depot->n_taken < depot->offers->len;
}

static gboolean
on_take (gpointer user_data)
{
  OcsDepot *depot = user_data;

  if (take_some (depot))
    return G_SOURCE_CONTINUE;
  depot->taking = 0;
  stop_taking (depot);
  ocs_depot_work (depot);
  depot->on_change (depot, depot->user_data);
  return G_SOURCE_REMOVE;
}

void
ocs_depot_expect (OcsDepot *depot)
{
  for (guint i = 0; i < depot->deploys->len; i++)
    ocs_deploy_expect (depot->deploys->pdata[i]);
}

void
ocs_depot_offer (OcsDepot *depot, const OcsReply *reply)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) history = ocs_store_history (depot->site->store, &error);

  if (history == NULL) {
    ocs_journal_say (G_LOG_LEVEL_WARNING, NULL, error, "%s", error->message);
    return;
  }
  /* Without the option, or with deployment switched off, the server says nothing about what is assigned. */
  if (!reply->has_download || !reply->pacing.on)
    return;
  stop_taking (depot);
  depot->history = g_steal_pointer (&history);
  depot->offers = g_ptr_array_ref (reply->offers);
  depot->named = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < depot->offers->len; i++)
    g_hash_table_add (depot->named, ((OcsOffer *)depot->offers->pdata[i])->id);
  depot->n_known = depot->deploys->len;
  depot->n_seen = depot->n_taken = 0;
  if (take_some (depot))
    depot->taking = g_idle_add (on_take, depot);
  else
    stop_taking (depot);
}

gboolean
ocs_depot_is_taking (OcsDepot *depot)
{
  return depot->taking != 0;
}

/* The most urgent first (PRI 0 … 9, in OCS the lower number), those not yet described before all. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const OcsPackage *left = ocs_deploy_package (*(OcsDeploy *const *)a);
  const OcsPackage *right = ocs_deploy_package (*(OcsDeploy *const *)b);
  int pri_left = left->info != NULL ? left->info->pri : -1;
  int pri_right = right->info != NULL ? right->info->pri : -1;

  return pri_left != pri_right ? pri_left - pri_right : g_strcmp0 (left->id, right->id);
}

/* A package, or the command after one, that the restart would cut short. What is under way is only waited for. */
static gboolean
begins_to_run (const OcsPackage *package, OcsDutyKind kind)
{
  if (kind == OCS_DUTY_POST)
    return !package->post_begun && ocs_post_kind (package->offer->postcmd) == OCS_POST_COMMAND;
  return kind == OCS_DUTY_RUN && package->step != OCS_STEP_RUNNING;
}

/* With deployment switched off nothing new begins; what has been run is still reported. */
static gboolean
may_do (OcsDepot *depot, const OcsPackage *package, OcsDutyKind kind)
{
  if (begins_to_run (package, kind) && ocs_power_is_near (depot->site->power))
    return FALSE;
  if (!ocs_setup_has_server (depot->site->setup))
    return kind == OCS_DUTY_RUN && package->step == OCS_STEP_RUNNING;
  return depot->site->ledger->pacing.on || package->step >= OCS_STEP_RUNNING;
}

static gboolean
on_wake (gpointer user_data)
{
  OcsDepot *depot = user_data;

  depot->wake = 0;
  ocs_depot_work (depot);
  depot->on_change (depot, depot->user_data);
  return G_SOURCE_REMOVE;
}

static void
sleep_until (OcsDepot *depot, gint64 when)
{
  g_clear_handle_id (&depot->wake, g_source_remove);
  if (when > 0)
    depot->wake = g_timeout_add_seconds ((guint)CLAMP (when - ocs_clock_now (), 1, SLEEP_MAX), on_wake, depot);
}

static void
drop_old_records (OcsDepot *depot)
{
  while (depot->deploys->len > RECORDS_MAX) {
    guint oldest = depot->deploys->len;

    for (guint i = 0; i < depot->deploys->len; i++) {
      const OcsPackage *package = ocs_deploy_package (depot->deploys->pdata[i]);

      if (package->step == OCS_STEP_GONE && !ocs_deploy_is_told (depot->deploys->pdata[i])
          && (oldest == depot->deploys->len || package->updated < ocs_deploy_package (depot->deploys->pdata[oldest])->updated))
        oldest = i;
    }
    if (oldest == depot->deploys->len
        || !ocs_store_remove_package (depot->site->store, ocs_deploy_package (depot->deploys->pdata[oldest])->id, NULL))
      return;
    g_ptr_array_remove_index (depot->deploys, oldest);
  }
}

/* 0 is never. */
static gint64
sooner (gint64 a, gint64 b)
{
  return a == 0 || (b > 0 && b < a) ? b : a;
}

/* Time has passed for all of them, and for the restart that they may ask for. */
static void
tick_all (OcsDepot *depot)
{
  OcsPostKind wanted = OCS_POST_NONE;

  for (guint i = 0; i < depot->deploys->len; i++) {
    OcsDeploy *deploy = depot->deploys->pdata[i];

    ocs_deploy_tick (deploy);
    wanted = MAX (wanted, ocs_power_wanted (depot->site->power, ocs_deploy_package (deploy)));
  }
  ocs_power_tick (depot->site->power, wanted);
}

/* What is described before it is fetched may turn out to be the most urgent of all. */
static void
occupy (gboolean *busy, OcsDutyKind kind)
{
  if (kind == OCS_DUTY_NONE)
    return;
  busy[ocs_package_lane (kind)] = TRUE;
  if (kind == OCS_DUTY_DESCRIBE)
    busy[OCS_LANE_LINE] = TRUE;
}

void
ocs_depot_work (OcsDepot *depot)
{
  gboolean busy[OCS_LANE_N] = {FALSE};
  gint64 wake_at = 0;

  /* Of those still to come one may be the most urgent, and one that could run now may be offered no more. */
  if (ocs_depot_is_taking (depot))
    return;
  drop_old_records (depot);
  g_ptr_array_sort (depot->deploys, compare);
  tick_all (depot);
  for (guint i = 0; i < depot->deploys->len; i++)
    occupy (busy, ocs_deploy_duty (depot->deploys->pdata[i]));
  for (guint i = 0; i < depot->deploys->len; i++) {
    OcsDeploy *deploy = depot->deploys->pdata[i];
    OcsDuty duty = ocs_deploy_next (deploy);

    if (duty.kind != OCS_DUTY_NONE && !busy[ocs_package_lane (duty.kind)] && may_do (depot, ocs_deploy_package (deploy), duty.kind)) {
      ocs_deploy_start (deploy);
      occupy (busy, ocs_deploy_duty (deploy));
      duty = ocs_deploy_next (deploy);
    }
    wake_at = sooner (wake_at, duty.not_before);
    wake_at = sooner (wake_at, ocs_deploy_wake (deploy));
  }
  sleep_until (depot, sooner (wake_at, ocs_power_wake (depot->site->power)));
}

gboolean
ocs_depot_answer (OcsDepot *depot, const char *id, const OcsSaid *said, GError **error)
{
  gboolean power = g_str_equal (id, OCS_QUESTION_ID_RESTART) || g_str_equal (id, OCS_QUESTION_ID_SHUTDOWN);
  OcsDeploy *deploy = power ? NULL : find (depot, id);

  if (deploy == NULL && !power) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "there is no package of that number: 'ocsctl packages' lists them");
    return FALSE;
  }
  if (power ? !ocs_power_answer (depot->site->power, id, said, error) : !ocs_deploy_answer (deploy, said, error))
    return FALSE;
  ocs_depot_work (depot);
  return TRUE;
}

gboolean
ocs_depot_drop (OcsDepot *depot, const char *id, GError **error)
{
  OcsDeploy *deploy = find (depot, id);

  if (deploy == NULL) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "there is no package of that number: 'ocsctl packages' lists them");
    return FALSE;
  }
  if (!ocs_deploy_drop (deploy, error))
    return FALSE;
  ocs_depot_work (depot);
  depot->on_change (depot, depot->user_data);
  return TRUE;
}

gboolean
ocs_depot_is_busy (OcsDepot *depot)
{
  gint64 now = ocs_clock_now ();

  if (ocs_depot_is_taking (depot) || ocs_power_is_pending (depot->site->power))
    return TRUE;
  for (guint i = 0; i < depot->deploys->len; i++) {
    OcsDeploy *deploy = depot->deploys->pdata[i];
    const OcsPackage *package = ocs_deploy_package (deploy);

    if (ocs_deploy_is_at_work (deploy) || ocs_asking_is_pending (depot->site, package)
        || (package->restraint == OCS_RESTRAINT_METERED && ocs_thrift_is_pending (depot->site->thrift)))
      return TRUE;
    if (ocs_package_is_busy (package, now) && !ocs_power_withholds (depot->site->power, package)
        && may_do (depot, package, ocs_deploy_next (deploy).kind))
      return TRUE;
  }
  return FALSE;
}

gboolean
ocs_depot_is_fetching (OcsDepot *depot)
{
  for (guint i = 0; i < depot->deploys->len; i++)
    if (ocs_deploy_duty (depot->deploys->pdata[i]) == OCS_DUTY_FETCH)
      return TRUE;
  return FALSE;
}

GPtrArray *
ocs_depot_history (OcsDepot *depot, GError **error)
{
  GPtrArray *history = ocs_store_history (depot->site->store, error);

  for (guint i = 0; history != NULL && i < depot->deploys->len; i++) {
    const OcsPackage *package = ocs_deploy_package (depot->deploys->pdata[i]);

    if (package->step == OCS_STEP_FINISHED && ocs_package_is_success (package)
        && !g_ptr_array_find_with_equal_func (history, package->id, g_str_equal, NULL))
      g_ptr_array_add (history, g_strdup (package->id));
  }
  return history;
}

void
ocs_depot_describe (OcsDepot *depot, OcsStatus *status)
{
  for (guint i = 0; i < depot->deploys->len; i++) {
    OcsDeploy *deploy = depot->deploys->pdata[i];
    OcsPackageStatus *package = ocs_package_status (ocs_deploy_package (deploy));

    ocs_thrift_describe (depot->site->setup->settings, ocs_deploy_package (deploy), package);
    ocs_power_describe_package (depot->site->power, ocs_deploy_package (deploy), package);
    g_ptr_array_add (status->packages, package);
    ocs_asking_describe (depot->site, ocs_deploy_package (deploy), status);
    if (status->job == NULL)
      status->job = ocs_deploy_job (deploy);
  }
  ocs_power_describe (depot->site->power, status);
  for (guint i = 0; i < depot->later->len; i++)
    ocs_portrait_warn (status,
                       g_strdup_printf ("package %s is left as it is, a newer version of OCS Companion wrote its state: install that again",
                                        (const char *)depot->later->pdata[i]));
}

char *
ocs_depot_dup_small_url (OcsDepot *depot)
{
  const OcsPackage *newest = NULL;

  for (guint i = 0; i < depot->deploys->len; i++) {
    const OcsPackage *package = ocs_deploy_package (depot->deploys->pdata[i]);

    if (package->offer != NULL && package->info != NULL && !package->info->https && (newest == NULL || package->since > newest->since))
      newest = package;
  }
  return newest != NULL ? ocs_url_join (FALSE, newest->offer->pack_loc, newest->id, "info", NULL) : NULL;
}
