/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server's PROLOG reply says of one package (PARAM of TYPE PACK; OCSInventory-Server Capacities/Download.pm). Pure. */
#pragma once
#include <glib.h>
#include <json-glib/json-glib.h>

typedef struct {
  char *id;        /* owned; ocs_url_id_is_valid() */
  char *info_loc;  /* owned; host[:port]/path, checked */
  char *pack_loc;  /* owned; the same, or empty for a package without fragments */
  char *schedule;  /* owned, never NULL; "YYYY/MM/DD hh:mm" or empty, not checked */
  char *postcmd;   /* owned, never NULL; REBOOT, SHUTDOWN, a command line, or empty */
  char *cert_path; /* owned, never NULL; kept, but no agent has ever used it */
  char *cert_file; /* owned, never NULL; the same */
  gboolean force;  /* run again although the history has it */
} OcsOffer;

/* attributes: string → string, the PARAM's. OCS_ERROR_INVALID_DATA names the package and the attribute. */
OcsOffer *ocs_offer_from_attributes (GHashTable *attributes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
OcsOffer *ocs_offer_copy (const OcsOffer *offer); /* NULL for NULL */
void ocs_offer_free (OcsOffer *offer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsOffer, ocs_offer_free)

JsonObject *ocs_offer_to_json (const OcsOffer *offer);
/* Checks everything again: OCS_ERROR_INVALID_DATA. */
OcsOffer *ocs_offer_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
