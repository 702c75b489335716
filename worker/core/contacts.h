/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the newest contacts with the server ended, for people and for whoever helps them. Pure. */
#pragma once
#include "ipc/status.h"

#define OCS_CONTACTS_MAX 100

/* Element-type OcsOutcome, the newest last. Transfer full. */
GPtrArray *ocs_contacts_new (void);
/* outcome: transfer full; its serial is 0 where nobody asked for the contact. The oldest goes where there are too many. */
void ocs_contacts_add (GPtrArray *contacts, OcsOutcome *outcome);

/* {"contacts": [...]}. Transfer full. */
JsonObject *ocs_contacts_to_json (const GPtrArray *contacts);
/* Tolerant: what is no object is passed over, of too many the newest stay. Transfer full. */
GPtrArray *ocs_contacts_from_json (JsonObject *object);
