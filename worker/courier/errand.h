/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call from the worker while it is served: from the call to its transfer to the answer. When the worker goes, all of it goes. */
#pragma once
#include "ipc/server.h"
#include "worker/core/hours.h"
#include "worker/courier/bucket.h"
#include "worker/courier/ticket.h"
#include "worker/courier/transfer.h"
#include "worker/courier/zip.h"

/* All that is under way in this process. */
typedef struct {
  OcsNet *net;         /* owned */
  OcsTickets *tickets; /* owned */
  GHashTable *live;    /* owned; set of OcsErrand */
  OcsBucket bucket;    /* of all that crosses the line */
  GStrv lacking;       /* owned, nullable; what this kernel does not hold of our cage */
} OcsErrands;

typedef struct {
  OcsErrands *errands;                   /* borrowed: frees its errands */
  OcsCall *call;                         /* owned until it is ended; then NULL */
  GSource *watch;                        /* owned, nullable; for call's cancellable */
  OcsPipe *pipe;                         /* owned, nullable; after the upgrade */
  OcsTransfer *transfer;                 /* owned, nullable */
  OcsRoute *route;                       /* owned; until the last transfer has begun */
  char *url;                             /* owned */
  char *user_agent;                      /* owned */
  GError *failure;                       /* owned, nullable; what went wrong on our side */
  OcsZip *zip;                           /* owned, nullable; Exchange */
  gint64 offset;                         /* Fetch; what is asked for */
  char *validator;                       /* owned, nullable; Fetch */
  gboolean refresh;                      /* Fetch */
  gboolean held;                         /* Fetch: of a cache or not at all */
  GQueue also;                           /* owned; element-type char*; Fetch: what is fetched after it */
  gboolean begun;                        /* Fetch: bytes of this object have come */
  gint64 bandwidth;                      /* Fetch; bytes a second, 0 for no limit */
  gint64 bandwidth_other;                /* Fetch; the same outside hours */
  OcsHours *hours;                       /* owned, nullable: always; Fetch: when that counts */
  guint pacing;                          /* Fetch: the transfer is paused for the limit's sake */
  GCancellable *ticket;                  /* owned, nullable; while a ticket for the proxy is fetched, before the transfer */
  OcsOptions later;                      /* what to start then; its headers and post are owned */
  const OcsTransferCallbacks *callbacks; /* borrowed: static; the same */
  JsonObject *search;                    /* owned, nullable; FindProxy: the call's parameters */
  GStrv wanted;                          /* owned, nullable; FindProxy: where to look */
  guint n_tried;                         /* FindProxy: of wanted */
  gboolean waiting;                      /* Fetch: the transfer is paused until the pipe drains */
} OcsErrand;

OcsErrands *ocs_errands_new (void);
/* Cancels all. */
void ocs_errands_free (OcsErrands *errands);

/* Takes call and reads route, url and user_agent. NULL where they are odd: the call is then answered. */
OcsErrand *ocs_errand_new (OcsErrands *errands, OcsCall *call, JsonObject *parameters);
/* Starts the transfer, with a Kerberos ticket for the proxy where the route asks for one; a failure ends the errand. callbacks get errand
 * as user_data. */
void ocs_errand_start (OcsErrand *errand, OcsOptions *request, const OcsTransferCallbacks *callbacks);
/* Before the start: whether only-if-cached asks anybody. FALSE where nobody between here and the server could hold it: the server itself
 * would answer 200. */
gboolean ocs_errand_may_ask_cache (const OcsErrand *errand);
/* Ends an object, not the last one, whose transfer is over; the pipe goes on. */
void ocs_errand_end_part (OcsErrand *errand);
/* FALSE where the worker has gone; errand still stands then. reply: transfer full, nullable. */
gboolean ocs_errand_upgrade (OcsErrand *errand, JsonObject *reply, const OcsPipeCallbacks *callbacks) G_GNUC_WARN_UNUSED_RESULT;

/* These three end the errand and free it. */
void ocs_errand_reply (OcsErrand *errand, JsonObject *reply);
/* Answers the call, or ends the pipe with a trailer. */
void ocs_errand_fail (OcsErrand *errand, const GError *error);
/* reply: transfer full, nullable; a member of the trailer beside traffic. */
void ocs_errand_finish (OcsErrand *errand, JsonObject *reply);

/* Without an answer. Not from within the callback data of its transfer. */
void ocs_errand_free (OcsErrand *errand);
