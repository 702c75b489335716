/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a package's duties are made of. Each ends in one event for the package machine. */
#define G_LOG_DOMAIN "ocs-deploy"
#include "ipc/error.h"
#include "worker/core/order.h"
#include "worker/core/request.h"
#include "worker/core/result.h"
#include "worker/core/url.h"
#include "worker/deploy-private.h"
#include "worker/io/clock.h"
#include "worker/io/program.h"
#include "worker/verify.h"
#include <string.h>

/* The end of every duty; drops the reference that it held. */
void
ocs_deploy_end_duty (OcsDeploy *deploy)
{
  deploy->duty = (OcsDuty) {.kind = OCS_DUTY_NONE};
  if (!deploy->gone)
    deploy->on_change (deploy, deploy->user_data);
  g_rc_box_release_full (deploy, ocs_deploy_clear);
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
  g_autoptr (GHashTable) attributes = ocs_dispatch_describe_finish (result, &error);
  g_autoptr (OcsInfo) info = NULL;

  if (!is_cancelled (deploy, error)) {
    if (attributes != NULL)
      info = ocs_info_from_attributes (attributes, deploy->package->id, &error);
    if (info != NULL)
      ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_DESCRIBED, .info = info});
    else
      ocs_deploy_apply_failure (deploy, error);
    ocs_deploy_check_questions (deploy);
  }
  ocs_deploy_end_duty (deploy);
}

static void
describe (OcsDeploy *deploy, GError **error)
{
  const OcsOffer *offer = deploy->package->offer;
  g_autofree char *url = ocs_url_join (TRUE, offer->info_loc, offer->id, "info", error);

  if (url != NULL)
    ocs_dispatch_describe_async (deploy->site->dispatch, ocs_setup_route (deploy->site->setup, OCS_ROUTE_INFO), url, deploy->cancellable,
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
  gboolean ok = ocs_dispatch_fetch_finish (result, &fetched, &error);

  if (ok && !deploy->gone) {
    count (deploy, &fetched);
    deploy->site->ledger->verdict = fetched.verdict;
    ocs_deploy_apply (deploy, (OcsEvent) {
                                  .kind = OCS_EVENT_FRAGMENT,
                                  .fragment = deploy->duty.fragment,
                                  .bytes = fetched.bytes,
                                  .verdict = fetched.verdict,
                                  .pause = deploy->site->ledger->pacing.frag_latency,
                              });
  } else if (!is_cancelled (deploy, error)) {
    ocs_deploy_apply_failure (deploy, error);
  }
  ocs_deploy_end_duty (deploy);
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
  ocs_dispatch_fetch_async (deploy->site->dispatch, ocs_setup_route (deploy->site->setup, OCS_ROUTE_FRAGMENT), url, path,
                            deploy->duty.refresh, deploy->progress, deploy->cancellable, on_fetched, g_rc_box_acquire (deploy));
}

/* The bad bytes go before the journal says so: after a crash in between, the fragments are simply missing. */
static void
take_bad_digest (OcsDeploy *deploy, const GError *error)
{
  g_autoptr (GError) local = NULL;

  g_warning ("package %s: %s", deploy->package->id, error->message);
  if (ocs_store_drop_fragments (deploy->site->store, deploy->package->id, &local))
    ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_DIGEST_BAD});
  else
    ocs_deploy_apply_failure (deploy, local);
}

static void
on_verified (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  g_autoptr (GError) error = NULL;
  gboolean ok = ocs_verify_finish (result, &error);

  if (ok && !deploy->gone) {
    ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_VERIFIED});
    ocs_deploy_check_questions (deploy);
  } else if (g_error_matches (error, OCS_ERROR, OCS_ERROR_DIGEST) && !deploy->gone) {
    take_bad_digest (deploy, error);
  } else if (!is_cancelled (deploy, error)) {
    ocs_deploy_apply_failure (deploy, error);
  }
  if (!deploy->gone)
    ocs_ledger_save_counters (deploy->site->ledger);
  ocs_deploy_end_duty (deploy);
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
      ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_ENDED, .code = outcome->code});
    else
      ocs_deploy_apply_failure (deploy, error);
  }
  ocs_deploy_end_duty (deploy);
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
    ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_RUN});
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
  g_autoptr (JsonObject) reply = ocs_dispatch_exchange_finish (result, &error);

  gboolean ok = reply != NULL && !deploy->gone;

  /* History first: a crash in between reports once more, which changes nothing, instead of forgetting that it ran. */
  if (ok && ocs_package_is_success (deploy->package))
    ok = ocs_store_remember (deploy->site->store, deploy->package->id, &error);
  if (ok)
    ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_ACKNOWLEDGED});
  else if (!is_cancelled (deploy, error))
    ocs_deploy_apply_failure (deploy, error);
  ocs_deploy_end_duty (deploy);
}

static void
report (OcsDeploy *deploy)
{
  char *xml = ocs_request_result (deploy->site->ledger->deviceid, deploy->package->id, deploy->package->result);
  g_autoptr (GBytes) bytes = g_bytes_new_take (xml, strlen (xml));

  ocs_dispatch_exchange_async (deploy->site->dispatch, ocs_setup_route (deploy->site->setup, OCS_ROUTE_SERVER),
                               deploy->site->setup->settings->server, bytes, deploy->cancellable, on_reported, g_rc_box_acquire (deploy));
}

static gboolean
on_clean (gpointer user_data)
{
  OcsDeploy *deploy = user_data;
  g_autoptr (GError) error = NULL;

  if (!deploy->gone) {
    if (ocs_store_clean_package (deploy->site->store, deploy->package->id, &error))
      ocs_deploy_apply (deploy, (OcsEvent) {.kind = OCS_EVENT_CLEANED});
    else
      ocs_deploy_apply_failure (deploy, error);
  }
  ocs_deploy_end_duty (deploy);
  return G_SOURCE_REMOVE;
}

void
ocs_deploy_begin_duty (OcsDeploy *deploy, GError **error)
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
