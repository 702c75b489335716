/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-ledger"
#include "worker/ledger.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/verdict.h"
#include "worker/io/clock.h"
#include "worker/io/journal.h"
#include <glib/gstdio.h>

#define IDENTITY "identity.json"
#define ACCOUNT "account.json"
#define ACCEPTED "accepted.json"
#define SCHEDULE "schedule.json"
#define TAGGING "tag.json"
#define COUNTERS "counters.json"
/* What a crash may cost the figures. */
#define COUNT_AGAIN_MS 30000
#define CONTACTS "contacts.json"

static void
save (OcsLedger *ledger, const char *name, JsonObject *object)
{
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&ledger->problem, ocs_reason_free);
  if (ocs_store_write (ledger->store, name, object, &error))
    return;
  ocs_journal_say (G_LOG_LEVEL_WARNING, NULL, error, "%s", error->message);
  ledger->problem = ocs_reason_new_from_error (error);
}

static gboolean
is_of_later_version (JsonObject *object, const char *path, GError **error)
{
  if (object == NULL || ocs_json_int (object, "version", OCS_IDENTITY_VERSION) <= OCS_IDENTITY_VERSION)
    return FALSE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED,
               "%s was written by a newer version of OCS Companion: install that again, all is left as it is", path);
  return TRUE;
}

/* FALSE where there is one and it cannot be read now: with another, the server would have this machine twice. */
static gboolean
read_identity (OcsLedger *ledger, OcsIdentity **identity, GError **error)
{
  g_autofree char *path = g_build_filename (ocs_store_folder (ledger->store), IDENTITY, NULL);
  g_autoptr (JsonObject) object = ocs_store_read (ledger->store, IDENTITY);
  GStatBuf info;

  if (is_of_later_version (object, path, error))
    return FALSE;
  *identity = object != NULL ? ocs_identity_from_json (object) : NULL;
  if (object != NULL && *identity == NULL)
    ocs_store_set_aside (ledger->store, IDENTITY, "it holds no valid deviceid");
  if (object != NULL || g_lstat (path, &info) != 0)
    return TRUE;
  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED,
               "%s cannot be read: mend the disk or its mode, or remove it to make a new machine of this one", path);
  return FALSE;
}

gboolean
ocs_ledger_write_identity (OcsStore *store, const OcsIdentity *identity, GError **error)
{
  g_autoptr (JsonObject) object = ocs_identity_to_json (identity);

  return ocs_store_write (store, IDENTITY, object, error);
}

static gboolean
write_identity (OcsLedger *ledger, GError **error)
{
  return ocs_ledger_write_identity (ledger->store, ledger->identity, error);
}

static gboolean
load_identity (OcsLedger *ledger, const OcsSettings *settings, const char *root, GError **error)
{
  g_autoptr (OcsIdentity) kept = NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *host = ocs_clock_host_name ();
  g_autofree char *machine_id = ocs_clock_machine_id (root);
  g_autofree char *uuid = ocs_clock_firmware_uuid (root);
  OcsMachineFacts facts = {
      .machine_id = machine_id,
      .uuid = uuid,
      .preset = settings->deviceid,
      .host_name = host,
      .now = now,
  };
  OcsIdentityChange change;

  if (!read_identity (ledger, &kept, error))
    return FALSE;
  change = ocs_identity_settle (kept, &facts, &ledger->identity);
  if (change == OCS_IDENTITY_CLONED) {
    g_message ("this state was made on another machine: this one is known as %s from now on", ledger->identity->deviceid);
    if (!ocs_store_forget_machine (ledger->store, error))
      return FALSE;
  }
  return write_identity (ledger, error);
}

static void
load_account (OcsLedger *ledger)
{
  g_autoptr (JsonObject) object = ocs_store_read (ledger->store, ACCOUNT);
  JsonArray *pairs = object != NULL ? ocs_json_array (object, "pairs") : NULL;

  for (guint i = 0; pairs != NULL && i < json_array_get_length (pairs); i++) {
    JsonNode *node = json_array_get_element (pairs, i);
    JsonObject *pair = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

    if (pair != NULL && ocs_json_string (pair, "name") != NULL)
      g_ptr_array_add (ledger->account, ocs_pair_new (ocs_json_string (pair, "name"), ocs_json_string (pair, "value")));
  }
}

/* It counts from the start of this machine, so it means nothing after the next one; the clock may have been set by then, too. */
static void
load_clock (OcsLedger *ledger, JsonObject *clock)
{
  if (clock != NULL && ledger->boot != NULL && g_strcmp0 (ocs_json_string (clock, "boot"), ledger->boot) == 0)
    ledger->clock = ocs_json_int (clock, "start", 0);
}

static JsonObject *
clock_to_json (const OcsLedger *ledger)
{
  JsonObject *clock = json_object_new ();

  ocs_json_set_string (clock, "boot", ledger->boot);
  json_object_set_int_member (clock, "start", ledger->clock);
  return clock;
}

static void
load_contacts (OcsLedger *ledger)
{
  g_autoptr (JsonObject) object = ocs_store_read (ledger->store, SCHEDULE);
  JsonObject *part;

  if (object == NULL)
    return;
  ocs_schedule_from_json (&ledger->schedule, object);
  if ((part = ocs_json_object (object, "pacing")) != NULL)
    ocs_pacing_from_json (&ledger->pacing, part);
  if ((part = ocs_json_object (object, "outcome")) != NULL)
    ledger->outcome = ocs_outcome_from_json (part);
  ledger->last_inventory = ocs_json_int (object, "last_inventory", 0);
  ledger->serial = ocs_json_int (object, "serial", 0);
  ledger->queued = ocs_json_int (object, "queued", 0);
  ledger->switched_off = ocs_json_bool (object, "switched_off", FALSE);
  load_clock (ledger, ocs_json_object (object, "clock"));
}

static void
load_counters (OcsLedger *ledger)
{
  g_autoptr (JsonObject) object = ocs_store_read (ledger->store, COUNTERS);

  ledger->proxies = ocs_proxybook_from_json (object != NULL ? ocs_json_array (object, "proxies") : NULL);
  ledger->days = ocs_traffic_from_json (object != NULL ? ocs_json_array (object, "days") : NULL);
  if (object == NULL)
    return;
  ledger->from_cache = ocs_json_int (object, "from_cache", 0);
  ledger->from_wan = ocs_json_int (object, "from_wan", 0);
  ledger->tally.contacts = ocs_json_int (object, "contacts", 0);
  ledger->tally.failures = ocs_json_int (object, "failures", 0);
  ledger->tally.inventories = ocs_json_int (object, "inventories", 0);
  ledger->verdict = ocs_verdict_from_name (ocs_json_string (object, "verdict"));
}

static void
load_past (OcsLedger *ledger)
{
  g_autoptr (JsonObject) object = ocs_store_read (ledger->store, CONTACTS);

  ledger->contacts = object != NULL ? ocs_contacts_from_json (object) : ocs_contacts_new ();
}

OcsLedger *
ocs_ledger_load (OcsStore *store, const OcsSettings *settings, const char *root, GError **error)
{
  g_autoptr (OcsLedger) ledger = g_new0 (OcsLedger, 1);
  g_autoptr (JsonObject) accepted = NULL;
  g_autoptr (JsonObject) tagging = NULL;

  ledger->store = store;
  ledger->boot = ocs_clock_boot_id ();
  ledger->account = ocs_pairs_new ();
  ocs_schedule_init (&ledger->schedule, settings->prolog_freq);
  ocs_pacing_init (&ledger->pacing);
  if (!load_identity (ledger, settings, root, error))
    return NULL;
  load_account (ledger);
  load_contacts (ledger);
  load_counters (ledger);
  load_past (ledger);
  tagging = ocs_store_read (store, TAGGING);
  ledger->tagging = ocs_tagging_from_json (tagging);
  accepted = ocs_store_read (store, ACCEPTED);
  if (accepted != NULL && json_object_has_member (accepted, "digests"))
    ledger->accepted = ocs_json_string_map (accepted, "digests");
  return g_steal_pointer (&ledger);
}

void
ocs_ledger_free (OcsLedger *ledger)
{
  if (ledger == NULL)
    return;
  g_free (ledger->boot);
  ocs_identity_free (ledger->identity);
  ocs_tagging_free (ledger->tagging);
  g_clear_pointer (&ledger->account, g_ptr_array_unref);
  g_clear_pointer (&ledger->accepted, g_hash_table_unref);
  ocs_outcome_free (ledger->outcome);
  g_clear_pointer (&ledger->contacts, g_ptr_array_unref);
  ocs_proxybook_free (ledger->proxies);
  g_clear_pointer (&ledger->days, g_array_unref);
  g_free (ledger->held_url);
  ocs_reason_free (ledger->problem);
  g_free (ledger);
}

void
ocs_ledger_save_contacts (OcsLedger *ledger)
{
  g_autoptr (JsonObject) object = ocs_schedule_to_json (&ledger->schedule);

  json_object_set_object_member (object, "pacing", ocs_pacing_to_json (&ledger->pacing));
  ocs_json_set_object (object, "outcome", ledger->outcome != NULL ? ocs_outcome_to_json (ledger->outcome) : NULL);
  json_object_set_int_member (object, "last_inventory", ledger->last_inventory);
  json_object_set_int_member (object, "serial", ledger->serial);
  json_object_set_int_member (object, "queued", ledger->queued);
  json_object_set_boolean_member (object, "switched_off", ledger->switched_off);
  ocs_json_set_object (object, "clock", ledger->clock != 0 ? clock_to_json (ledger) : NULL);
  save (ledger, SCHEDULE, object);
}

void
ocs_ledger_record (OcsLedger *ledger, OcsOutcome *outcome)
{
  g_autoptr (JsonObject) object = NULL;

  ocs_contacts_add (ledger->contacts, outcome);
  object = ocs_contacts_to_json (ledger->contacts);
  save (ledger, CONTACTS, object);
}

void
ocs_ledger_save_counters (OcsLedger *ledger)
{
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_int_member (object, "from_cache", ledger->from_cache);
  json_object_set_int_member (object, "from_wan", ledger->from_wan);
  json_object_set_int_member (object, "contacts", ledger->tally.contacts);
  json_object_set_int_member (object, "failures", ledger->tally.failures);
  json_object_set_int_member (object, "inventories", ledger->tally.inventories);
  json_object_set_string_member (object, "verdict", ocs_verdict_name (ledger->verdict));
  json_object_set_array_member (object, "proxies", ocs_proxybook_to_json (ledger->proxies));
  json_object_set_array_member (object, "days", ocs_traffic_to_json (ledger->days));
  ledger->counted = ocs_clock_monotonic ();
  save (ledger, COUNTERS, object);
}

void
ocs_ledger_note_claim (OcsLedger *ledger, const char *url)
{
  g_free (ledger->held_url);
  ledger->held_url = g_strdup (url);
}

void
ocs_ledger_count_fragment (OcsLedger *ledger, const char *proxy, const char *url, OcsVerdict verdict, gint64 bytes, gint64 size)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *day = g_date_time_format (now, "%Y-%m-%d");
  gboolean from_cache = ocs_verdict_is_from_cache (verdict);

  *(from_cache ? &ledger->from_cache : &ledger->from_wan) += MAX (bytes, 0);
  ledger->verdict = verdict;
  ocs_traffic_add (ledger->days, day, from_cache, bytes);
  if (proxy != NULL)
    ocs_proxybook_note (ocs_proxybook_open (ledger->proxies, proxy, ocs_clock_now ()), verdict, bytes, size,
                        url != NULL && g_strcmp0 (url, ledger->held_url) == 0, ocs_clock_now ());
  if (ocs_clock_monotonic () - ledger->counted > COUNT_AGAIN_MS)
    ocs_ledger_save_counters (ledger);
}

/* element-type OcsPair */
static JsonObject *
account_to_json (const GPtrArray *account)
{
  JsonObject *object = json_object_new ();
  JsonArray *pairs = json_array_new ();

  for (guint i = 0; i < account->len; i++) {
    const OcsPair *pair = account->pdata[i];
    JsonObject *one = json_object_new ();

    json_object_set_string_member (one, "name", pair->name);
    ocs_json_set_string (one, "value", pair->value);
    json_array_add_object_element (pairs, one);
  }
  json_object_set_array_member (object, "pairs", pairs);
  return object;
}

gboolean
ocs_ledger_write_account (OcsStore *store, const GPtrArray *pairs, GError **error)
{
  g_autoptr (JsonObject) object = account_to_json (pairs);

  return ocs_store_write (store, ACCOUNT, object, error);
}

static void
save_account (OcsLedger *ledger)
{
  g_autoptr (JsonObject) object = account_to_json (ledger->account);

  save (ledger, ACCOUNT, object);
}

static void
save_accepted (OcsLedger *ledger)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObject *digests = json_object_new ();
  GHashTableIter iter;
  gpointer section, digest;

  g_hash_table_iter_init (&iter, ledger->accepted);
  while (g_hash_table_iter_next (&iter, &section, &digest))
    json_object_set_string_member (digests, section, digest);
  json_object_set_object_member (object, "digests", digests);
  save (ledger, ACCEPTED, object);
}

/* The server has merged the rows. */
static void
forget_old_deviceid (OcsLedger *ledger)
{
  g_autoptr (GError) error = NULL;

  if (ledger->identity->old_deviceid == NULL)
    return;
  g_clear_pointer (&ledger->identity->old_deviceid, g_free);
  if (!write_identity (ledger, &error))
    ocs_journal_say (G_LOG_LEVEL_WARNING, NULL, error, "%s", error->message);
}

/* The server has had ours, and may have told its own. */
static void
settle_tag (OcsLedger *ledger)
{
  g_autofree char *server_tag = ocs_ledger_server_tag (ledger);
  gboolean withdrawn = ocs_tagging_withdraw (ledger->tagging, server_tag);

  /* Somebody may have said another one while the inventory was on its way. */
  gboolean told = ledger->tagging->untold && g_strcmp0 (ledger->tagging->sent, ledger->tagging->tag) == 0;

  if (!withdrawn && !told)
    return;
  ledger->tagging->untold = ledger->tagging->untold && !told;
  ocs_ledger_save_tagging (ledger);
}

void
ocs_ledger_accept (OcsLedger *ledger, GPtrArray *account, GHashTable *digests, gint64 now)
{
  ledger->last_inventory = now;
  g_hash_table_ref (digests);
  g_clear_pointer (&ledger->accepted, g_hash_table_unref);
  ledger->accepted = digests;
  forget_old_deviceid (ledger);
  if (account != NULL && account->len > 0) {
    g_ptr_array_ref (account);
    g_ptr_array_unref (ledger->account);
    ledger->account = account;
    save_account (ledger);
  }
  save_accepted (ledger);
  settle_tag (ledger);
}

void
ocs_ledger_count_contact (OcsLedger *ledger, gboolean failed, gboolean sent)
{
  ledger->tally.contacts++;
  ledger->tally.failures += failed;
  ledger->tally.inventories += sent;
  ocs_ledger_save_counters (ledger);
}

void
ocs_ledger_accept_networks (OcsLedger *ledger, const char *digest)
{
  if (ledger->accepted == NULL)
    return;
  g_hash_table_insert (ledger->accepted, g_strdup ("NETWORKS"), g_strdup (digest));
  save_accepted (ledger);
}

void
ocs_ledger_save_tagging (OcsLedger *ledger)
{
  g_autoptr (JsonObject) object = ocs_tagging_to_json (ledger->tagging);

  save (ledger, TAGGING, object);
}

char *
ocs_ledger_server_tag (const OcsLedger *ledger)
{
  for (guint i = 0; i < ledger->account->len; i++) {
    const OcsPair *pair = ledger->account->pdata[i];

    if (g_strcmp0 (pair->name, "TAG") == 0)
      return g_strdup (pair->value);
  }
  return NULL;
}

GPtrArray *
ocs_ledger_account_to_send (OcsLedger *ledger, const OcsSettings *settings)
{
  const char *tag = ocs_tagging_tag (ledger->tagging, settings);
  gboolean ours = tag != NULL && (ledger->account->len == 0 || ledger->tagging->untold);
  GPtrArray *account = ocs_pairs_new ();

  for (guint i = 0; i < ledger->account->len; i++) {
    const OcsPair *pair = ledger->account->pdata[i];

    if (!ours || g_strcmp0 (pair->name, "TAG") != 0)
      g_ptr_array_add (account, ocs_pair_new (pair->name, pair->value));
  }
  if (ours)
    g_ptr_array_add (account, ocs_pair_new ("TAG", tag));
  g_free (ledger->tagging->sent);
  ledger->tagging->sent = ours ? g_strdup (tag) : NULL;
  return account;
}
