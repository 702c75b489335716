/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status to the texts of the status window. Must not know GTK. */
#define G_LOG_DOMAIN "ocs-page"
#include "tray/view/page.h"

#include "tray/view/moment.h"
#include "tray/view/rows.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>

static void
item_free (gpointer data)
{
  OcsPageItem *item = data;
  g_free (item->name);
  g_free (item->step);
  g_free (item->words);
  g_free (item);
}

static void
fill_items (OcsPage *page, const OcsStatus *status)
{
  guint shown = MIN (status->packages->len, OCS_PAGE_PACKAGES_MAX);
  page->items = g_ptr_array_new_with_free_func (item_free);
  for (guint i = 0; i < shown; i++) {
    const OcsPackageStatus *package = g_ptr_array_index (status->packages, i);
    OcsPageItem *item = g_new0 (OcsPageItem, 1);
    item->name = g_strdup_printf (_ ("Package %s"), package->id);
    item->step = g_strdup (ocs_words_step (package));
    item->words = ocs_words_package (package);
    g_ptr_array_add (page->items, item);
  }
  guint rest = status->packages->len - shown;
  if (status->packages->len == 0)
    page->more = g_strdup (_ ("No deployments are known"));
  if (rest > 0)
    page->more = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", rest), rest);
}

static char *
warning_text (const OcsStatus *status)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  if (status->insecure)
    g_ptr_array_add (lines, g_strdup (_ ("The server's certificate is not checked: anybody on the way can pretend to be it.")));
  for (guint i = 0; status->warnings && status->warnings[i]; i++)
    g_ptr_array_add (lines, ocs_words_sentence (status->warnings[i]));
  if (lines->len == 0)
    return NULL;
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **)lines->pdata);
}

static char *
proxy_text (const OcsProxyStatus *proxy)
{
  g_autofree char *address = ocs_words_proxy_address (proxy);
  g_autofree char *reason = ocs_words_reason (proxy->reason);
  const char *does = reason ? reason : ocs_words_verdict (proxy);
  if (proxy->kind == OCS_PROXY_NONE)
    return ocs_words_proxy (proxy);
  return address ? g_strdup_printf (C_ ("the proxy: what it does", "%s: %s"), address, does) : ocs_words_sentence (does);
}

static char *
last_text (const OcsStatus *status, gint64 now, GTimeZone *zone)
{
  g_autofree char *last = ocs_moment_past (status->last_success, now, zone);
  if (status->last_contact <= status->last_success)
    return g_steal_pointer (&last);
  g_autofree char *tried = ocs_moment_past (status->last_contact, now, zone);
  return g_strdup_printf (_ ("%s (last try: %s)"), last, tried);
}

static void
fill_job (OcsPage *page, const OcsJob *job)
{
  page->fraction = -1;
  if (job == NULL)
    return;
  page->job = ocs_words_job (job);
  page->figures = ocs_words_job_figures (job);
  if (job->total > 0)
    page->fraction = (double)CLAMP (job->done, 0, job->total) / (double)job->total;
}

OcsPage *
ocs_page_build (const OcsStatus *status, const OcsRequest *request, gint64 now, GTimeZone *zone)
{
  gboolean running = status->state != OCS_STATE_NOT_RUNNING;
  OcsPage *page = g_new0 (OcsPage, 1);
  page->icon = ocs_menu_icon (status->state, FALSE);
  page->headline = g_strdup (ocs_words_status (status));
  page->why = ocs_menu_why (status);
  page->advice = g_strdup (ocs_menu_advice (status));
  page->detail = running ? ocs_words_detail (status->reason) : NULL;
  page->warning = warning_text (status);
  fill_job (page, running ? status->job : NULL);
  page->last = last_text (status, now, zone);
  page->next = running ? ocs_moment_future (status->next_contact, now, zone) : g_strdup (_ ("when the worker runs again"));
  page->inventory = ocs_moment_past (status->last_inventory, now, zone);
  page->server = g_strdup (status->server ? status->server : _ ("not shown to you, or not set"));
  page->machine = g_strdup (status->deviceid);
  page->tag = status->tag && *status->tag ? g_strdup (status->tag) : NULL;
  page->server_tag = g_strcmp0 (status->tag, status->server_tag) != 0 ? g_strdup (status->server_tag) : NULL;
  page->proxy = proxy_text (&status->proxy);
  page->savings = ocs_words_savings (&status->proxy);
  page->result = ocs_request_words (request, status->outcome, now, zone);
  fill_items (page, status);
  page->can_send = running && request->kind != OCS_REQUEST_ASKED;
  return page;
}

void
ocs_page_free (OcsPage *page)
{
  char *texts[] = {page->icon,    page->headline, page->why,     page->advice,    page->detail,    page->warning, page->job,
                   page->figures, page->last,     page->next,    page->inventory, page->server,    page->proxy,   page->savings,
                   page->result,  page->more,     page->machine, page->tag,       page->server_tag};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_ptr_array_unref (page->items);
  g_free (page);
}
