/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-duty"
#include "worker/duty.h"
#include "ipc/error.h"
#include "worker/core/order.h"
#include "worker/core/request.h"
#include "worker/core/result.h"
#include "worker/describe.h"
#include "worker/io/clock.h"
#include "worker/io/journal.h"
#include "worker/io/program.h"
#include "worker/postcmd.h"
#include "worker/supply.h"
#include "worker/verify.h"
#include <glib/gstdio.h>
#include <string.h>

static void
on_described (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  OcsInfo *info = ocs_describe_finish (result, &error);

  if (info != NULL)
    ocs_work_end (user_data, (OcsEvent) {.kind = OCS_EVENT_DESCRIBED}, info, NULL, NULL);
  else
    ocs_work_fail (user_data, error);
}

gboolean
ocs_duty_write_order (OcsSite *site, const OcsPackage *package, GError **error)
{
  const OcsInfo *info = package->info;
  const OcsOrder order = {
      .id = package->id,
      .action = info->action,
      .command = info->command,
      .name = info->name,
      .path = info->path,
      .install_path = site->setup->settings->install_path,
      .fragments = (guint)info->frags,
      .digest = info->frags > 0 ? info->digest : NULL,
      .digest_algo = info->frags > 0 ? info->digest_algo : NULL,
      .timeout = (guint)(site->ledger->pacing.execution_timeout_minutes * 60),
  };

  return ocs_work_put_order (site, &order, error);
}

/* Removing gigabytes takes its time. */
static void
clean_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const OcsWork *work = data;
  GError *error = NULL;

  if (ocs_store_clean_package (work->site->store, work->id, &error))
    ocs_work_end_simply (task, OCS_EVENT_CLEANED);
  else
    ocs_work_fail (task, error);
}

/* Which fragments look odd. Parts of an earlier pass of healing go before the journal says that the next begins. */
static void
examine_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const OcsWork *work = data;
  g_autofree gint64 *sizes = g_new0 (gint64, MAX (work->frags, 1));
  OcsEvent event = {.kind = OCS_EVENT_DIGEST_BAD};
  GError *error = NULL;

  for (gint64 i = 0; i < work->frags; i++) {
    g_autofree char *path = ocs_store_fragment_path (work->site->store, work->id, i + 1);
    GStatBuf info;

    sizes[i] = g_stat (path, &info) == 0 ? info.st_size : 0;
    event.bytes += sizes[i];
  }
  if (!work->in_pass && !ocs_store_begin_pass (work->site->store, work->id, &error)) {
    ocs_work_fail (task, error);
    return;
  }
  event.odd = ocs_heal_odd (sizes, work->frags);
  ocs_work_end (task, event, NULL, NULL, NULL);
}

/* Wrong, gone or unreadable: fetching mends all three. */
static gboolean
is_of_the_bytes (const GError *error)
{
  return g_error_matches (error, OCS_ERROR, OCS_ERROR_DIGEST) || g_error_matches (error, OCS_ERROR, OCS_ERROR_NOT_FOUND)
         || g_error_matches (error, OCS_ERROR, OCS_ERROR_FAILED);
}

/* It unpacks to as much again at least: a run that finds the disk full is final. */
static void
end_verified (GTask *task, gint64 bytes)
{
  const OcsWork *work = g_task_get_task_data (task);
  const OcsSpaceRules rules = {.keep = ocs_setup_space (work->site->setup).keep};
  g_autofree char *folder = ocs_store_package_path (work->site->store, work->id, NULL);
  GError *error = NULL;

  if (ocs_space_check (folder, bytes, &rules, &error))
    ocs_work_end_simply (task, OCS_EVENT_VERIFIED);
  else
    ocs_work_fail (task, error);
}

static void
on_verified (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  gint64 bytes = 0;
  GError *error = NULL;

  if (ocs_verify_finish (result, &bytes, &error)) {
    end_verified (task, bytes);
  } else if (is_of_the_bytes (error)) {
    ocs_journal_say (G_LOG_LEVEL_WARNING, work->id, error, "package %s: %s", work->id, error->message);
    g_error_free (error);
    g_task_run_in_thread (task, examine_thread);
  } else {
    ocs_work_fail (task, error);
  }
}

static void
verify (GTask *task, const OcsPackage *package)
{
  const OcsWork *work = g_task_get_task_data (task);
  g_autofree char *stem = ocs_store_package_path (work->site->store, package->id, package->id);
  g_autofree char *only = g_strconcat (stem, "-1", NULL);
  GStatBuf info;

  g_debug ("package %s: all of it is here", package->id);
  /* ocs-run looks at each byte again. */
  if (work->sound && g_stat (only, &info) == 0)
    end_verified (task, info.st_size);
  else
    ocs_verify_async (stem, package->info, g_task_get_cancellable (task), on_verified, task);
}

/* ocs-run has found other bytes than were verified, and has run nothing. Its result goes before the journal says that all is to be looked
 * at again: after a crash in between it finds the same. */
static void
doubt (GTask *task)
{
  const OcsWork *work = g_task_get_task_data (task);
  GError *error = NULL;

  ocs_journal_say (G_LOG_LEVEL_WARNING, work->id, NULL, "package %s: what lies on disk is not what was verified", work->id);
  if (ocs_store_drop_result (work->site->store, work->id, &error))
    ocs_work_end_simply (task, OCS_EVENT_SPOILT);
  else
    ocs_work_fail (task, error);
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *name = g_build_filename ("packages", work->id, OCS_RESULT_FILE, NULL);
  g_autoptr (JsonObject) object = ocs_program_run_package_finish (result, &error) ? ocs_store_read (work->site->store, name) : NULL;
  g_autoptr (OcsResult) outcome = object != NULL ? ocs_result_from_json (object, &error) : NULL;

  if (outcome == NULL && error == NULL)
    g_set_error (&error, OCS_ERROR, OCS_ERROR_INTERRUPTED, "ocs-run left no result");
  if (outcome != NULL && g_str_equal (outcome->code, OCS_RESULT_BAD_DIGEST))
    doubt (task);
  else if (outcome != NULL)
    ocs_work_end (task, (OcsEvent) {.kind = OCS_EVENT_ENDED}, NULL, g_strdup (outcome->code), NULL);
  else
    ocs_work_fail (task, error);
}

static void
on_reported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const OcsWork *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonObject) reply = ocs_dispatch_exchange_finish (result, &error);

  /* History first: a crash in between reports once more, which changes nothing, instead of forgetting that it ran. */
  if (reply != NULL && (!work->success || ocs_store_remember (work->site->store, work->id, &error)))
    ocs_work_end (task, (OcsEvent) {.kind = OCS_EVENT_ACKNOWLEDGED}, NULL, NULL, NULL);
  else
    ocs_work_fail (task, error);
}

static void
report (GTask *task, const OcsPackage *package)
{
  const OcsWork *work = g_task_get_task_data (task);
  const OcsSite *site = work->site;
  char *xml = ocs_request_result (site->ledger->identity->deviceid, package->id, package->result);
  g_autoptr (GBytes) bytes = g_bytes_new_take (xml, strlen (xml));

  ocs_dispatch_exchange_async (site->dispatch, ocs_setup_route (site->setup, OCS_ROUTE_SERVER), site->setup->settings->server, bytes,
                               g_task_get_cancellable (task), on_reported, task);
}

void
ocs_duty_do_async (OcsSite *site, const OcsPackage *package, const OcsDuty *duty, OcsProgress *progress, GCancellable *cancellable,
                   GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_task_data (task, ocs_work_new (site, package, duty), (GDestroyNotify)ocs_work_free);
  switch (duty->kind) {
  case OCS_DUTY_DESCRIBE:
    ocs_describe_async (site, package, cancellable, on_described, task);
    break;
  case OCS_DUTY_PROBE:
    ocs_supply_probe (task, package, duty);
    break;
  case OCS_DUTY_FETCH:
    ocs_supply_fetch (task, package, progress);
    break;
  case OCS_DUTY_VERIFY:
    verify (task, package);
    break;
  case OCS_DUTY_RUN:
    ocs_program_run_package_async (ocs_store_folder (site->store), package->id, on_run, task);
    break;
  case OCS_DUTY_REPORT:
    report (task, package);
    break;
  case OCS_DUTY_POST:
    ocs_postcmd_do (task, package);
    break;
  case OCS_DUTY_CLEAN:
    g_task_run_in_thread (task, clean_thread);
    break;
  case OCS_DUTY_NONE:
  default:
    ocs_work_end_simply (task, OCS_EVENT_TICK);
    break;
  }
}

OcsWorkResult *
ocs_duty_do_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
