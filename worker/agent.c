/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-agent"
#include "worker/agent.h"
#include "ipc/error.h"
#include "worker/contact.h"
#include "worker/core/health.h"
#include "worker/depot.h"
#include "worker/io/clock.h"
#include "worker/io/journal.h"
#include "worker/io/network.h"
#include "worker/label.h"
#include "worker/notify.h"
#include "worker/outlook.h"
#include "worker/portrait.h"
#include "worker/thrift.h"

/* "Send inventory now" within this many seconds of a success shows that success. */
#define RECENT 600
/* Longest sleep, so that a clock that was set and a machine that slept are noticed. */
#define SLEEP_MAX 300
#define PROGRESS_MS 250
/* While the first inventory waits for somebody to say the TAG. */
#define HELD_SECONDS 60

struct _OcsAgent {
  OcsSite *site;       /* borrowed: outlives us */
  OcsDepot *depot;     /* owned */
  OcsLabel *label;     /* owned */
  OcsNetwork *network; /* owned, nullable until started */
  OcsContact *contact; /* owned, nullable: the one under way */
  OcsJobKind contact_job;
  gint64 asked;       /* serial that the contact under way answers, 0 where nobody asked */
  gboolean again;     /* another contact right after this one: somebody asked too late for it */
  OcsReason *setup;   /* owned, nullable; why nothing can work as it is set up */
  OcsReason *failure; /* owned, nullable; why the last contact failed */
  gboolean stale;     /* the ini is read anew once the contact under way is over */
  gboolean away;
  gint64 leave_alone;  /* the server asked not to be contacted before; only people may */
  gboolean telling;    /* addresses are being told */
  GCancellable *ended; /* owned; triggered when the agent ends */
  gint64 started;
  guint wake;
  guint progress;
  OcsAgentFunc on_change;
  gpointer user_data; /* borrowed: the service */
};

static void begin_contact (OcsAgent *agent);

static void
changed (OcsAgent *agent)
{
  agent->on_change (agent, agent->user_data);
}

static gboolean
on_progress_tick (gpointer user_data)
{
  OcsAgent *agent = user_data;

  changed (agent);
  if (ocs_depot_is_fetching (agent->depot))
    return G_SOURCE_CONTINUE;
  agent->progress = 0;
  return G_SOURCE_REMOVE;
}

static void
on_depot_change (OcsDepot *depot, gpointer user_data)
{
  OcsAgent *agent = user_data;

  if (agent->progress == 0 && ocs_depot_is_fetching (depot))
    agent->progress = g_timeout_add (PROGRESS_MS, on_progress_tick, agent);
  changed (agent);
}

static gboolean
on_wake (gpointer user_data)
{
  OcsAgent *agent = user_data;
  OcsSchedule *schedule = &agent->site->ledger->schedule;
  gint64 now = ocs_clock_now ();

  agent->wake = 0;
  ocs_schedule_check (schedule, now, ocs_clock_random ());
  if (agent->contact == NULL && schedule->next_contact <= now)
    begin_contact (agent);
  else if (agent->contact == NULL)
    agent->wake = g_timeout_add_seconds ((guint)CLAMP (schedule->next_contact - now, 1, SLEEP_MAX), on_wake, agent);
  return G_SOURCE_REMOVE;
}

static void
sleep_until_next (OcsAgent *agent)
{
  g_clear_handle_id (&agent->wake, g_source_remove);
  on_wake (agent);
}

static void
set_reason (OcsReason **place, const GError *error)
{
  g_clear_pointer (place, ocs_reason_free);
  if (error != NULL)
    *place = ocs_reason_new_from_error (error);
}

/* What the one who asked gets to see. An inventory that found no way to the server stays queued under its serial. */
static void
settle (OcsAgent *agent, gboolean sent)
{
  OcsLedger *ledger = agent->site->ledger;
  OcsOutcomeKind kind = sent ? OCS_OUTCOME_SENT : OCS_OUTCOME_CONTACTED;

  if (agent->failure != NULL)
    kind = ledger->queued > 0 && agent->away ? OCS_OUTCOME_QUEUED : OCS_OUTCOME_FAILED;
  else if (ledger->switched_off)
    kind = OCS_OUTCOME_SWITCHED_OFF;
  ocs_ledger_record (ledger, ocs_outcome_new (agent->asked, ocs_clock_now (), kind, agent->failure));
  if (agent->asked == 0 && ledger->queued == 0)
    return;
  ocs_outcome_free (ledger->outcome);
  ledger->outcome = ocs_outcome_new (MAX (agent->asked, ledger->queued), ocs_clock_now (), kind, agent->failure);
  if (kind != OCS_OUTCOME_QUEUED)
    ledger->queued = 0;
  agent->asked = 0;
}

static void
on_contact_progress (OcsContact *contact, OcsJobKind kind, gpointer user_data)
{
  OcsAgent *agent = user_data;

  agent->contact_job = kind;
  changed (agent);
}

static void
on_contact_prolog (OcsContact *contact, const OcsReply *reply, gpointer user_data)
{
  OcsAgent *agent = user_data;
  OcsLedger *ledger = agent->site->ledger;

  ledger->switched_off = reply->switched_off;
  if (reply->has_download)
    ledger->pacing = reply->pacing;
  if (reply->inventory_on_startup >= 0)
    ledger->schedule.inventory_on_startup = reply->inventory_on_startup > 0;
  ocs_schedule_after_success (&ledger->schedule, ocs_clock_now (), reply->prolog_freq, ocs_clock_random ());
  ocs_ledger_save_contacts (ledger);
  ocs_depot_offer (agent->depot, reply);
  ocs_depot_work (agent->depot);
  on_depot_change (agent->depot, agent);
}

static void
on_contact_inventory (OcsContact *contact, GPtrArray *account, GHashTable *digests, gpointer user_data)
{
  OcsAgent *agent = user_data;

  ocs_ledger_accept (agent->site->ledger, account, digests, ocs_clock_now ());
}

static void
on_addresses_told (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsAgent *agent = user_data;
  g_autofree char *digest = NULL;
  g_autoptr (GError) error = NULL;

  if (!ocs_notify_finish (result, &digest, &error)) {
    if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      return;
    ocs_journal_say (G_LOG_LEVEL_MESSAGE, NULL, error, "the new addresses were not told: %s", error->message);
  } else if (digest != NULL) {
    g_message ("the server was told the new addresses");
    ocs_ledger_accept_networks (agent->site->ledger, digest);
  }
  agent->telling = FALSE;
  changed (agent);
}

static void
tell_addresses (OcsAgent *agent)
{
  if (agent->telling || agent->site->ledger->switched_off || !ocs_setup_has_server (agent->site->setup))
    return;
  agent->telling = TRUE;
  ocs_notify_async (agent->site, agent->ended, on_addresses_told, agent);
}

static void
on_contact_done (OcsContact *contact, const GError *error, gpointer user_data)
{
  OcsAgent *agent = user_data;
  OcsLedger *ledger = agent->site->ledger;
  gboolean sent = ocs_contact_has_sent (contact);

  g_clear_pointer (&agent->contact, ocs_contact_free);
  ledger->clock = ocs_scout_clock (ocs_dispatch_scout (agent->site->dispatch));
  ocs_ledger_count_contact (ledger, error != NULL, sent);
  set_reason (&agent->failure, error);
  agent->away = ocs_outlook_is_away (agent->site, error);
  if (error != NULL) {
    ocs_journal_say (G_LOG_LEVEL_WARNING, NULL, error, "%s", error->message);
    ocs_schedule_after_failure (&ledger->schedule, ocs_clock_now (), ocs_error_code (error), ocs_clock_random ());
    agent->leave_alone = ocs_schedule_leave_alone (&ledger->schedule, ocs_clock_now (), ocs_error_retry_after (error), ocs_clock_random ());
  } else if (agent->site->setup->settings->local != NULL) {
    ocs_schedule_after_success (&ledger->schedule, ocs_clock_now (), 0, ocs_clock_random ());
    g_message ("inventory written to %s", agent->site->setup->settings->local);
  } else {
    g_message ("contact with the server: %s", sent                   ? "inventory sent"
                                              : ledger->switched_off ? "switched off there"
                                                                     : "no inventory wanted");
  }
  if (agent->again) {
    agent->again = agent->stale = FALSE;
    begin_contact (agent);
  } else {
    settle (agent, sent);
    ocs_ledger_save_contacts (ledger);
    sleep_until_next (agent);
    if (error == NULL && !sent)
      tell_addresses (agent);
  }
  if (agent->stale)
    ocs_agent_reload (agent);
  changed (agent);
}

static const OcsContactCallbacks callbacks = {
    .progress = on_contact_progress,
    .prolog = on_contact_prolog,
    .inventory = on_contact_inventory,
    .done = on_contact_done,
};

static gboolean
fail_contact (gpointer user_data)
{
  OcsAgent *agent = user_data;

  agent->wake = 0;
  settle (agent, FALSE);
  ocs_ledger_save_contacts (agent->site->ledger);
  ocs_schedule_after_failure (&agent->site->ledger->schedule, ocs_clock_now (), OCS_ERROR_FAILED, ocs_clock_random ());
  sleep_until_next (agent);
  changed (agent);
  return G_SOURCE_REMOVE;
}

static void
begin_contact (OcsAgent *agent)
{
  OcsSite *site = agent->site;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) account = NULL;
  g_autoptr (GPtrArray) history = ocs_depot_history (agent->depot);
  OcsContactPlan plan;

  ocs_site_load_setup (agent->site);
  g_clear_handle_id (&agent->wake, g_source_remove);
  if (!ocs_setup_check (site->setup, &error)) {
    set_reason (&agent->setup, error);
    set_reason (&agent->failure, error);
    agent->away = FALSE;
    agent->wake = g_idle_add (fail_contact, agent);
    return;
  }
  set_reason (&agent->setup, NULL);
  if (agent->asked == 0 && site->ledger->queued == 0 && ocs_label_holds (agent->label)) {
    agent->wake = g_timeout_add_seconds (HELD_SECONDS, on_wake, agent);
    return;
  }
  account = ocs_ledger_account_to_send (site->ledger, site->setup->settings);
  plan = (OcsContactPlan) {
      .site = site,
      .account = account,
      .history = history,
      .want_inventory = site->ledger->queued > 0,
  };
  site->ledger->schedule.last_contact = ocs_clock_now ();
  agent->contact_job = OCS_JOB_CONTACTING;
  agent->contact = ocs_contact_new (&plan, &callbacks, agent);
  changed (agent);
}

void
ocs_agent_reload (OcsAgent *agent)
{
  g_autoptr (GError) error = NULL;

  agent->stale = agent->contact != NULL;
  if (agent->stale)
    return;
  ocs_site_load_setup (agent->site);
  if (!ocs_setup_check (agent->site->setup, &error)) {
    set_reason (&agent->setup, error);
  } else if (agent->setup != NULL || agent->failure != NULL) {
    begin_contact (agent);
    return;
  }
  ocs_depot_work (agent->depot);
  changed (agent);
}

/* Another way may have opened: what waits for one is tried at once. And the server may know other addresses than there are now. */
static void
on_network_change (gpointer user_data)
{
  OcsAgent *agent = user_data;

  ocs_scout_forget (ocs_dispatch_scout (agent->site->dispatch));
  if (agent->contact != NULL || agent->leave_alone > ocs_clock_now ())
    return;
  if (agent->failure != NULL)
    begin_contact (agent);
  else
    tell_addresses (agent);
}

/* Somebody has come, gone, locked his screen or begun to present, or the connection is another kind. */
static void
on_people_change (gpointer user_data)
{
  OcsAgent *agent = user_data;

  ocs_depot_work (agent->depot);
  on_depot_change (agent->depot, agent);
}

/* What was held back may go on. */
static void
on_label_change (OcsLabel *label, gpointer user_data)
{
  OcsAgent *agent = user_data;

  if (agent->contact == NULL)
    sleep_until_next (agent);
  changed (agent);
}

OcsAgent *
ocs_agent_new (OcsSite *site, OcsAgentFunc on_change, gpointer user_data)
{
  OcsAgent *agent = g_new0 (OcsAgent, 1);

  agent->site = site;
  site->people = ocs_people_new (on_people_change, agent);
  site->thrift = ocs_thrift_new (site->root, on_people_change, agent);
  agent->depot = ocs_depot_new (site, on_depot_change, agent);
  agent->label = ocs_label_new (site, on_label_change, agent);
  agent->ended = g_cancellable_new ();
  agent->started = ocs_clock_now ();
  agent->on_change = on_change;
  agent->user_data = user_data;
  return agent;
}

void
ocs_agent_free (OcsAgent *agent)
{
  if (agent == NULL)
    return;
  g_clear_handle_id (&agent->wake, g_source_remove);
  g_clear_handle_id (&agent->progress, g_source_remove);
  g_cancellable_cancel (agent->ended);
  g_object_unref (agent->ended);
  ocs_contact_free (agent->contact);
  ocs_network_free (agent->network);
  ocs_label_free (agent->label);
  ocs_depot_free (agent->depot);
  g_clear_pointer (&agent->site->people, ocs_people_free);
  g_clear_pointer (&agent->site->thrift, ocs_thrift_free);
  ocs_reason_free (agent->setup);
  ocs_reason_free (agent->failure);
  g_free (agent);
}

void
ocs_agent_start (OcsAgent *agent)
{
  g_autoptr (GError) error = NULL;

  if (!ocs_setup_check (agent->site->setup, &error))
    set_reason (&agent->setup, error);
  agent->network = ocs_network_new (on_network_change, agent);
  ocs_schedule_at_start (&agent->site->ledger->schedule, ocs_clock_now (), ocs_clock_random ());
  ocs_depot_work (agent->depot);
  sleep_until_next (agent);
}

gint64
ocs_agent_contact (OcsAgent *agent)
{
  OcsLedger *ledger = agent->site->ledger;

  if (agent->asked == 0)
    agent->asked = ++ledger->serial;
  if (agent->contact == NULL)
    begin_contact (agent);
  return agent->asked;
}

gint64
ocs_agent_send_inventory (OcsAgent *agent, OcsAsked *asked)
{
  OcsLedger *ledger = agent->site->ledger;
  gint64 now = ocs_clock_now ();
  gint64 age = now - ledger->last_inventory;

  if (agent->contact == NULL && ledger->last_inventory > 0 && age >= 0 && age < RECENT && agent->failure == NULL) {
    *asked = OCS_ASKED_RECENT;
    ocs_outcome_free (ledger->outcome);
    ledger->outcome = ocs_outcome_new (++ledger->serial, ledger->last_inventory, OCS_OUTCOME_SENT, NULL);
    changed (agent);
    return ledger->serial;
  }
  *asked = agent->contact != NULL ? OCS_ASKED_JOINED : ledger->queued > 0 ? OCS_ASKED_QUEUED : OCS_ASKED_STARTED;
  if (ledger->queued == 0)
    ledger->queued = agent->asked > 0 ? agent->asked : ++ledger->serial;
  ocs_ledger_save_contacts (ledger);
  if (agent->contact == NULL)
    begin_contact (agent);
  else if (!ocs_contact_want_inventory (agent->contact))
    agent->again = TRUE;
  return ledger->queued;
}

gboolean
ocs_agent_answer (OcsAgent *agent, const char *id, const OcsSaid *said, GError **error)
{
  if (!ocs_depot_answer (agent->depot, id, said, error))
    return FALSE;
  on_depot_change (agent->depot, agent);
  return TRUE;
}

gboolean
ocs_agent_set_tag (OcsAgent *agent, const char *tag, GError **error)
{
  return ocs_label_answer (agent->label, tag, error);
}

gboolean
ocs_agent_drop (OcsAgent *agent, const char *id, GError **error)
{
  return ocs_depot_drop (agent->depot, id, error);
}

gboolean
ocs_agent_is_busy (OcsAgent *agent)
{
  return agent->contact != NULL || agent->telling || ocs_depot_is_busy (agent->depot);
}

const OcsReason *
ocs_agent_problem (OcsAgent *agent)
{
  return agent->failure;
}

OcsStatus *
ocs_agent_status (OcsAgent *agent)
{
  OcsStatus *status = ocs_status_new ();
  const OcsLedger *ledger = agent->site->ledger;
  OcsFacts facts = {
      .now = ocs_clock_now (),
      .configured = agent->setup == NULL,
      .setup = agent->setup,
      .storage = ledger->problem,
      .contact = agent->failure,
      .away = agent->away,
      .switched_off = ledger->switched_off,
  };

  status->started = agent->started;
  ocs_portrait_setup (agent->site, agent->failure, status);
  if (agent->contact != NULL)
    status->job = ocs_job_new (agent->contact_job, NULL);
  ocs_depot_describe (agent->depot, status);
  ocs_label_describe (agent->label, status);
  ocs_health_judge (status, &facts);
  return status;
}

char *
ocs_agent_dup_small_url (OcsAgent *agent)
{
  return ocs_depot_dup_small_url (agent->depot);
}
