/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One contact with the server: PROLOG, and the inventory where the server or somebody here wants it. Where Local= names a folder, the
 * inventory is written there instead and nobody is spoken to. It changes nothing by itself:
 * what it brought is in the result, and its owner keeps it. */
#pragma once
#include "worker/core/inventory.h"
#include "worker/core/reply.h"
#include "worker/site.h"

typedef struct _OcsContact OcsContact;

typedef struct {
  void (*progress) (OcsContact *contact, OcsJobKind kind, gpointer user_data);
  /* The server has answered the PROLOG; the contact goes on. */
  void (*prolog) (OcsContact *contact, const OcsReply *reply, gpointer user_data);
  /* The server has taken the inventory. account: nullable. */
  void (*inventory) (OcsContact *contact, GPtrArray *account, GHashTable *digests, gpointer user_data);
  /* The end; error: NULL where all went well. contact may be freed here. */
  void (*done) (OcsContact *contact, const GError *error, gpointer user_data);
} OcsContactCallbacks;

typedef struct {
  OcsSite *site;      /* must outlive the contact, its setup too */
  GPtrArray *account; /* element-type OcsPair; referenced */
  GPtrArray *history; /* element-type char*; referenced */
  gboolean want_inventory;
} OcsContactPlan;

/* Starts. callbacks: borrowed: static. */
OcsContact *ocs_contact_new (const OcsContactPlan *plan, const OcsContactCallbacks *callbacks, gpointer user_data);
/* Cancels what is under way; nothing is called back any more. */
void ocs_contact_free (OcsContact *contact);
/* Sends the inventory in this contact too. FALSE where it is too late for that. */
gboolean ocs_contact_want_inventory (OcsContact *contact);
/* Whether the server has the inventory by now. */
gboolean ocs_contact_has_sent (const OcsContact *contact);
