/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-describe"
#include "worker/describe.h"
#include "ipc/error.h"
#include "worker/core/trust.h"
#include "worker/core/url.h"

typedef struct {
  OcsSite *site;   /* borrowed: outlives us */
  OcsOffer *offer; /* owned */
  OcsInfo *info;   /* owned, nullable; on its way to being believed */
} Errand;

static void
errand_free (gpointer data)
{
  Errand *errand = data;

  ocs_offer_free (errand->offer);
  ocs_info_free (errand->info);
  g_free (errand);
}

/* Takes task. */
static void
fail (GTask *task, GError *error)
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* Takes task. */
static void
judge (GTask *task)
{
  Errand *errand = g_task_get_task_data (task);
  OcsTrust trust = ocs_setup_trust (errand->site->setup);
  GError *error = NULL;

  if (!ocs_trust_allows_info (&trust, errand->offer, errand->info, &error)) {
    fail (task, error);
    return;
  }
  g_task_return_pointer (task, g_steal_pointer (&errand->info), (GDestroyNotify)ocs_info_free);
  g_object_unref (task);
}

static void
on_attested (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Errand *errand = g_task_get_task_data (task);
  GError *error = NULL;

  errand->info->signature = ocs_dispatch_attest_finish (result, &error);
  /* That there is none is for the rules of trust to say. */
  if (errand->info->signature == NULL && !g_error_matches (error, OCS_ERROR, OCS_ERROR_NOT_FOUND)) {
    fail (task, error);
    return;
  }
  g_clear_error (&error);
  judge (task);
}

static char *
url_of (const OcsOffer *offer, const char *file, GError **error)
{
  return ocs_url_join (TRUE, offer->info_loc, offer->id, file, error);
}

static void
attest (GTask *task)
{
  const Errand *errand = g_task_get_task_data (task);
  g_autofree char *file = g_strconcat (errand->offer->id, "-sig", NULL);
  GError *error = NULL;
  g_autofree char *url = url_of (errand->offer, file, &error);

  if (url == NULL)
    fail (task, error);
  else
    ocs_dispatch_attest_async (errand->site->dispatch, ocs_setup_route (errand->site->setup, OCS_ROUTE_INFO), url,
                               g_task_get_cancellable (task), on_attested, task);
}

static void
on_described (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Errand *errand = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GHashTable) attributes = ocs_dispatch_describe_finish (result, &error);

  if (attributes != NULL)
    errand->info = ocs_info_from_attributes (attributes, errand->offer->id, &error);
  if (errand->info == NULL)
    fail (task, error);
  else if (errand->site->setup->settings->require_signature != NULL)
    attest (task);
  else
    judge (task);
}

void
ocs_describe_async (OcsSite *site, const OcsPackage *package, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Errand *errand = g_new0 (Errand, 1);
  GError *error = NULL;
  g_autofree char *url = url_of (package->offer, "info", &error);

  errand->site = site;
  errand->offer = ocs_offer_copy (package->offer);
  g_task_set_task_data (task, errand, errand_free);
  if (url == NULL)
    fail (task, error);
  else
    ocs_dispatch_describe_async (site->dispatch, ocs_setup_route (site->setup, OCS_ROUTE_INFO), url, cancellable, on_described, task);
}

OcsInfo *
ocs_describe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
