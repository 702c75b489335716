/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-portrait"
#include "worker/portrait.h"
#include "ipc/error.h"

void
ocs_portrait_setup (const OcsSite *site, const OcsReason *failure, OcsStatus *status)
{
  const OcsSetup *setup = site->setup;
  const OcsLedger *ledger = site->ledger;
  OcsError code = failure != NULL ? ocs_error_from_nick (failure->code) : OCS_ERROR_FAILED;

  status->server = g_strdup (setup->settings->server);
  status->deviceid = g_strdup (ledger->identity->deviceid);
  status->tag = ocs_ledger_tag (ledger, setup->settings->tag);
  status->insecure = ocs_setup_is_insecure (setup);
  g_strfreev (status->warnings);
  status->warnings = g_strdupv (setup->settings->warnings);
  status->proxy.kind = setup->settings->proxy_kind;
  status->proxy.host = g_strdup (setup->settings->proxy_host);
  status->proxy.port = setup->settings->proxy_port;
  status->proxy.authenticated = setup->settings->proxy_user != NULL;
  status->proxy.verdict = ledger->verdict;
  status->proxy.from_cache = ledger->from_cache;
  status->proxy.from_wan = ledger->from_wan;
  if (code == OCS_ERROR_PROXY_AUTH || code == OCS_ERROR_PROXY_UNREACHABLE)
    status->proxy.reason = ocs_reason_copy (failure);
}
