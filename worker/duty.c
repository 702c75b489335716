/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-duty"
#include "worker/duty.h"
#include "ipc/error.h"
#include "worker/core/order.h"
#include "worker/core/pace.h"
#include "worker/core/request.h"
#include "worker/core/result.h"
#include "worker/core/url.h"
#include "worker/io/clock.h"
#include "worker/io/login.h"
#include "worker/io/program.h"
#include "worker/verify.h"
#include <string.h>

/* Whether somebody has logged out is looked at this often, in seconds. */
#define POWER_AGAIN_AFTER 60

/* What a duty under way needs to know of the package. */
typedef struct {
  OcsSite *site; /* borrowed: outlives the duty */
  char *id;      /* owned */
  gint64 fragment;
  gint64 pause;     /* PROBE: milliseconds to leave the others where the cache has nothing */
  char *url;        /* owned, nullable; PROBE */
  char *command;    /* owned, nullable; POST */
  guint timeout;    /* seconds; POST */
  gboolean success; /* REPORT: the history gets it */
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->id);
  g_free (work->url);
  g_free (work->command);
  g_free (work);
}

void
ocs_duty_result_free (OcsDutyResult *result)
{
  if (result == NULL)
    return;
  ocs_info_free (result->info);
  g_free (result->code);
  g_clear_error (&result->error);
  g_free (result);
}

/* Ends the duty; info, code and error: transfer full, nullable. */
static void
end_with (GTask *task, OcsEvent event, OcsInfo *info, char *code, GError *error)
{
  OcsDutyResult *result = g_new0 (OcsDutyResult, 1);

  result->event = event;
  result->event.info = result->info = info;
  result->event.code = result->event.boot = result->code = code;
  result->event.error = result->error = error;
  g_task_return_pointer (task, result, (GDestroyNotify)ocs_duty_result_free);
  g_object_unref (task);
}

static void
end_simply (GTask *task, OcsEventKind kind)
{
  end_with (task, (OcsEvent) {.kind = kind}, NULL, NULL, NULL);
}

static void
fail (GTask *task, GError *error)
{
  end_with (task, (OcsEvent) {.kind = OCS_EVENT_FAILED}, NULL, NULL, error);
}

static void
on_described (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GHashTable) attributes = ocs_dispatch_describe_finish (result, &error);
  OcsInfo *info = attributes != NULL ? ocs_info_from_attributes (attributes, work->id, &error) : NULL;

  if (info != NULL)
    end_with (task, (OcsEvent) {.kind = OCS_EVENT_DESCRIBED}, info, NULL, NULL);
  else
    fail (task, error);
}

static void
describe (GTask *task, const OcsPackage *package)
{
  const Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *url = ocs_url_join (TRUE, package->offer->info_loc, package->id, "info", &error);

  if (url == NULL)
    fail (task, error);
  else
    ocs_dispatch_describe_async (work->site->dispatch, ocs_setup_route (work->site->setup, OCS_ROUTE_INFO), url,
                                 g_task_get_cancellable (task), on_described, task);
}

static void
end_probe (GTask *task, gboolean found)
{
  const Work *work = g_task_get_task_data (task);

  end_with (task, (OcsEvent) {.kind = OCS_EVENT_PROBED, .fragment = work->fragment, .found = found}, NULL, NULL, NULL);
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
  const Work *work = g_task_get_task_data (task);
  gboolean held = FALSE;

  if (ocs_dispatch_probe_finish (result, &held, NULL) && !held && work->pause > 0)
    g_timeout_add ((guint)work->pause, on_waited, task);
  else
    end_probe (task, held);
}

static void
probe (GTask *task)
{
  const Work *work = g_task_get_task_data (task);

  ocs_dispatch_probe_async (work->site->dispatch, ocs_setup_route (work->site->setup, OCS_ROUTE_FRAGMENT), work->url,
                            g_task_get_cancellable (task), on_probed, task);
}

/* A proxy that claims to hold what nobody has ever asked for does not listen (nginx and Varnish by default): it is not asked again. */
static void
on_manners (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Work *work = g_task_get_task_data (task);
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

static void
begin_probe (GTask *task, const OcsPackage *package, gboolean first)
{
  Work *work = g_task_get_task_data (task);
  g_autofree char *unheard = NULL;
  GError *error = NULL;

  work->url = fragment_url (package, work->fragment, &error);
  work->pause = first ? ocs_pace_share (package->info->frags, ocs_clock_random ()) : 0;
  if (work->url == NULL) {
    fail (task, error);
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
  const Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  OcsFetched fetched = {OCS_VERDICT_UNKNOWN, 0};
  OcsEvent event = {
      .kind = OCS_EVENT_FRAGMENT,
      .fragment = work->fragment,
      .pause = work->pause,
  };

  if (!ocs_dispatch_fetch_finish (result, &fetched, &error)) {
    fail (task, error);
    return;
  }
  event.bytes = fetched.bytes;
  event.verdict = fetched.verdict;
  end_with (task, event, NULL, NULL, NULL);
}

static void
fetch (GTask *task, const OcsPackage *package, gboolean refresh, OcsProgress *progress)
{
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *url = fragment_url (package, work->fragment, &error);
  g_autofree char *file = g_strdup_printf ("%s-%" G_GINT64_FORMAT, package->id, work->fragment);
  g_autofree char *path = ocs_store_package_path (work->site->store, package->id, file);

  work->pause = ocs_pace_after (&work->site->ledger->pacing, package->info->pri);
  if (url == NULL)
    fail (task, error);
  else
    ocs_dispatch_fetch_async (work->site->dispatch, ocs_setup_route (work->site->setup, OCS_ROUTE_FRAGMENT), url, path, refresh, progress,
                              g_task_get_cancellable (task), on_fetched, task);
}

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Work *work = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!ocs_program_run_package_finish (result, &error))
    g_warning ("package %s: what POSTCMD names did not run: %s", work->id, error->message);
  end_simply (task, OCS_EVENT_POSTED);
}

static guint
execution_timeout (const OcsSite *site)
{
  return (guint)(site->ledger->pacing.execution_timeout_minutes * 60);
}

static gboolean
write_order (const OcsSite *site, const OcsOrder *order, GError **error)
{
  g_autofree char *name = g_build_filename ("packages", order->id, OCS_ORDER_FILE, NULL);
  g_autoptr (JsonObject) object = ocs_order_to_json (order);

  return ocs_store_write (site->store, name, object, error);
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
      .timeout = execution_timeout (site),
  };

  return write_order (site, &order, error);
}

/* By ocs-run too, which runs an order once: what the package itself left there goes first. */
static void
prepare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  OcsOrder order = {.id = work->id, .action = OCS_ACTION_EXECUTE, .command = work->command, .timeout = work->timeout};
  GError *error = NULL;

  if (ocs_store_clean_package (work->site->store, work->id, &error) && write_order (work->site, &order, &error))
    end_simply (task, OCS_EVENT_PREPARED);
  else
    fail (task, error);
}

static void
post_command (GTask *task, const OcsPackage *package)
{
  Work *work = g_task_get_task_data (task);

  if (package->post_begun) {
    ocs_program_run_package_async (ocs_store_folder (work->site->store), package->id, on_posted, task);
    return;
  }
  work->command = g_strdup (package->offer->postcmd);
  work->timeout = execution_timeout (work->site);
  g_task_run_in_thread (task, prepare_thread);
}

static void
post_power (GTask *task, const OcsPackage *package, OcsPostKind kind)
{
  const Work *work = g_task_get_task_data (task);
  g_autofree char *boot = ocs_clock_boot_id ();
  const OcsPostFacts facts = {
      .boot_then = package->post_boot,
      .boot_now = boot,
      .somebody = ocs_login_anybody (OCS_LOGIN_USERS),
      .running = work->site->running > 0,
  };
  OcsPostDecision decision = ocs_post_decide (kind, &facts);
  OcsDutyResult *result;

  if (decision == OCS_POST_WAIT) {
    end_with (task, (OcsEvent) {.kind = OCS_EVENT_WAIT, .pause = POWER_AGAIN_AFTER}, NULL, NULL,
              g_error_new (OCS_ERROR, OCS_ERROR_BUSY,
                           "%s waits until nobody is logged in and no package runs: restart it yourself when it suits",
                           kind == OCS_POST_RESTART ? "a restart of this machine" : "turning this machine off"));
    return;
  }
  result = g_new0 (OcsDutyResult, 1);
  result->event = (OcsEvent) {.kind = OCS_EVENT_POSTED};
  result->power = decision == OCS_POST_DO ? kind : OCS_POST_NONE;
  g_task_return_pointer (task, result, (GDestroyNotify)ocs_duty_result_free);
  g_object_unref (task);
}

static void
post (GTask *task, const OcsPackage *package)
{
  OcsPostKind kind = ocs_post_kind (package->offer->postcmd);

  if (kind == OCS_POST_COMMAND)
    post_command (task, package);
  else
    post_power (task, package, kind);
}

/* Removing gigabytes takes its time. */
static void
clean_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;

  if (ocs_store_clean_package (work->site->store, work->id, &error))
    end_simply (task, OCS_EVENT_CLEANED);
  else
    fail (task, error);
}

/* The bad bytes go before the journal says so: after a crash in between, the fragments are simply missing. */
static void
drop_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;

  if (ocs_store_drop_fragments (work->site->store, work->id, &error))
    end_simply (task, OCS_EVENT_DIGEST_BAD);
  else
    fail (task, error);
}

static void
on_verified (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (ocs_verify_finish (result, &error)) {
    end_simply (task, OCS_EVENT_VERIFIED);
  } else if (g_error_matches (error, OCS_ERROR, OCS_ERROR_DIGEST)) {
    g_warning ("package %s: %s", work->id, error->message);
    g_error_free (error);
    g_task_run_in_thread (task, drop_thread);
  } else {
    fail (task, error);
  }
}

static void
verify (GTask *task, const OcsPackage *package)
{
  const Work *work = g_task_get_task_data (task);
  g_autofree char *stem = ocs_store_package_path (work->site->store, package->id, package->id);

  ocs_verify_async (stem, package->info, g_task_get_cancellable (task), on_verified, task);
}

static void
on_run (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autofree char *name = g_build_filename ("packages", work->id, OCS_RESULT_FILE, NULL);
  g_autoptr (JsonObject) object = ocs_program_run_package_finish (result, &error) ? ocs_store_read (work->site->store, name) : NULL;
  g_autoptr (OcsResult) outcome = object != NULL ? ocs_result_from_json (object, &error) : NULL;

  if (outcome == NULL && error == NULL)
    g_set_error (&error, OCS_ERROR, OCS_ERROR_INTERRUPTED, "ocs-run left no result");
  if (outcome != NULL)
    end_with (task, (OcsEvent) {.kind = OCS_EVENT_ENDED}, NULL, g_strdup (outcome->code), NULL);
  else
    fail (task, error);
}

static void
on_reported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  const Work *work = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (JsonObject) reply = ocs_dispatch_exchange_finish (result, &error);
  g_autofree char *boot = ocs_clock_boot_id ();

  /* History first: a crash in between reports once more, which changes nothing, instead of forgetting that it ran. */
  if (reply != NULL && (!work->success || ocs_store_remember (work->site->store, work->id, &error)))
    end_with (task, (OcsEvent) {.kind = OCS_EVENT_ACKNOWLEDGED}, NULL, g_steal_pointer (&boot), NULL);
  else
    fail (task, error);
}

static void
report (GTask *task, const OcsPackage *package)
{
  const Work *work = g_task_get_task_data (task);
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
  Work *work = g_new0 (Work, 1);

  work->site = site;
  work->id = g_strdup (package->id);
  work->fragment = duty->fragment;
  work->success = ocs_package_is_success (package);
  g_task_set_task_data (task, work, work_free);
  switch (duty->kind) {
  case OCS_DUTY_DESCRIBE:
    describe (task, package);
    break;
  case OCS_DUTY_PROBE:
    begin_probe (task, package, duty->first);
    break;
  case OCS_DUTY_FETCH:
    fetch (task, package, duty->refresh, progress);
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
    post (task, package);
    break;
  case OCS_DUTY_CLEAN:
    g_task_run_in_thread (task, clean_thread);
    break;
  case OCS_DUTY_NONE:
  default:
    end_simply (task, OCS_EVENT_TICK);
    break;
  }
}

OcsDutyResult *
ocs_duty_do_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
