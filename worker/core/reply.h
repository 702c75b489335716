/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the server answered, from the courier's Reply: every number in range, every package checked. Pure. */
#pragma once
#include "worker/core/offer.h"
#include "worker/core/pair.h"

/* PARAM of TYPE CONF; where a value is missing or odd, the default of the server's database counts. */
typedef struct {
  gboolean on;
  gint64 frag_latency;              /* seconds after a fragment */
  gint64 cycle_latency;             /* seconds after a cycle */
  gint64 period_latency;            /* seconds after a period */
  gint64 period_length;             /* cycles in a period */
  gint64 timeout_days;              /* from offer to run */
  gint64 execution_timeout_minutes; /* of a package's command */
} OcsPacing;

/* on is FALSE, the rest as above. */
void ocs_pacing_init (OcsPacing *pacing);
JsonObject *ocs_pacing_to_json (const OcsPacing *pacing);
void ocs_pacing_from_json (OcsPacing *pacing, JsonObject *object); /* tolerant */

typedef struct {
  char *response;           /* owned; SEND, STOP, NO_ACCOUNT_UPDATE, ACCOUNT_UPDATE … */
  gboolean wants_inventory; /* SEND */
  gboolean switched_off;    /* STOP without any OPTION: FREQUENCY -1, the administrator wants nothing from this machine */
  gint64 prolog_freq;       /* hours; 0 where the reply has none */
  int inventory_on_startup; /* 0, 1, or -1 where the reply has none */
  gboolean has_download;    /* an OPTION named DOWNLOAD was there: offers are all that the server offers now */
  OcsPacing pacing;
  char *scan_subnet;   /* owned, nullable; IPDISCOVER: the network that this machine is to look at */
  gint64 scan_latency; /* milliseconds between two addresses, as the server says it */
  GPtrArray *offers;   /* owned; element-type OcsOffer; no id twice */
  GPtrArray *account;  /* owned; element-type OcsPair */
  char *problems;      /* owned, nullable; what was left out and why, "; " between */
} OcsReply;

/* object: type Reply of org.ocscompanion.Courier. OCS_ERROR_BAD_REPLY where it has no RESPONSE. */
OcsReply *ocs_reply_from_json (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_reply_free (OcsReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsReply, ocs_reply_free)
