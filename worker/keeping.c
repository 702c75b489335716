/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-keeping"
#include "worker/keeping.h"
#include "worker/io/clock.h"

typedef struct {
  OcsSite *site; /* borrowed: outlives the main loop */
  char *proxy;   /* owned */
  gint64 size;
} Question;

static void
on_probed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;
  OcsProxyPage *page = ocs_proxybook_open (question->site->ledger->proxies, question->proxy, ocs_clock_now ());
  g_autofree char *warning = NULL;
  OcsProbed probed;

  /* Only 504 says that it does not hold it; anything else may have any reason. */
  if (ocs_dispatch_probe_finish (result, &probed, NULL) && (probed.held || probed.status == 504)) {
    ocs_proxybook_note_kept (page, question->size, probed.held);
    warning = probed.held ? NULL : ocs_proxybook_describe (page);
  }
  if (warning != NULL)
    g_warning ("%s", warning);
  g_free (question->proxy);
  g_free (question);
}

void
ocs_keeping_ask (OcsSite *site, const char *proxy, const char *url, gint64 size)
{
  const OcsProxyPage *page = ocs_proxybook_find (site->ledger->proxies, proxy);
  Question *question;

  if (page == NULL || !ocs_proxybook_wonders (page, size, ocs_clock_now ()))
    return;
  question = g_new0 (Question, 1);
  question->site = site;
  question->proxy = g_strdup (proxy);
  question->size = size;
  ocs_dispatch_probe_async (site->dispatch, ocs_setup_route (site->setup, OCS_ROUTE_FRAGMENT), url, NULL, on_probed, question);
}
