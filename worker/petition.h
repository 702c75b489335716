/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people have asked for and what came of it. Each request has a serial: it is over when the outcome has it. */
#pragma once
#include "worker/ledger.h"

typedef enum { OCS_ASKED_STARTED, OCS_ASKED_JOINED, OCS_ASKED_RECENT, OCS_ASKED_QUEUED } OcsAsked;

typedef struct _OcsPetition OcsPetition;

/* ledger: borrowed: outlives us. */
OcsPetition *ocs_petition_new (OcsLedger *ledger);
void ocs_petition_free (OcsPetition *petition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsPetition, ocs_petition_free)

/* Somebody wants a contact; returns the serial. */
gint64 ocs_petition_contact (OcsPetition *petition);
/* Somebody wants the inventory sent: it is queued, through restarts. TRUE where it was not yet. Returns the serial. */
gint64 ocs_petition_inventory (OcsPetition *petition, gboolean *first);
/* Where the inventory has been sent a moment ago, that is the answer: its serial, else 0. */
gint64 ocs_petition_recent (OcsPetition *petition);

gboolean ocs_petition_is_open (const OcsPetition *petition);
gboolean ocs_petition_wants_inventory (const OcsPetition *petition);

/* A contact is over. failure: nullable. An inventory that found no way to the server (away) stays queued under its serial. */
void ocs_petition_settle (OcsPetition *petition, gboolean sent, const OcsReason *failure, gboolean away);
