/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-deploy"
#include "worker/deploy.h"
#include "ipc/error.h"
#include "worker/beside.h"
#include "worker/core/hours.h"
#include "worker/duty.h"
#include "worker/io/clock.h"
#include "worker/io/journal.h"
#include "worker/meter.h"
#include "worker/outlook.h"
#include "worker/power.h"
#include "worker/thrift.h"

#define SAVE_AGAIN_AFTER 60
#define SECONDS_A_DAY 86400
/* Calls at once for fragments out of a cache, beside the one that would be fetched anyway. */
#define BESIDE_MAX 3
/* Nobody tells that the line is to be left alone from now on: it is looked at so often, in seconds. */
#define RESTRAINT_EVERY 30

struct _OcsDeploy {
  OcsSite *site;             /* borrowed: outlives us */
  OcsPackage *package;       /* owned */
  OcsDuty duty;              /* under way; NONE for none */
  guint beside;              /* calls beside it, for several fragments each */
  gboolean told;             /* the server has its result since it was last asked what it offers */
  gboolean sound;            /* all of it came just now, and had its digest */
  gboolean stopped;          /* what is under way was cancelled */
  gboolean paused;           /* for the line's sake */
  gboolean unsaved;          /* the journal is behind: nothing may be done */
  gint64 save_at;            /* monotonic seconds: no clock that is set may hold it */
  GCancellable *cancellable; /* owned */
  OcsMeter meter;            /* owned */
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
  ocs_meter_clear (&deploy->meter);
}

/* The files tell which are there. */
static void
mark_fragments (OcsDeploy *deploy)
{
  g_autoptr (GArray) fragments = ocs_store_fragments (deploy->site->store, deploy->package->id);
  g_autoptr (GHashTable) healed = ocs_store_healed (deploy->site->store, deploy->package->id);

  for (guint i = 0; i < fragments->len; i++)
    ocs_parts_mark (&deploy->package->parts, g_array_index (fragments, gint64, i), OCS_PART_DISK);
  ocs_heal_resume (&deploy->package->heal, &deploy->package->parts, healed);
}

OcsDeploy *
ocs_deploy_new (OcsSite *site, OcsPackage *package, OcsDeployFunc on_change, gpointer user_data)
{
  OcsDeploy *deploy = g_rc_box_new0 (OcsDeploy);

  deploy->site = site;
  deploy->package = package;
  package->parts.seed = (guint32)(ocs_clock_random () * G_MAXUINT32);
  deploy->cancellable = g_cancellable_new ();
  deploy->on_change = on_change;
  deploy->user_data = user_data;
  mark_fragments (deploy);
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

gboolean
ocs_deploy_is_at_work (const OcsDeploy *deploy)
{
  return deploy->duty.kind != OCS_DUTY_NONE || deploy->beside > 0;
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
  ocs_journal_say (G_LOG_LEVEL_WARNING, deploy->package->id, error, "package %s stands still: %s", deploy->package->id, error->message);
  deploy->save_at = ocs_clock_monotonic () / 1000 + SAVE_AGAIN_AFTER;
  ocs_reason_free (deploy->package->reason);
  deploy->package->reason = ocs_reason_new_from_error (error);
  return FALSE;
}

static void
apply (OcsDeploy *deploy, OcsEvent event)
{
  OcsStep before = deploy->package->step;
  OcsHealPass pass = deploy->package->heal.pass;

  event.now = ocs_clock_now ();
  event.random = ocs_clock_random ();
  event.boot = deploy->site->ledger->boot;
  event.up = ocs_clock_monotonic () / 1000;
  deploy->told |= event.kind == OCS_EVENT_ACKNOWLEDGED;
  if (ocs_package_step (deploy->package, &event))
    save (deploy);
  if (deploy->package->heal.pass != pass && deploy->package->heal.pass != OCS_HEAL_NONE)
    ocs_journal_say (G_LOG_LEVEL_MESSAGE, deploy->package->id, NULL, "package %s: %s", deploy->package->id,
                     ocs_heal_text (deploy->package->heal.pass));
  if (deploy->package->step != before)
    ocs_journal_say (G_LOG_LEVEL_MESSAGE, deploy->package->id, NULL, "package %s: %s%s%s", deploy->package->id,
                     ocs_step_name (deploy->package->step), deploy->package->result != NULL ? ", " : "",
                     deploy->package->result != NULL ? deploy->package->result : "");
}

static void
apply_failure (OcsDeploy *deploy, OcsEvent event)
{
  ocs_journal_say (G_LOG_LEVEL_MESSAGE, deploy->package->id, event.error, "package %s: %s", deploy->package->id, event.error->message);
  apply (deploy, event);
}

static void
hold (OcsDeploy *deploy, const GError *error)
{
  ocs_journal_say (G_LOG_LEVEL_MESSAGE, deploy->package->id, error, "package %s is held: %s", deploy->package->id, error->message);
  apply (deploy, (OcsEvent) {.kind = OCS_EVENT_HELD, .error = error});
}

/* What a rule of trust forbids is never reported as a final error: it ends with an offer or a setting that changes it. */
static gboolean
check_trust (OcsDeploy *deploy)
{
  OcsTrust trust = ocs_setup_trust (deploy->site->setup);
  g_autoptr (GError) error = NULL;

  if (ocs_trust_allows_package (&trust, deploy->package->offer, deploy->package->info, &error))
    return TRUE;
  hold (deploy, error);
  return FALSE;
}

void
ocs_deploy_expect (OcsDeploy *deploy)
{
  deploy->told = FALSE;
}

gboolean
ocs_deploy_is_told (const OcsDeploy *deploy)
{
  return deploy->told;
}

void
ocs_deploy_offer (OcsDeploy *deploy, const OcsOffer *offer, gboolean in_history)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();

  /* The answer was on its way when the result came in. */
  if (deploy->told)
    return;
  apply (deploy, (OcsEvent) {
                     .kind = OCS_EVENT_OFFERED,
                     .offer = offer,
                     .in_history = in_history,
                     .schedule = ocs_hours_schedule (offer->schedule, zone),
                 });
  if (deploy->package->step < OCS_STEP_RUNNING)
    check_trust (deploy);
}

/* What is under way is for nothing. */
static void
stop_duty (OcsDeploy *deploy)
{
  if (deploy->duty.kind == OCS_DUTY_NONE && deploy->beside == 0)
    return;
  deploy->stopped = TRUE;
  g_cancellable_cancel (deploy->cancellable);
  g_object_unref (deploy->cancellable);
  deploy->cancellable = g_cancellable_new ();
}

void
ocs_deploy_withdraw (OcsDeploy *deploy)
{
  apply (deploy, (OcsEvent) {.kind = OCS_EVENT_WITHDRAWN});
  if (deploy->package->step == OCS_STEP_REPORTED)
    stop_duty (deploy);
}

gboolean
ocs_deploy_drop (OcsDeploy *deploy, GError **error)
{
  if (deploy->package->step >= OCS_STEP_RUNNING) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_REFUSED, "package %s %s: only one that has not begun to run can be dropped",
                 deploy->package->id, deploy->package->step == OCS_STEP_RUNNING ? "runs" : "is over");
    return FALSE;
  }
  apply (deploy, (OcsEvent) {.kind = OCS_EVENT_REJECTED, .code = "ERR_ABORTED"});
  stop_duty (deploy);
  return TRUE;
}

static void
ask_people (OcsDeploy *deploy)
{
  OcsConsent consent;

  if (ocs_asking_tick (deploy->site, deploy->package, &consent))
    apply (deploy, (OcsEvent) {.kind = OCS_EVENT_CONSENT, .consent = &consent});
  else
    deploy->package->consent = consent;
}

/* A fragment may be under way for hours when the line is to be left alone. What has come of it is kept. */
static void
pause_fetch (OcsDeploy *deploy)
{
  OcsPackage *package = deploy->package;
  OcsRestraint restraint;

  ocs_thrift_restrain (deploy->site->thrift, deploy->site->setup->settings, package);
  restraint = package->restraint;
  /* What the cache was asked for before may come at any hour. */
  if (deploy->stopped || restraint == OCS_RESTRAINT_NONE
      || (restraint == OCS_RESTRAINT_WINDOW && package->in_cache == deploy->duty.fragment))
    return;
  ocs_journal_say (G_LOG_LEVEL_MESSAGE, package->id, NULL, "package %s: fragment %" G_GINT64_FORMAT " is paused (%s)", package->id,
                   deploy->duty.fragment, ocs_restraint_name (restraint));
  deploy->paused = TRUE;
  stop_duty (deploy);
}

void
ocs_deploy_tick (OcsDeploy *deploy)
{
  if (deploy->duty.kind == OCS_DUTY_FETCH)
    pause_fetch (deploy);
  if (deploy->duty.kind != OCS_DUTY_NONE || deploy->unsaved)
    return;
  apply (deploy, (OcsEvent) {.kind = OCS_EVENT_TICK, .timeout = deploy->site->ledger->pacing.timeout_days * SECONDS_A_DAY});
  ocs_thrift_restrain (deploy->site->thrift, deploy->site->setup->settings, deploy->package);
  /* With deployment switched off nothing new begins. */
  if (deploy->site->ledger->pacing.on)
    ask_people (deploy);
}

gint64
ocs_deploy_wake (const OcsDeploy *deploy)
{
  gint64 asking = ocs_asking_wake (deploy->site, deploy->package);
  gint64 thrift = ocs_thrift_wake (deploy->package, ocs_clock_now ());

  if (deploy->duty.kind == OCS_DUTY_FETCH)
    return ocs_clock_now () + RESTRAINT_EVERY;
  if (deploy->duty.kind != OCS_DUTY_NONE)
    return 0;
  return asking == 0 || (thrift > 0 && thrift < asking) ? thrift : asking;
}

gboolean
ocs_deploy_answer (OcsDeploy *deploy, const OcsSaid *said, GError **error)
{
  OcsConsent consent;
  OcsEvent event;

  if (!ocs_asking_answer (deploy->site, deploy->package, said, &consent, &event, error))
    return FALSE;
  apply (deploy, event);
  return TRUE;
}

/* Only an HTTP proxy that listens can be asked what it holds, and https hides the fragments from it. */
static void
look_at_way (const OcsDeploy *deploy)
{
  OcsPackage *package = deploy->package;
  OcsManners manners = ocs_outlook_manners (deploy->site);

  package->cached = ocs_outlook_may_cache (deploy->site) && package->info != NULL && !package->info->https;
  ocs_thrift_restrain (deploy->site->thrift, deploy->site->setup->settings, package);
  package->may_go_direct = ocs_setup_may_go_direct (deploy->site->setup, OCS_ROUTE_FRAGMENT);
  package->may_probe = package->cached && manners != OCS_MANNERS_DEAF;
  package->askable = package->cached && manners == OCS_MANNERS_ASKABLE;
  package->deaf = package->cached && manners == OCS_MANNERS_DEAF;
}

OcsDuty
ocs_deploy_next (const OcsDeploy *deploy)
{
  gint64 now = ocs_clock_now ();
  gint64 unsaved = deploy->unsaved ? deploy->save_at - ocs_clock_monotonic () / 1000 : 0;
  OcsDuty duty;

  if (deploy->duty.kind != OCS_DUTY_NONE)
    return (OcsDuty) {.kind = OCS_DUTY_NONE};
  if (unsaved > 0)
    return (OcsDuty) {.kind = OCS_DUTY_NONE, .not_before = now + unsaved};
  /* Never behind anybody's back. */
  if (ocs_power_withholds (deploy->site->power, deploy->package))
    return (OcsDuty) {.kind = OCS_DUTY_NONE};
  look_at_way (deploy);
  duty = ocs_package_next (deploy->package, now);
  /* Until they have ended, nothing may be done to the files. */
  if (deploy->beside > 0 && duty.kind != OCS_DUTY_FETCH && duty.kind != OCS_DUTY_PROBE)
    duty.kind = OCS_DUTY_NONE;
  return duty;
}

static void start_beside (OcsDeploy *deploy);

/* What did not come is fetched in its turn, and says then why. */
static void
on_beside_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  const GArray *fragments;
  g_autoptr (GArray) events = ocs_beside_fetch_finish (result, &fragments);

  deploy->beside--;
  for (guint i = 0; i < events->len && !deploy->gone; i++) {
    const OcsEvent *event = &g_array_index (events, OcsEvent, i);

    if (event->kind == OCS_EVENT_FRAGMENT)
      ocs_meter_add (&deploy->meter, event->bytes);
    apply (deploy, *event);
  }
  if (!deploy->gone) {
    for (guint i = 0; i < fragments->len; i++)
      ocs_parts_give_up (&deploy->package->parts, g_array_index (fragments, gint64, i));
    if (deploy->duty.kind == OCS_DUTY_NONE)
      deploy->on_change (deploy, deploy->user_data);
    else
      start_beside (deploy);
  }
  g_rc_box_release_full (deploy, deploy_clear);
}

/* transfer full; empty where there are none. */
static GArray *
choose_beside (OcsDeploy *deploy)
{
  GArray *fragments = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 fragment;

  while (fragments->len < ocs_beside_count (deploy->meter.fragment_size) && (fragment = ocs_package_beside (deploy->package)) > 0) {
    ocs_parts_expect (&deploy->package->parts, fragment);
    g_array_append_val (fragments, fragment);
  }
  return fragments;
}

static void
start_beside (OcsDeploy *deploy)
{
  if (deploy->duty.kind != OCS_DUTY_FETCH || deploy->stopped)
    return;
  while (deploy->beside < BESIDE_MAX && ocs_package_beside (deploy->package) > 0) {
    deploy->beside++;
    ocs_beside_fetch_async (deploy->site, deploy->package, choose_beside (deploy), deploy->cancellable, on_beside_done,
                            g_rc_box_acquire (deploy));
  }
}

/* Only once the journal says that it is done: a restart that comes back must not find it due again. */
static void
turn_power (OcsDeploy *deploy, OcsPostKind kind)
{
  if (deploy->unsaved)
    return;
  ocs_journal_say (G_LOG_LEVEL_MESSAGE, deploy->package->id, NULL, "package %s: %s", deploy->package->id,
                   kind == OCS_POST_RESTART ? "restarting this machine" : "turning this machine off");
  ocs_power_turn (deploy->site->power);
}

static void
on_duty_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  g_autoptr (OcsWorkResult) outcome = ocs_duty_do_finish (result, NULL);
  OcsDutyKind kind = deploy->duty.kind;
  gint64 fragment = deploy->duty.fragment;

  deploy->duty = (OcsDuty) {.kind = OCS_DUTY_NONE};
  deploy->site->running -= kind == OCS_DUTY_RUN;
  /* What was stopped has not failed. */
  if (outcome != NULL && g_error_matches (outcome->error, OCS_ERROR, OCS_ERROR_CANCELLED))
    g_clear_pointer (&outcome, ocs_work_result_free);
  if (!deploy->gone) {
    deploy->sound = outcome != NULL && outcome->event.kind == OCS_EVENT_FRAGMENT && outcome->event.sound;
    if (outcome != NULL && outcome->event.kind == OCS_EVENT_FRAGMENT)
      ocs_meter_count (&deploy->meter);
    if (outcome != NULL && outcome->event.kind == OCS_EVENT_FAILED && g_error_matches (outcome->error, OCS_ERROR, OCS_ERROR_UNTRUSTED))
      hold (deploy, outcome->error);
    else if (outcome != NULL && outcome->event.kind == OCS_EVENT_FAILED)
      apply_failure (deploy, outcome->event);
    else if (outcome != NULL)
      apply (deploy, outcome->event);
    ocs_parts_give_up (&deploy->package->parts, fragment);
    if (outcome == NULL && deploy->paused)
      apply (deploy, (OcsEvent) {.kind = OCS_EVENT_PAUSED, .fragment = fragment});
    if (outcome != NULL && outcome->event.kind == OCS_EVENT_SPOILT)
      mark_fragments (deploy);
    if (outcome != NULL && outcome->power != OCS_POST_NONE)
      turn_power (deploy, outcome->power);
    if (kind == OCS_DUTY_VERIFY)
      ocs_ledger_save_counters (deploy->site->ledger);
    deploy->on_change (deploy, deploy->user_data);
  }
  g_rc_box_release_full (deploy, deploy_clear);
}

/* The journal says that it runs before it runs, and what it runs by is on disk before that. */
static gboolean
prepare_run (OcsDeploy *deploy, GError **error)
{
  if (deploy->package->step != OCS_STEP_VERIFIED)
    return TRUE;
  if (!ocs_duty_write_order (deploy->site, deploy->package, error))
    return FALSE;
  apply (deploy, (OcsEvent) {.kind = OCS_EVENT_RUN});
  if (deploy->unsaved)
    g_set_error (error, OCS_ERROR, OCS_ERROR_NO_SPACE, "it is not started before that is written down: %s",
                 deploy->package->reason->message);
  return !deploy->unsaved;
}

void
ocs_deploy_start (OcsDeploy *deploy)
{
  OcsDuty duty = ocs_deploy_next (deploy);
  g_autoptr (GError) error = NULL;

  if (duty.kind == OCS_DUTY_NONE || (deploy->unsaved && !save (deploy)))
    return;
  /* Settings and offer may be others than when it was described. */
  if (duty.kind == OCS_DUTY_RUN && deploy->package->step < OCS_STEP_RUNNING && !check_trust (deploy))
    return;
  if (duty.kind == OCS_DUTY_RUN && !prepare_run (deploy, &error)) {
    apply_failure (deploy, (OcsEvent) {.kind = OCS_EVENT_FAILED, .error = error});
    return;
  }
  if (duty.kind == OCS_DUTY_FETCH)
    ocs_meter_begin (&deploy->meter);
  else if (duty.kind != OCS_DUTY_PROBE)
    ocs_meter_stop (&deploy->meter);
  duty.sound = deploy->sound && duty.kind == OCS_DUTY_VERIFY;
  deploy->duty = duty;
  deploy->stopped = deploy->paused = FALSE;
  deploy->site->running += duty.kind == OCS_DUTY_RUN;
  ocs_duty_do_async (deploy->site, deploy->package, &duty, deploy->meter.progress, deploy->cancellable, on_duty_done,
                     g_rc_box_acquire (deploy));
  if (duty.kind == OCS_DUTY_FETCH) {
    ocs_parts_expect (&deploy->package->parts, duty.fragment);
    start_beside (deploy);
  }
}

OcsJob *
ocs_deploy_job (const OcsDeploy *deploy)
{
  return deploy->duty.kind != OCS_DUTY_NONE ? ocs_meter_job (&deploy->meter, deploy->package, deploy->duty.kind) : NULL;
}
