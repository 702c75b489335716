/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-agent"
#include "worker/agent.h"
#include "ipc/error.h"
#include "worker/alarm.h"
#include "worker/contact.h"
#include "worker/core/health.h"
#include "worker/core/url.h"
#include "worker/depot.h"
#include "worker/io/clock.h"
#include "worker/io/journal.h"
#include "worker/io/network.h"
#include "worker/label.h"
#include "worker/notify.h"
#include "worker/outlook.h"
#include "worker/portrait.h"
#include "worker/thrift.h"

#define PROGRESS_MS 250
/* While the first inventory waits for somebody to say the TAG. */
#define HELD_SECONDS 60
#define HTTP_FREQ_MAX (31 * 24)

struct _OcsAgent {
  OcsSite *site;         /* borrowed: outlives us */
  OcsAlarm *alarm;       /* owned */
  OcsPetition *petition; /* owned */
  OcsDepot *depot;       /* owned */
  OcsNotify *notify;     /* owned */
  OcsLabel *label;       /* owned */
  OcsNetwork *network;   /* owned, nullable until started */
  OcsContact *contact;   /* owned, nullable: the one under way */
  OcsJobKind contact_job;
  gboolean due; /* a contact begins once all offers of the last one are taken: which results are newer than its answer is known till then */
  gboolean again;     /* another contact right after this one: somebody asked too late for it */
  OcsReason *setup;   /* owned, nullable; why nothing can work as it is set up */
  OcsReason *failure; /* owned, nullable; why the last contact failed */
  gboolean stale;     /* the ini is read anew once the contact under way is over */
  gboolean away;
  gint64 started;
  guint failing; /* nothing can work as it is set up: that is said in the next turn */
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
  if (agent->due && agent->contact == NULL && !ocs_depot_is_taking (depot))
    begin_contact (agent);
  changed (agent);
}

static void
set_reason (OcsReason **place, const GError *error)
{
  g_clear_pointer (place, ocs_reason_free);
  if (error != NULL)
    *place = ocs_reason_new_from_error (error);
}

static void
on_contact_progress (OcsContact *contact, OcsJobKind kind, gpointer user_data)
{
  OcsAgent *agent = user_data;

  agent->contact_job = kind;
  changed (agent);
}

/* Over plain http anybody on the way may have written the answer: one of it must not silence the machine for a year. */
static gint64
believe_freq (const OcsAgent *agent, gint64 hours)
{
  return ocs_url_is_https (agent->site->setup->settings->server) ? hours : MIN (hours, HTTP_FREQ_MAX);
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
  ocs_alarm_succeed (agent->alarm, believe_freq (agent, reply->prolog_freq));
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
on_notify_over (gpointer user_data)
{
  changed (user_data);
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
    ocs_alarm_fail (agent->alarm, error);
  } else if (agent->site->setup->settings->local != NULL) {
    ocs_alarm_succeed (agent->alarm, 0);
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
    ocs_petition_settle (agent->petition, sent, agent->failure, agent->away);
    ocs_ledger_save_contacts (ledger);
    ocs_alarm_set (agent->alarm);
    if (error == NULL && !sent)
      ocs_notify_tell (agent->notify);
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

  agent->failing = 0;
  ocs_petition_settle (agent->petition, FALSE, agent->failure, agent->away);
  ocs_ledger_save_contacts (agent->site->ledger);
  ocs_alarm_fail (agent->alarm, NULL);
  ocs_alarm_set (agent->alarm);
  changed (agent);
  return G_SOURCE_REMOVE;
}

static void
begin_contact (OcsAgent *agent)
{
  OcsSite *site = agent->site;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) account = NULL;
  g_autoptr (GPtrArray) history = NULL;
  OcsContactPlan plan;

  agent->due = ocs_depot_is_taking (agent->depot);
  if (agent->due)
    return;
  ocs_site_load_setup (agent->site);
  ocs_alarm_stop (agent->alarm);
  g_clear_handle_id (&agent->failing, g_source_remove);
  if (!ocs_setup_check (site->setup, &error)) {
    set_reason (&agent->setup, error);
  } else {
    set_reason (&agent->setup, NULL);
    history = ocs_depot_history (agent->depot, &error);
    if (history == NULL)
      ocs_journal_say (G_LOG_LEVEL_WARNING, NULL, error, "%s", error->message);
  }
  if (error != NULL) {
    set_reason (&agent->failure, error);
    agent->away = FALSE;
    agent->failing = g_idle_add (fail_contact, agent);
    return;
  }
  if (!ocs_petition_is_open (agent->petition) && ocs_label_holds (agent->label)) {
    ocs_alarm_set_for (agent->alarm, HELD_SECONDS);
    return;
  }
  account = ocs_ledger_account_to_send (site->ledger, site->setup->settings);
  plan = (OcsContactPlan) {
      .site = site,
      .account = account,
      .history = history,
      .want_inventory = ocs_petition_wants_inventory (agent->petition),
  };
  site->ledger->schedule.last_contact = ocs_clock_now ();
  agent->contact_job = OCS_JOB_CONTACTING;
  ocs_depot_expect (agent->depot);
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

static gboolean
is_login (const OcsReason *reason)
{
  OcsError code = ocs_error_from_nick (reason->code);

  return code == OCS_ERROR_PROXY_AUTH || code == OCS_ERROR_SERVER_AUTH;
}

/* Another way may have opened: what waits for one is tried at once. And the server may know other addresses than there are now. */
static void
on_network_change (gpointer user_data)
{
  OcsAgent *agent = user_data;

  ocs_scout_forget (ocs_dispatch_scout (agent->site->dispatch));
  if (agent->contact != NULL || ocs_alarm_is_left_alone (agent->alarm))
    return;
  if (agent->failure == NULL)
    ocs_notify_tell (agent->notify);
  else if (ocs_alarm_hurry (agent->alarm, is_login (agent->failure) ? OCS_ALARM_LOGIN : OCS_ALARM_NETWORK))
    begin_contact (agent);
}

static void
on_alarm (gpointer user_data)
{
  OcsAgent *agent = user_data;

  if (agent->contact == NULL)
    begin_contact (agent);
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
    ocs_alarm_set (agent->alarm);
  changed (agent);
}

OcsAgent *
ocs_agent_new (OcsSite *site, OcsAgentFunc on_change, gpointer user_data)
{
  OcsAgent *agent = g_new0 (OcsAgent, 1);

  agent->site = site;
  agent->alarm = ocs_alarm_new (&site->ledger->schedule, on_alarm, agent);
  agent->petition = ocs_petition_new (site->ledger);
  site->people = ocs_people_new (on_people_change, agent);
  site->thrift = ocs_thrift_new (site->root, on_people_change, agent);
  agent->depot = ocs_depot_new (site, on_depot_change, agent);
  agent->label = ocs_label_new (site, on_label_change, agent);
  agent->notify = ocs_notify_new (site, on_notify_over, agent);
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
  ocs_alarm_free (agent->alarm);
  ocs_petition_free (agent->petition);
  g_clear_handle_id (&agent->failing, g_source_remove);
  g_clear_handle_id (&agent->progress, g_source_remove);
  ocs_notify_free (agent->notify);
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
  ocs_depot_work (agent->depot);
  ocs_alarm_start (agent->alarm);
}

/* Somebody waits for one: FALSE where he has to for a while. */
static gboolean
begin_asked (OcsAgent *agent)
{
  gboolean now = ocs_alarm_hurry (agent->alarm, OCS_ALARM_PEOPLE);

  if (now)
    begin_contact (agent);
  return now;
}

gint64
ocs_agent_contact (OcsAgent *agent)
{
  gint64 serial = ocs_petition_contact (agent->petition);

  if (agent->contact == NULL)
    (void)begin_asked (agent);
  return serial;
}

gint64
ocs_agent_send_inventory (OcsAgent *agent, OcsAsked *asked)
{
  gint64 serial = agent->contact == NULL && agent->failure == NULL ? ocs_petition_recent (agent->petition) : 0;
  gboolean first;

  if (serial > 0) {
    *asked = OCS_ASKED_RECENT;
    changed (agent);
    return serial;
  }
  serial = ocs_petition_inventory (agent->petition, &first);
  *asked = agent->contact != NULL ? OCS_ASKED_JOINED : first ? OCS_ASKED_STARTED : OCS_ASKED_QUEUED;
  if (agent->contact != NULL)
    agent->again = !ocs_contact_want_inventory (agent->contact) || agent->again;
  else if (!begin_asked (agent))
    *asked = OCS_ASKED_QUEUED;
  return serial;
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
  return agent->contact != NULL || ocs_notify_is_telling (agent->notify) || ocs_depot_is_busy (agent->depot);
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
