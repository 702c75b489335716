/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-portrait"
#include "worker/portrait.h"
#include "worker/outlook.h"

void
ocs_portrait_setup (const OcsSite *site, const OcsReason *failure, OcsStatus *status)
{
  const OcsSetup *setup = site->setup;
  const OcsLedger *ledger = site->ledger;

  status->server = g_strdup (setup->settings->server);
  status->deviceid = g_strdup (ledger->identity->deviceid);
  status->tag = ocs_ledger_tag (ledger, setup->settings->tag);
  status->insecure = ocs_setup_is_insecure (setup);
  g_strfreev (status->warnings);
  status->warnings = g_strdupv (setup->settings->warnings);
  ocs_outlook_describe (site, failure, &status->proxy);
}
