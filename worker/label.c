/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-label"
#include "worker/label.h"
#include "worker/io/clock.h"

/* Seconds until a server that has no words, or was not reached, is asked again. */
#define ASK_AGAIN 3600
#define SETTLED_SHOWN 61

struct _OcsLabel {
  OcsSite *site;          /* borrowed: outlives us */
  GCancellable *fetching; /* owned, nullable: while the server is asked */
  gint64 ask_again;       /* when the server may be asked (again) */
  guint forget;           /* when what was settled is shown no longer */
  OcsLabelFunc on_change;
  gpointer user_data; /* borrowed: the agent */
};

OcsLabel *
ocs_label_new (OcsSite *site, OcsLabelFunc on_change, gpointer user_data)
{
  OcsLabel *label = g_new0 (OcsLabel, 1);

  label->site = site;
  label->on_change = on_change;
  label->user_data = user_data;
  return label;
}

void
ocs_label_free (OcsLabel *label)
{
  if (label == NULL)
    return;
  g_clear_handle_id (&label->forget, g_source_remove);
  if (label->fetching != NULL)
    g_cancellable_cancel (label->fetching);
  g_clear_object (&label->fetching);
  g_free (label);
}

static void
on_label_fetched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsLabel *label = user_data;
  OcsLedger *ledger = label->site->ledger;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gboolean done = ocs_dispatch_label_finish (result, &text, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&label->fetching);
  if (!done)
    g_message ("the words for the question of the TAG did not come: %s", error->message);
  else if (ocs_tagging_ask (ledger->tagging, text, ocs_clock_now ()))
    ocs_ledger_save_tagging (ledger);
  else
    g_message ("the server has no words for the question of the TAG: nobody is asked; set OCS_OPT_DEPLOY=1 there and give it a label");
  label->on_change (label, label->user_data);
}

/* SERVER/deploy/label, as the Windows agent asks for it; the label is set in the server's console. */
static void
fetch (OcsLabel *label)
{
  const OcsSetup *setup = label->site->setup;
  g_autofree char *url =
      g_strconcat (setup->settings->server, g_str_has_suffix (setup->settings->server, "/") ? "" : "/", "deploy/label", NULL);

  label->ask_again = ocs_clock_now () + ASK_AGAIN;
  label->fetching = g_cancellable_new ();
  ocs_dispatch_label_async (label->site->dispatch, ocs_setup_route (setup, OCS_ROUTE_SERVER), url, label->fetching, on_label_fetched,
                            label);
}

gboolean
ocs_label_holds (OcsLabel *label)
{
  const OcsSetup *setup = label->site->setup;
  const OcsLedger *ledger = label->site->ledger;
  g_autofree char *server_tag = ocs_ledger_server_tag (ledger);

  if (!ocs_setup_has_server (setup))
    return FALSE;
  if (label->fetching == NULL && ocs_clock_now () >= label->ask_again
      && ocs_tagging_wants_label (ledger->tagging, setup->settings, server_tag))
    fetch (label);
  return label->fetching != NULL || ocs_tagging_holds (ledger->tagging, setup->settings, ledger->last_inventory, ocs_clock_now ());
}

void
ocs_label_describe (OcsLabel *label, OcsStatus *status)
{
  OcsQuestion *question = ocs_tagging_question (label->site->ledger->tagging, label->site->setup->settings, ocs_clock_now ());

  if (question != NULL)
    g_ptr_array_add (status->questions, question);
}

static gboolean
on_forget (gpointer user_data)
{
  OcsLabel *label = user_data;

  label->forget = 0;
  label->on_change (label, label->user_data);
  return G_SOURCE_REMOVE;
}

gboolean
ocs_label_answer (OcsLabel *label, const char *tag, GError **error)
{
  OcsLedger *ledger = label->site->ledger;

  if (!ocs_tagging_answer (ledger->tagging, label->site->setup->settings, tag, ocs_clock_now (), error))
    return FALSE;
  ocs_ledger_save_tagging (ledger);
  g_clear_handle_id (&label->forget, g_source_remove);
  label->forget = g_timeout_add_seconds (SETTLED_SHOWN, on_forget, label);
  label->on_change (label, label->user_data);
  return TRUE;
}
