/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of a peer, and what a service must say of itself to get calls. For handlers; connection.c makes the calls. */
#pragma once
#include "ipc/peer.h"
#include "ipc/pipe.h"
#include <json-glib/json-glib.h>

typedef struct _OcsCall OcsCall;

/* The handler owns call and ends it exactly once: ocs_call_reply(), _fail() or _upgrade(), now or later.
 * parameters: borrowed until the handler returns, never NULL. A handler must not free the server. */
typedef void (*OcsMethodFunc) (OcsCall *call, JsonObject *parameters, gpointer user_data);

typedef struct {
  const char *name; /* "GetStatus"; must stand in the interface file */
  OcsMethodFunc func;
  gboolean needs_more;    /* ExpectedMore where the caller did not set it */
  gboolean needs_upgrade; /* refused with InvalidParameter where the caller did not set it */
} OcsMethod;

typedef struct {
  const char *interface;    /* borrowed: static */
  const char *description;  /* borrowed: static; text of the interface file */
  const OcsMethod *methods; /* borrowed: static; ends with a NULL name */
  gsize message_max;
  gboolean start_times;                                        /* of peers are read at accept: for who asks polkit about them */
  gboolean (*admit) (const OcsPeer *peer, gpointer user_data); /* nullable; FALSE closes at once */
  /* nullable; the table of rights. method: unqualified. FALSE with an OCS_ERROR answers the call. */
  gboolean (*authorize) (const OcsPeer *peer, const char *method, gpointer user_data, GError **error);
} OcsServerConfig;

const OcsPeer *ocs_call_peer (OcsCall *call);
const char *ocs_call_method (OcsCall *call); /* unqualified */
/* Cancelled when the peer closes its connection. borrowed: lives as long as the call. */
GCancellable *ocs_call_cancellable (OcsCall *call);
/* Ends the call. reply: transfer full, NULL for {}. Nothing is sent for a oneway call. */
void ocs_call_reply (OcsCall *call, JsonObject *reply);
/* A reply with "continues"; only for a call with more. Where the peer has not read the one before, it is replaced by this one.
 * FALSE once the peer has gone: then the handler must end the call. */
gboolean ocs_call_continue (OcsCall *call, JsonObject *reply);
/* For replies of which none may be lost: whether the peer has taken all so far, so that the next may be continued. */
gboolean ocs_call_is_taken (OcsCall *call);
/* ready is called from the main loop once that has become true again, also when the peer has gone (then ocs_call_continue() says so). */
void ocs_call_when_taken (OcsCall *call, void (*ready) (OcsCall *call, gpointer user_data), gpointer user_data);
void ocs_call_fail (OcsCall *call, const GError *error);
/* Ends the call with reply and hands the connection over. NULL where the peer has gone. */
OcsPipe *ocs_call_upgrade (OcsCall *call, JsonObject *reply);
