/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-deploy"
#include "worker/deploy.h"
#include "ipc/error.h"
#include "worker/deploy-private.h"
#include "worker/io/clock.h"

#define SAVE_AGAIN_AFTER 60
#define SECONDS_A_DAY 86400

void
ocs_deploy_clear (gpointer data)
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
  g_rc_box_release_full (deploy, ocs_deploy_clear);
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

void
ocs_deploy_apply (OcsDeploy *deploy, OcsEvent event)
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

void
ocs_deploy_apply_failure (OcsDeploy *deploy, const GError *error)
{
  g_message ("package %s: %s", deploy->package->id, error->message);
  ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_FAILED, .error = error});
}

static void
hold (OcsDeploy *deploy, const GError *error)
{
  g_message ("package %s is held: %s", deploy->package->id, error->message);
  ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_HELD, .error = error});
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
    hold (deploy, error);
}

void
ocs_deploy_check_questions (OcsDeploy *deploy)
{
  g_autoptr (GError) error = NULL;

  if (deploy->package->step != OCS_STEP_VERIFIED || !deploy->package->info->notify_user)
    return;
  g_set_error (&error, OCS_ERROR, OCS_ERROR_UNSUPPORTED,
               "it asks people before it runs, which this version does not do yet: upgrade, or clear NOTIFY_USER");
  hold (deploy, error);
}

void
ocs_deploy_offer (OcsDeploy *deploy, const OcsOffer *offer, gboolean in_history)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  ocs_deploy_apply (deploy, (OcsEvent) {
                                .kind = OCS_EVENT_OFFERED,
                                .offer = offer,
                                .in_history = in_history,
                                .schedule = ocs_package_schedule (offer->schedule, zone),
                            });
  if (deploy->package->step < OCS_STEP_RUNNING)
    check_offer (deploy);
  ocs_deploy_check_questions (deploy);
}

void
ocs_deploy_withdraw (OcsDeploy *deploy)
{
  ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_WITHDRAWN});
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
    ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_TICK, .timeout = deploy->site->ledger->pacing.timeout_days * SECONDS_A_DAY});
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

static gboolean
on_start_failed (gpointer user_data)
{
  ocs_deploy_end_duty (user_data);
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
  ocs_deploy_begin_duty (deploy, &error);
  if (error == NULL)
    return;
  ocs_deploy_apply_failure (deploy, error);
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
