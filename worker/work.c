/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-work"
#include "worker/work.h"
#include "worker/core/order.h"

OcsWork *
ocs_work_new (OcsSite *site, const OcsPackage *package, const OcsDuty *duty)
{
  OcsWork *work = g_new0 (OcsWork, 1);

  work->site = site;
  work->id = g_strdup (package->id);
  work->fragment = duty->fragment;
  work->pass = duty->pass;
  work->sound = duty->sound;
  work->in_pass = package->heal.pass != OCS_HEAL_NONE && package->parts.n_doubt > 0;
  work->frags = package->parts.n;
  work->success = ocs_package_is_success (package);
  return work;
}

void
ocs_work_free (OcsWork *work)
{
  if (work == NULL)
    return;
  g_free (work->id);
  g_free (work->url);
  g_free (work->path);
  ocs_progress_unref (work->progress);
  ocs_info_free (work->whole);
  g_free (work->command);
  g_free (work);
}

void
ocs_work_result_free (OcsWorkResult *result)
{
  if (result == NULL)
    return;
  ocs_info_free (result->info);
  g_free (result->code);
  g_clear_error (&result->error);
  g_clear_pointer (&result->odd, g_array_unref);
  g_free (result);
}

/* Ends the duty; info, code and error: transfer full, nullable. */
void
ocs_work_end (GTask *task, OcsEvent event, OcsInfo *info, char *code, GError *error)
{
  OcsWorkResult *result = g_new0 (OcsWorkResult, 1);

  result->event = event;
  result->event.info = result->info = info;
  result->event.code = result->code = code;
  result->event.error = result->error = error;
  result->odd = (GArray *)event.odd;
  g_task_return_pointer (task, result, (GDestroyNotify)ocs_work_result_free);
  g_object_unref (task);
}

void
ocs_work_end_simply (GTask *task, OcsEventKind kind)
{
  ocs_work_end (task, (OcsEvent) {.kind = kind}, NULL, NULL, NULL);
}

void
ocs_work_fail (GTask *task, GError *error)
{
  const OcsWork *work = g_task_get_task_data (task);

  ocs_work_end (task, (OcsEvent) {.kind = OCS_EVENT_FAILED, .fragment = work->fragment, .passed = work->passed}, NULL, NULL, error);
}

gboolean
ocs_work_put_order (const OcsSite *site, const OcsOrder *order, GError **error)
{
  g_autofree char *name = g_build_filename ("packages", order->id, OCS_ORDER_FILE, NULL);
  g_autoptr (JsonObject) object = ocs_order_to_json (order);

  return ocs_store_write (site->store, name, object, error);
}
