/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-contact"
#include "worker/contact.h"
#include "ipc/error.h"
#include "worker/core/outline.h"
#include "worker/core/request.h"
#include "worker/gather.h"
#include "worker/io/durable.h"
#include "worker/io/journal.h"
#include "worker/scan.h"
#include <string.h>

typedef enum { PHASE_PROLOG, PHASE_INVENTORY, PHASE_DONE } Phase;

struct _OcsContact {
  OcsSite *site;           /* borrowed: outlives us */
  GPtrArray *account;      /* owned */
  GPtrArray *history;      /* owned */
  GHashTable *digests;     /* owned, nullable; of what is being sent */
  OcsInventory *inventory; /* owned, nullable; while the network is looked at */
  char *scan_subnet;       /* owned, nullable; IPDISCOVER */
  gint64 scan_latency;
  JsonObject *outline; /* owned, nullable until collected */
  gboolean want_inventory;
  gboolean sent;
  Phase phase;
  GCancellable *cancellable;            /* owned */
  const OcsContactCallbacks *callbacks; /* borrowed: static */
  gpointer user_data;                   /* borrowed: the owner */
};

static void
finish (OcsContact *contact, const GError *error)
{
  contact->phase = PHASE_DONE;
  contact->callbacks->done (contact, error, contact->user_data);
}

/* TRUE where the contact is gone or has just ended with error. */
static gboolean
failed (OcsContact *contact, const GError *error)
{
  if (error == NULL)
    return FALSE;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    finish (contact, error);
  return TRUE;
}

static void
exchange (OcsContact *contact, char *xml, gsize length, GAsyncReadyCallback callback)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (xml, length);

  ocs_dispatch_exchange_async (contact->site->dispatch, ocs_setup_route (contact->site->setup, OCS_ROUTE_SERVER),
                               contact->site->setup->settings->server, bytes, contact->cancellable, callback, contact);
}

/* NULL where the contact is gone or has just failed. */
static OcsReply *
take_reply (OcsContact *contact, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = ocs_dispatch_exchange_finish (result, &error);
  OcsReply *reply = object != NULL ? ocs_reply_from_json (object, &error) : NULL;

  failed (contact, error);
  return reply;
}

/* So that people can be told what has changed since. Without it they are told nothing of changes. */
static void
keep_outline (OcsContact *contact)
{
  g_autoptr (GError) error = NULL;

  if (!ocs_store_write (contact->site->store, OCS_STORE_OUTLINE, contact->outline, &error))
    ocs_journal_say (G_LOG_LEVEL_WARNING, NULL, error, "%s", error->message);
}

static void
on_inventory_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsContact *contact = user_data;
  g_autoptr (OcsReply) reply = take_reply (contact, result);

  if (reply == NULL)
    return;
  contact->sent = TRUE;
  keep_outline (contact);
  contact->callbacks->inventory (contact, reply->account, contact->digests, contact->user_data);
  finish (contact, NULL);
}

/* FOLDER/DEVICEID.ocs, for an administrator to carry to the server: plain XML, as the Unix agent's --local. xml: transfer full. */
static void
write_local (OcsContact *contact, char *xml)
{
  g_autofree char *text = xml;
  g_autofree char *name = g_strconcat (contact->site->ledger->identity->deviceid, ".ocs", NULL);
  g_autofree char *path = g_build_filename (contact->site->setup->settings->local, name, NULL);
  g_autoptr (GError) error = NULL;

  if (ocs_durable_write_path (path, text, &error)) {
    contact->sent = TRUE;
    contact->callbacks->inventory (contact, NULL, contact->digests, contact->user_data);
  }
  finish (contact, error);
}

/* neighbours: nullable. */
static void
send_inventory (OcsContact *contact, const OcsInventory *inventory, GPtrArray *neighbours)
{
  g_autoptr (GString) more = g_string_new (NULL);
  const OcsIdentity *identity = contact->site->ledger->identity;
  OcsEnvelope envelope;
  gsize length = 0;
  char *xml;

  ocs_scanning_append (more, neighbours);
  contact->digests = ocs_inventory_digests (inventory);
  contact->outline = ocs_outline_of (inventory);
  envelope = (OcsEnvelope) {
      .deviceid = identity->deviceid,
      .old_deviceid = identity->old_deviceid,
      .account = contact->account,
      .history = contact->history,
      .more = more->str,
      .checksum = ocs_inventory_checksum (inventory, contact->site->ledger->accepted),
  };
  contact->callbacks->progress (contact, OCS_JOB_SENDING, contact->user_data);
  xml = ocs_inventory_to_xml (inventory, &envelope, &length);
  if (contact->site->setup->settings->local != NULL)
    write_local (contact, xml);
  else
    exchange (contact, xml, length, on_inventory_answered);
}

static void
on_scanned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsContact *contact = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) neighbours = ocs_scan_finish (result, &error);
  g_autoptr (OcsInventory) inventory = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* the contact has gone */
  if (neighbours == NULL)
    ocs_journal_say (G_LOG_LEVEL_MESSAGE, NULL, error, "%s", error->message);
  else
    g_message ("%u neighbours found on the network %s", neighbours->len, contact->scan_subnet);
  inventory = g_steal_pointer (&contact->inventory);
  send_inventory (contact, inventory, neighbours);
}

static void
on_collected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsContact *contact = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (OcsInventory) inventory = ocs_gather_finish (result, &error);

  if (failed (contact, error))
    return;
  for (guint i = 0; i < ocs_inventory_notes (inventory)->len; i++) {
    const OcsNote *note = ocs_inventory_notes (inventory)->pdata[i];

    g_info ("%s: %s", note->section, note->why);
  }
  if (contact->scan_subnet == NULL) {
    send_inventory (contact, inventory, NULL);
    return;
  }
  contact->inventory = g_steal_pointer (&inventory);
  ocs_scan_async (contact->site, contact->inventory, contact->scan_subnet, contact->scan_latency, contact->cancellable, on_scanned,
                  contact);
}

static void
collect (OcsContact *contact)
{
  contact->phase = PHASE_INVENTORY;
  contact->callbacks->progress (contact, OCS_JOB_COLLECTING, contact->user_data);
  ocs_gather_async (contact->site, FALSE, contact->cancellable, on_collected, contact);
}

static void
on_prolog_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  OcsContact *contact = user_data;
  g_autoptr (OcsReply) reply = take_reply (contact, result);

  if (reply == NULL)
    return;
  if (reply->problems != NULL)
    g_warning ("of the server's answer was left out: %s", reply->problems);
  contact->scan_subnet = g_strdup (reply->scan_subnet);
  contact->scan_latency = reply->scan_latency;
  contact->callbacks->prolog (contact, reply, contact->user_data);
  if (!reply->switched_off && (reply->wants_inventory || contact->want_inventory))
    collect (contact);
  else
    finish (contact, NULL);
}

static void
ask (OcsContact *contact)
{
  char *xml = ocs_request_prolog (contact->site->ledger->identity->deviceid);

  exchange (contact, xml, strlen (xml), on_prolog_answered);
}

OcsContact *
ocs_contact_new (const OcsContactPlan *plan, const OcsContactCallbacks *callbacks, gpointer user_data)
{
  OcsContact *contact = g_new0 (OcsContact, 1);

  contact->site = plan->site;
  contact->account = g_ptr_array_ref (plan->account);
  contact->history = g_ptr_array_ref (plan->history);
  contact->want_inventory = plan->want_inventory;
  contact->cancellable = g_cancellable_new ();
  contact->callbacks = callbacks;
  contact->user_data = user_data;
  if (plan->site->setup->settings->local != NULL)
    collect (contact);
  else
    ask (contact);
  return contact;
}

/* Callbacks of what is under way still come, with CANCELLED, and must not touch the contact: failed() sees to that before anything else. */
void
ocs_contact_free (OcsContact *contact)
{
  if (contact == NULL)
    return;
  g_cancellable_cancel (contact->cancellable);
  g_object_unref (contact->cancellable);
  g_ptr_array_unref (contact->account);
  g_ptr_array_unref (contact->history);
  ocs_inventory_free (contact->inventory);
  g_free (contact->scan_subnet);
  g_clear_pointer (&contact->digests, g_hash_table_unref);
  g_clear_pointer (&contact->outline, json_object_unref);
  g_free (contact);
}

gboolean
ocs_contact_want_inventory (OcsContact *contact)
{
  if (contact->phase == PHASE_PROLOG)
    contact->want_inventory = TRUE;
  return contact->phase == PHASE_PROLOG || contact->phase == PHASE_INVENTORY;
}

gboolean
ocs_contact_has_sent (const OcsContact *contact)
{
  return contact->sent;
}
