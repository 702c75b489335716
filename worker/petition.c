/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-petition"
#include "worker/petition.h"
#include "worker/io/clock.h"

/* "Send inventory now" within this many seconds of a success shows that success. */
#define RECENT 600

struct _OcsPetition {
  OcsLedger *ledger; /* borrowed: outlives us; has what outlives the worker */
  gint64 asked;      /* serial that the next contact to end answers, 0 where nobody asked */
};

OcsPetition *
ocs_petition_new (OcsLedger *ledger)
{
  OcsPetition *petition = g_new0 (OcsPetition, 1);

  petition->ledger = ledger;
  return petition;
}

void
ocs_petition_free (OcsPetition *petition)
{
  g_free (petition);
}

gint64
ocs_petition_contact (OcsPetition *petition)
{
  if (petition->asked == 0)
    petition->asked = ++petition->ledger->serial;
  return petition->asked;
}

gint64
ocs_petition_inventory (OcsPetition *petition, gboolean *first)
{
  OcsLedger *ledger = petition->ledger;

  *first = ledger->queued == 0;
  if (*first) {
    ledger->queued = petition->asked > 0 ? petition->asked : ++ledger->serial;
    ocs_ledger_save_contacts (ledger);
  }
  return ledger->queued;
}

gint64
ocs_petition_recent (OcsPetition *petition)
{
  OcsLedger *ledger = petition->ledger;
  gint64 age = ocs_clock_now () - ledger->last_inventory;

  if (ledger->last_inventory <= 0 || age < 0 || age >= RECENT)
    return 0;
  ocs_outcome_free (ledger->outcome);
  ledger->outcome = ocs_outcome_new (++ledger->serial, ledger->last_inventory, OCS_OUTCOME_SENT, NULL);
  return ledger->serial;
}

gboolean
ocs_petition_is_open (const OcsPetition *petition)
{
  return petition->asked > 0 || petition->ledger->queued > 0;
}

gboolean
ocs_petition_wants_inventory (const OcsPetition *petition)
{
  return petition->ledger->queued > 0;
}

void
ocs_petition_settle (OcsPetition *petition, gboolean sent, const OcsReason *failure, gboolean away)
{
  OcsLedger *ledger = petition->ledger;
  OcsOutcomeKind kind = sent ? OCS_OUTCOME_SENT : OCS_OUTCOME_CONTACTED;

  if (failure != NULL)
    kind = ledger->queued > 0 && away ? OCS_OUTCOME_QUEUED : OCS_OUTCOME_FAILED;
  else if (ledger->switched_off)
    kind = OCS_OUTCOME_SWITCHED_OFF;
  ocs_ledger_record (ledger, ocs_outcome_new (petition->asked, ocs_clock_now (), kind, failure));
  if (!ocs_petition_is_open (petition))
    return;
  ocs_outcome_free (ledger->outcome);
  ledger->outcome = ocs_outcome_new (MAX (petition->asked, ledger->queued), ocs_clock_now (), kind, failure);
  if (kind != OCS_OUTCOME_QUEUED)
    ledger->queued = 0;
  petition->asked = 0;
}
