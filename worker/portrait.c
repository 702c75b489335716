/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-portrait"
#include "worker/portrait.h"
#include "worker/core/diagnosis.h"
#include "worker/outlook.h"

void
ocs_portrait_warn (OcsStatus *status, char *warning)
{
  guint n = g_strv_length (status->warnings);

  status->warnings = g_renew (char *, status->warnings, n + 2);
  status->warnings[n] = warning;
  status->warnings[n + 1] = NULL;
}

/* What real traffic has shown of the proxy that is used now. */
static void
warn_of_proxy (const OcsSite *site, OcsStatus *status)
{
  g_autofree char *proxy = ocs_outlook_dup_cache (site);
  const OcsProxyPage *page = proxy != NULL ? ocs_proxybook_find (site->ledger->proxies, proxy) : NULL;
  char *warning = page != NULL ? ocs_proxybook_describe (page) : NULL;

  if (warning != NULL)
    ocs_portrait_warn (status, warning);
}

/* To ten seconds, so that a second more or less is no news. */
static void
tell_clock (const OcsSite *site, OcsStatus *status)
{
  gint64 skew = ocs_scout_skew (ocs_dispatch_scout (site->dispatch));
  char *warning = skew != OCS_CLOCK_UNKNOWN ? ocs_diagnosis_describe_clock (skew) : NULL;

  if (skew != OCS_CLOCK_UNKNOWN)
    status->clock_skew = (skew + (skew < 0 ? -5 : 5)) / 10 * 10;
  if (warning != NULL)
    ocs_portrait_warn (status, warning);
}

void
ocs_portrait_setup (const OcsSite *site, const OcsReason *failure, OcsStatus *status)
{
  const OcsSetup *setup = site->setup;
  const OcsLedger *ledger = site->ledger;

  g_free (status->version);
  status->version = g_strdup (OCS_VERSION);
  status->last_contact = ledger->schedule.last_contact;
  status->last_success = ledger->schedule.last_success;
  status->last_inventory = ledger->last_inventory;
  /* What is tried then is only whether there is somebody to contact. */
  status->next_contact = setup->settings->server != NULL || setup->settings->local != NULL ? ledger->schedule.next_contact : 0;
  status->outcome = ocs_outcome_copy (ledger->outcome);
  status->server = g_strdup (setup->settings->server);
  status->deviceid = g_strdup (ledger->identity->deviceid);
  status->server_tag = ocs_ledger_server_tag (ledger);
  status->tag = g_strdup (ocs_tagging_tag (ledger->tagging, setup->settings));
  if (status->tag == NULL)
    status->tag = g_strdup (status->server_tag);
  status->insecure = ocs_setup_is_insecure (setup);
  g_strfreev (status->warnings);
  status->warnings = g_strdupv (setup->settings->warnings);
  for (guint i = 0; site->lacking != NULL && site->lacking[i] != NULL; i++)
    ocs_portrait_warn (status, g_strdup (site->lacking[i]));
  tell_clock (site, status);
  ocs_outlook_describe (site, failure, &status->proxy);
  warn_of_proxy (site, status);
}
