/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-postcmd"
#include "worker/postcmd.h"
#include "ipc/error.h"
#include "worker/core/order.h"
#include "worker/io/clock.h"
#include "worker/io/journal.h"
#include "worker/io/program.h"
#include "worker/power.h"

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!ocs_program_run_package_finish (result, &error))
    ocs_journal_say (G_LOG_LEVEL_WARNING, work->id, error, "package %s: what POSTCMD names did not run: %s", work->id, error->message);
  ocs_work_end_simply (task, OCS_EVENT_POSTED);
}

/* By ocs-run too, which runs an order once: what the package itself left there goes first. */
static void
prepare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const OcsWork *work = data;
  OcsOrder order = {.id = work->id, .action = OCS_ACTION_EXECUTE, .command = work->command, .timeout = work->timeout};
  GError *error = NULL;

  if (ocs_store_clean_package (work->site->store, work->id, &error) && ocs_work_put_order (work->site, &order, &error))
    ocs_work_end_simply (task, OCS_EVENT_PREPARED);
  else
    ocs_work_fail (task, error);
}

static void
do_command (GTask *task, const OcsPackage *package)
{
  OcsWork *work = g_task_get_task_data (task);

  if (package->post_begun) {
    ocs_program_run_package_async (ocs_store_folder (work->site->store), package->id, on_posted, task);
    return;
  }
  work->command = g_strdup (package->offer->postcmd);
  work->timeout = (guint)(work->site->ledger->pacing.execution_timeout_minutes * 60);
  g_task_run_in_thread (task, prepare_thread);
}

static void
do_power (GTask *task, const OcsPackage *package, OcsPostKind kind)
{
  const OcsWork *work = g_task_get_task_data (task);
  g_autofree char *boot = ocs_clock_boot_id ();
  const OcsPostFacts facts = {
      .boot_then = package->post_boot,
      .boot_now = boot,
      .agreed = ocs_power_allowed (work->site->power) != OCS_POST_NONE,
  };
  OcsPostDecision decision = ocs_post_decide (kind, &facts);
  OcsWorkResult *result;

  if (decision == OCS_POST_WAIT) {
    ocs_work_end (task, (OcsEvent) {.kind = OCS_EVENT_WAIT, .pause = 1}, NULL, NULL,
                  g_error_new (OCS_ERROR, OCS_ERROR_BUSY, "a restart waits for the people at the machine"));
    return;
  }
  result = g_new0 (OcsWorkResult, 1);
  result->event = (OcsEvent) {.kind = OCS_EVENT_POSTED};
  result->power = decision == OCS_POST_DO ? kind : OCS_POST_NONE;
  g_task_return_pointer (task, result, (GDestroyNotify)ocs_work_result_free);
  g_object_unref (task);
}

/* As long as a restart waits for people, settings may have changed. */
static gboolean
is_trusted (GTask *task, const OcsPackage *package, GError **error)
{
  const OcsWork *work = g_task_get_task_data (task);
  OcsTrust trust = ocs_setup_trust (work->site->setup);

  if (package->info != NULL)
    return ocs_trust_allows_package (&trust, package->offer, package->info, error);
  g_set_error (error, OCS_ERROR, OCS_ERROR_UNTRUSTED, "it is not known what the package was");
  return FALSE;
}

void
ocs_postcmd_do (GTask *task, const OcsPackage *package)
{
  OcsPostKind kind = ocs_post_kind (package->offer->postcmd);
  g_autoptr (GError) error = NULL;

  if (!package->post_begun && !is_trusted (task, package, &error)) {
    ocs_journal_say (G_LOG_LEVEL_WARNING, package->id, error, "package %s: its POSTCMD is left out: %s", package->id, error->message);
    ocs_work_end_simply (task, OCS_EVENT_POSTED);
    return;
  }

  if (kind == OCS_POST_COMMAND)
    do_command (task, package);
  else
    do_power (task, package, kind);
}
