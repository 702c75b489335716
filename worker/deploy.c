/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-deploy"
#include "worker/deploy.h"
#include "ipc/error.h"
#include "worker/core/order.h"
#include "worker/core/request.h"
#include "worker/core/result.h"
#include "worker/core/url.h"
#include "worker/io/clock.h"
#include "worker/io/program.h"
#include "worker/verify.h"
#include <string.h>

#define SAVE_AGAIN_AFTER 60
#define SECONDS_A_DAY 86400

struct _OcsDeploy {
  OcsSite *site;       /* borrowed: outlives us */
  OcsPackage *package; /* owned */
  OcsDuty duty;        /* under way; NONE for none */
  gboolean unsaved;    /* the journal is behind: nothing may be done */
  gint64 save_at;
  GCancellable *cancellable; /* owned */
  OcsProgress *progress;     /* owned, nullable */
  gint64 fragment_size;      /* of those fetched so far; 0 while it is not known */
  gint64 fetch_began;        /* milliseconds */
  gint64 fetch_bytes;        /* since then, whole fragments */
  gboolean gone;             /* freed by its owner; a duty still ends */
  OcsDeployFunc on_change;
  gpointer user_data; /* borrowed: the depot */
};

static void
deploy_clear (gpointer data)
{
  OcsDeploy *deploy = data;

  ocs_package_free (deploy->package);
  g_object_unref (deploy->cancellable);
  ocs_progress_unref (deploy->progress);
}

OcsDeploy *
ocs_deploy_new (OcsSite *site, OcsPackage *package, OcsDeployFunc on_change, gpointer user_data)
{
  OcsDeploy *deploy = g_rc_box_new0 (OcsDeploy);
  g_autoptr (GArray) fragments = ocs_store_fragments (site->store, package->id);

  deploy->site = site;
  deploy->package = package;
  deploy->cancellable = g_cancellable_new ();
  deploy->on_change = on_change;
  deploy->user_data = user_data;
  for (guint i = 0; i < fragments->len; i++)
    ocs_package_mark_fragment (package, g_array_index (fragments, gint64, i));
  return deploy;
}

void
ocs_deploy_free (OcsDeploy *deploy)
{
  if (deploy == NULL)
    return;
  deploy->gone = TRUE;
  g_cancellable_cancel (deploy->cancellable);
  g_rc_box_release_full (deploy, deploy_clear);
}

const OcsPackage *
ocs_deploy_package (const OcsDeploy *deploy)
{
  return deploy->package;
}

OcsDutyKind
ocs_deploy_duty (const OcsDeploy *deploy)
{
  return deploy->duty.kind;
}

static gboolean
save (OcsDeploy *deploy)
{
  g_autofree char *name = g_build_filename ("packages", deploy->package->id, "state.json", NULL);
  g_autoptr (JsonObject) object = ocs_package_to_json (deploy->package);
  g_autoptr (GError) error = NULL;

  deploy->unsaved = !ocs_store_make_package (deploy->site->store, deploy->package->id, &error)
                    || !ocs_store_write (deploy->site->store, name, object, &error);
  if (!deploy->unsaved)
    return TRUE;
  g_warning ("package %s stands still: %s", deploy->package->id, error->message);
  deploy->save_at = ocs_clock_now () + SAVE_AGAIN_AFTER;
  ocs_reason_free (deploy->package->reason);
  deploy->package->reason = ocs_reason_new_from_error (error);
  return FALSE;
}

static void
apply (OcsDeploy *deploy, OcsEvent event)
{
  OcsStep before = deploy->package->step;

  event.now = ocs_clock_now ();
  event.random = ocs_clock_random ();
  if (ocs_package_step (deploy->package, &event))
    save (deploy);
  if (deploy->package->step != before)
    g_message ("package %s: %s%s%s", deploy->package->id, ocs_step_name (deploy->package->step),
               deploy->package->result != NULL ? ", " : "", deploy->package->result != NULL ? deploy->package->result : "");
}

static void
apply_failure (OcsDeploy *deploy, const GError *error)
{
  g_message ("package %s: %s", deploy->package->id, error->message);
  apply (deploy, (OcsEvent) {.kind = OCS_EVENT_FAILED, .error = error});
}

static void
apply_held (OcsDeploy *deploy, const GError *error)
{
  g_message ("package %s is held: %s", deploy->package->id, error->message);
  apply (deploy, (OcsEvent) {.kind = OCS_EVENT_HELD, .error = error});
}

/* The rules of trust, and what this version cannot do: neither is ever reported as a final error, it ends with an offer, a setting or
 * an upgrade that changes it. */
static void
check_offer (OcsDeploy *deploy)
{
  OcsTrust trust = ocs_setup_trust (deploy->site->setup);
  const OcsOffer *offer = deploy->package->offer;
  g_autoptr (GError) error = NULL;

  if (ocs_trust_allows (&trust, offer, &error) && ocs_trust_allows_postcmd (&trust, offer->postcmd, &error) && offer->postcmd[0] != '\0')
    g_set_error (&error, OCS_ERROR, OCS_ERROR_UNSUPPORTED, "it ends with %s, which this version does not do yet: upgrade, or clear POSTCMD",
                 offer->postcmd);
  if (error != NULL)
    apply_held (deploy, error);
}

static void
check_questions (OcsDeploy *deploy)
{
  g_autoptr (GError) error = NULL;

  if (deploy->package->step != OCS_STEP_VERIFIED || !deploy->package->info->notify_user)
    return;
  g_set_error (&error, OCS_ERROR, OCS_ERROR_UNSUPPORTED,
               "it asks people before it runs, which this version does not do yet: upgrade, or clear NOTIFY_USER");
  apply_held (deploy, error);
}

void
ocs_deploy_offer (OcsDeploy *deploy, const OcsOffer *offer, gboolean in_history)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  apply (deploy, (OcsEvent) {
                     .kind = OCS_EVENT_OFFERED,
                     .offer = offer,
                     .in_history = in_history,
                     .schedule = ocs_package_schedule (offer->schedule, zone),
                 });
  if (deploy->package->step < OCS_STEP_RUNNING)
    check_offer (deploy);
  check_questions (deploy);
}

void
ocs_deploy_withdraw (OcsDeploy *deploy)
{
  apply (deploy, (OcsEvent) {.kind = OCS_EVENT_WITHDRAWN});
  if (deploy->package->step != OCS_STEP_REPORTED || deploy->duty.kind == OCS_DUTY_NONE)
    return;
  g_cancellable_cancel (deploy->cancellable);
  g_object_unref (deploy->cancellable);
  deploy->cancellable = g_cancellable_new ();
}

void
ocs_deploy_tick (OcsDeploy *deploy)
{
  if (deploy->duty.kind == OCS_DUTY_NONE && !deploy->unsaved)
    apply (deploy, (OcsEvent) {.kind = OCS_EVENT_TICK, .timeout = deploy->site->ledger->pacing.timeout_days * SECONDS_A_DAY});
}

OcsDuty
ocs_deploy_next (const OcsDeploy *deploy)
{
  gint64 now = ocs_clock_now ();

  if (deploy->duty.kind != OCS_DUTY_NONE)
    return (OcsDuty) {.kind = OCS_DUTY_NONE};
  if (deploy->unsaved && deploy->save_at > now)
    return (OcsDuty) {.kind = OCS_DUTY_NONE, .not_before = deploy->save_at};
  return ocs_package_next (deploy->package, now);
}

/* The end of every duty; drops the reference that it held. */
static void
end_duty (OcsDeploy *deploy)
{
  deploy->duty = (OcsDuty) {.kind = OCS_DUTY_NONE};
  if (!deploy->gone)
    deploy->on_change (deploy, deploy->user_data);
  g_rc_box_release_full (deploy, deploy_clear);
}

/* Whether a duty's result no longer counts. */
static gboolean
is_cancelled (OcsDeploy *deploy, const GError *error)
{
  return deploy->gone || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
on_described (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GHashTable) attributes = ocs_courier_describe_finish (result, &error);
  g_autoptr (OcsInfo) info = NULL;

  if (!is_cancelled (deploy, error)) {
    if (attributes != NULL)
      info = ocs_info_from_attributes (attributes, deploy->package->id, &error);
    if (info != NULL)
      apply (deploy, (OcsEvent) {.kind = OCS_EVENT_DESCRIBED, .info = info});
    else
      apply_failure (deploy, error);
    check_questions (deploy);
  }
  end_duty (deploy);
}

static void
describe (OcsDeploy *deploy, GError **error)
{
  const OcsOffer *offer = deploy->package->offer;
  g_autofree char *url = ocs_url_join (TRUE, offer->info_loc, offer->id, "info", error);

  if (url != NULL)
    ocs_courier_describe_async (deploy->site->courier, ocs_setup_route (deploy->site->setup, OCS_ROUTE_INFO), url, deploy->cancellable,
                                on_described, g_rc_box_acquire (deploy));
}

static void
count (OcsDeploy *deploy, const OcsFetched *fetched)
{
  gboolean from_cache =
      fetched->verdict == OCS_VERDICT_HIT || fetched->verdict == OCS_VERDICT_REVALIDATED || fetched->verdict == OCS_VERDICT_SHARED;

  *(from_cache ? &deploy->site->ledger->from_cache : &deploy->site->ledger->from_wan) += fetched->bytes;
  deploy->fetch_bytes += ocs_progress_done (deploy->progress);
  if (deploy->fragment_size == 0)
    deploy->fragment_size = ocs_progress_done (deploy->progress);
}

static void
on_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  g_autoptr (GError) error = NULL;
  OcsFetched fetched = {OCS_VERDICT_UNKNOWN, 0};
  gboolean ok = ocs_courier_fetch_finish (result, &fetched, &error);

  if (ok && !deploy->gone) {
    count (deploy, &fetched);
    deploy->site->ledger->verdict = fetched.verdict;
    apply (deploy, (OcsEvent) {
                       .kind = OCS_EVENT_FRAGMENT,
                       .fragment = deploy->duty.fragment,
                       .bytes = fetched.bytes,
                       .verdict = fetched.verdict,
                       .pause = deploy->site->ledger->pacing.frag_latency,
                   });
  } else if (!is_cancelled (deploy, error)) {
    apply_failure (deploy, error);
  }
  end_duty (deploy);
}

static void
fetch (OcsDeploy *deploy, GError **error)
{
  const OcsPackage *package = deploy->package;
  g_autofree char *file = g_strdup_printf ("%s-%" G_GINT64_FORMAT, package->id, deploy->duty.fragment);
  g_autofree char *url = ocs_url_join (package->info->https, package->offer->pack_loc, package->id, file, error);
  g_autofree char *path = ocs_store_package_path (deploy->site->store, package->id, file);

  if (url == NULL)
    return;
  if (deploy->fetch_began == 0)
    deploy->fetch_began = ocs_clock_monotonic ();
  ocs_progress_unref (deploy->progress);
  deploy->progress = ocs_progress_new ();
  ocs_courier_fetch_async (deploy->site->courier, ocs_setup_route (deploy->site->setup, OCS_ROUTE_FRAGMENT), url, path,
                           deploy->duty.refresh, deploy->progress, deploy->cancellable, on_fetched, g_rc_box_acquire (deploy));
}

/* The bad bytes go before the journal says so: after a crash in between, the fragments are simply missing. */
static void
take_bad_digest (OcsDeploy *deploy, const GError *error)
{
  g_autoptr (GError) local = NULL;

  g_warning ("package %s: %s", deploy->package->id, error->message);
  if (ocs_store_drop_fragments (deploy->site->store, deploy->package->id, &local))
    apply (deploy, (OcsEvent) {.kind = OCS_EVENT_DIGEST_BAD});
  else
    apply_failure (deploy, local);
}

static void
on_verified (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok = ocs_verify_finish (result, &error);

  if (ok && !deploy->gone) {
    apply (deploy, (OcsEvent) {.kind = OCS_EVENT_VERIFIED});
    check_questions (deploy);
  } else if (g_error_matches (error, OCS_ERROR, OCS_ERROR_DIGEST) && !deploy->gone) {
    take_bad_digest (deploy, error);
  } else if (!is_cancelled (deploy, error)) {
    apply_failure (deploy, error);
  }
  if (!deploy->gone)
    ocs_ledger_save_counters (deploy->site->ledger, NULL);
  end_duty (deploy);
}

static void
verify (OcsDeploy *deploy)
{
  const OcsPackage *package = deploy->package;
  g_autofree char *stem = ocs_store_package_path (deploy->site->store, package->id, package->id);

  deploy->fetch_began = deploy->fetch_bytes = 0;
  ocs_verify_async (stem, package->info, deploy->cancellable, on_verified, g_rc_box_acquire (deploy));
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_build_filename ("packages", deploy->package->id, OCS_RESULT_FILE, NULL);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (OcsResult) outcome = NULL;

  if (!deploy->gone) {
    object = ocs_program_run_package_finish (result, &error) ? ocs_store_read (deploy->site->store, name) : NULL;
    if (object != NULL)
      outcome = ocs_result_from_json (object, &error);
    if (outcome == NULL && error == NULL)
      g_set_error (&error, OCS_ERROR, OCS_ERROR_INTERRUPTED, "ocs-run left no result");
    if (outcome != NULL)
      apply (deploy, (OcsEvent) {.kind = OCS_EVENT_ENDED, .code = outcome->code});
    else
      apply_failure (deploy, error);
  }
  end_duty (deploy);
}

static gboolean
write_order (OcsDeploy *deploy, GError **error)
{
  const OcsInfo *info = deploy->package->info;
  g_autofree char *name = g_build_filename ("packages", deploy->package->id, OCS_ORDER_FILE, NULL);
  g_autoptr (JsonObject) object = NULL;
  OcsOrder order = {
      .id = deploy->package->id,
      .action = info->action,
      .command = info->command,
      .name = info->name,
      .path = info->path,
      .install_path = deploy->site->setup->settings->install_path,
      .fragments = (guint)info->frags,
      .timeout = (guint)(deploy->site->ledger->pacing.execution_timeout_minutes * 60),
  };

  object = ocs_order_to_json (&order);
  return ocs_store_write (deploy->site->store, name, object, error);
}

static void
run (OcsDeploy *deploy, GError **error)
{
  if (deploy->package->step == OCS_STEP_VERIFIED) {
    if (!write_order (deploy, error))
      return;
    apply (deploy, (OcsEvent) {.kind = OCS_EVENT_RUN});
    if (deploy->unsaved) {
      g_set_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE, "it is not started before that is written down: %s",
                   deploy->package->reason->message);
      return;
    }
  }
  ocs_program_run_package_async (ocs_store_folder (deploy->site->store), deploy->package->id, on_run, g_rc_box_acquire (deploy));
}

static void
on_reported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) reply = ocs_courier_exchange_finish (result, &error);

  gboolean ok = reply != NULL && !deploy->gone;

  /* History first: a crash in between reports once more, which changes nothing, instead of forgetting that it ran. */
  if (ok && ocs_package_is_success (deploy->package))
    ok = ocs_store_remember (deploy->site->store, deploy->package->id, &error);
  if (ok)
    apply (deploy, (OcsEvent) {.kind = OCS_EVENT_ACKNOWLEDGED});
  else if (!is_cancelled (deploy, error))
    apply_failure (deploy, error);
  end_duty (deploy);
}

static void
report (OcsDeploy *deploy)
{
  char *xml = ocs_request_result (deploy->site->ledger->deviceid, deploy->package->id, deploy->package->result);
  g_autoptr (GBytes) bytes = g_bytes_new_take (xml, strlen (xml));

  ocs_courier_exchange_async (deploy->site->courier, ocs_setup_route (deploy->site->setup, OCS_ROUTE_SERVER),
                              deploy->site->setup->settings->server, bytes, deploy->cancellable, on_reported, g_rc_box_acquire (deploy));
}

static gboolean
on_clean (gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  g_autoptr (GError) error = NULL;

  if (!deploy->gone) {
    if (ocs_store_clean_package (deploy->site->store, deploy->package->id, &error))
      apply (deploy, (OcsEvent) {.kind = OCS_EVENT_CLEANED});
    else
      apply_failure (deploy, error);
  }
  end_duty (deploy);
  return G_SOURCE_REMOVE;
}

static void
begin (OcsDeploy *deploy, GError **error)
{
  switch (deploy->duty.kind) {
  case OCS_DUTY_DESCRIBE:
    describe (deploy, error);
    break;
  case OCS_DUTY_FETCH:
    fetch (deploy, error);
    break;
  case OCS_DUTY_VERIFY:
    verify (deploy);
    break;
  case OCS_DUTY_RUN:
    run (deploy, error);
    break;
  case OCS_DUTY_REPORT:
    report (deploy);
    break;
  case OCS_DUTY_CLEAN:
    g_idle_add (on_clean, g_rc_box_acquire (deploy));
    break;
  case OCS_DUTY_NONE:
  default:
    break;
  }
}

static gboolean
on_start_failed (gpointer user_data)
{
  end_duty (user_data);
  return G_SOURCE_REMOVE;
}

void
ocs_deploy_start (OcsDeploy *deploy)
{
  OcsDuty duty = ocs_deploy_next (deploy);
  g_autoptr (GError) error = NULL;

  if (duty.kind == OCS_DUTY_NONE || (deploy->unsaved && !save (deploy)))
    return;
  deploy->duty = duty;
  begin (deploy, &error);
  if (error == NULL)
    return;
  apply_failure (deploy, error);
  g_idle_add (on_start_failed, g_rc_box_acquire (deploy));
}

static const OcsJobKind kinds[] = {
    [OCS_DUTY_NONE] = OCS_JOB_CONTACTING,  [OCS_DUTY_DESCRIBE] = OCS_JOB_CONTACTING, [OCS_DUTY_FETCH] = OCS_JOB_DOWNLOADING,
    [OCS_DUTY_VERIFY] = OCS_JOB_VERIFYING, [OCS_DUTY_RUN] = OCS_JOB_RUNNING,         [OCS_DUTY_REPORT] = OCS_JOB_REPORTING,
    [OCS_DUTY_CLEAN] = OCS_JOB_REPORTING,
};

OcsJob *
ocs_deploy_job (const OcsDeploy *deploy)
{
  const OcsPackage *package = deploy->package;
  gint64 elapsed = deploy->fetch_began > 0 ? ocs_clock_monotonic () - deploy->fetch_began : 0;
  gint64 size, done;
  OcsJob *job;

  if (deploy->duty.kind == OCS_DUTY_NONE)
    return NULL;
  job = ocs_job_new (kinds[deploy->duty.kind], package->id);
  job->from_cache = package->from_cache;
  job->from_wan = package->from_wan;
  if (deploy->duty.kind != OCS_DUTY_FETCH || deploy->progress == NULL)
    return job;
  /* All fragments but the last have one size. */
  size = deploy->fragment_size > 0 ? deploy->fragment_size : ocs_progress_total (deploy->progress);
  done = ocs_progress_done (deploy->progress);
  job->total = size * package->info->frags;
  job->done = MIN (size * package->n_have + done, job->total);
  job->rate = elapsed > 0 ? (deploy->fetch_bytes + done) * 1000 / elapsed : 0;
  return job;
}
