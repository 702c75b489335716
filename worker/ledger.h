/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the worker remembers of its dealings with the server, kept on disk through the store. */
#pragma once
#include "ipc/status.h"
#include "worker/core/contacts.h"
#include "worker/core/identity.h"
#include "worker/core/metrics.h"
#include "worker/core/pair.h"
#include "worker/core/proxybook.h"
#include "worker/core/reply.h"
#include "worker/core/schedule.h"
#include "worker/core/settings.h"
#include "worker/core/tagging.h"
#include "worker/core/traffic.h"
#include "worker/io/store.h"

typedef struct {
  OcsStore *store;       /* borrowed: outlives us */
  OcsIdentity *identity; /* owned */
  GPtrArray *account;    /* owned; element-type OcsPair; as the server sent it */
  OcsTagging *tagging;   /* owned */
  GHashTable *accepted;  /* owned, nullable; section → digest of the last inventory that the server took */
  OcsSchedule schedule;
  OcsPacing pacing;
  gint64 last_inventory;
  gint64 serial;       /* of the newest contact that was asked for */
  gint64 queued;       /* serial of the inventory that waits for a way to the server, 0 for none */
  OcsOutcome *outcome; /* owned, nullable */
  GPtrArray *contacts; /* owned; element-type OcsOutcome, see contacts.h */
  gint64 from_cache;   /* package bytes in all */
  gint64 from_wan;
  OcsTally tally;
  OcsVerdict verdict;    /* of the newest fragment */
  OcsProxybook *proxies; /* owned */
  GArray *days;          /* owned; see traffic.h */
  char *held_url;        /* owned, nullable; what a proxy has last claimed to hold */
  gint64 counted;        /* when the counters were last kept */
  gboolean switched_off;
  char *boot;         /* owned, nullable; the id of this start of the machine */
  gint64 clock;       /* as ocs_scout_clock(); 0: not heard since this machine started */
  OcsReason *problem; /* owned, nullable; why the last write failed */
} OcsLedger;

/* root: where the machine is read, "/". Makes a DEVICEID where there is none, or where this state is a copy of another machine's.
 * Fails only where that cannot be kept. */
OcsLedger *ocs_ledger_load (OcsStore *store, const OcsSettings *settings, const char *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_ledger_free (OcsLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLedger, ocs_ledger_free)

/* Keep one part each. A failure (a full disk) is logged and stands in problem until the next success; what is in memory goes on counting.
 */
void ocs_ledger_save_contacts (OcsLedger *ledger);
/* outcome: transfer full; of a contact that is over. */
void ocs_ledger_record (OcsLedger *ledger, OcsOutcome *outcome);
void ocs_ledger_save_counters (OcsLedger *ledger);
/* A proxy has said that it holds what is at url: what comes shows whether that was true. */
void ocs_ledger_note_claim (OcsLedger *ledger, const char *url);
/* A fragment of size bytes has come from url (NULL: not as the cache gives it), bytes of it just now. proxy: the "host:port" it came
 * through, nullable. Kept now and then. */
void ocs_ledger_count_fragment (OcsLedger *ledger, const char *proxy, const char *url, OcsVerdict verdict, gint64 bytes, gint64 size);
/* account: nullable: as before. digests: what was sent. */
void ocs_ledger_accept (OcsLedger *ledger, GPtrArray *account, GHashTable *digests, gint64 now);

/* A contact has ended; kept with the counters. */
void ocs_ledger_count_contact (OcsLedger *ledger, gboolean failed, gboolean sent);

/* The server knows these addresses now. */
void ocs_ledger_accept_networks (OcsLedger *ledger, const char *digest);

/* Write what another agent knew, before a ledger is loaded. pairs: element-type OcsPair. */
gboolean ocs_ledger_write_account (OcsStore *store, const GPtrArray *pairs, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean ocs_ledger_write_identity (OcsStore *store, const OcsIdentity *identity, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void ocs_ledger_save_tagging (OcsLedger *ledger);
/* The TAG that the server has; transfer full, nullable. */
char *ocs_ledger_server_tag (const OcsLedger *ledger);
/* What the next inventory sends as ACCOUNTINFO: what the server has sent, with the TAG that was set here where the server has not had it
 * yet. transfer full, of OcsPair. */
GPtrArray *ocs_ledger_account_to_send (OcsLedger *ledger, const OcsSettings *settings);
