/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One HTTP request over a route, and what came of it. Redirects are not followed, no environment variable is looked at, a login goes
 * to whom it belongs only: the proxy's to the proxy, the server's to the OCS server. */
#pragma once
#include "worker/courier/head.h"
#include "worker/courier/net.h"
#include "worker/courier/options.h"
#include <json-glib/json-glib.h>

typedef struct _OcsTransfer OcsTransfer;

typedef enum {
  OCS_TAKE_ALL,
  OCS_TAKE_LATER, /* nothing was taken; the same bytes come again after ocs_transfer_resume() */
  OCS_TAKE_STOP,  /* ends the transfer: done follows with an error */
} OcsTake;

typedef struct {
  /* nullable: the body is then kept. Called for an answer 200 or 206 only; its header is in by then. */
  OcsTake (*data) (OcsTransfer *transfer, const guint8 *bytes, gsize length, gpointer user_data);
  /* error: borrowed, NULL where all went well. Comes once, from the main loop; transfer must be freed by or after it. */
  void (*done) (OcsTransfer *transfer, const GError *error, gpointer user_data);
} OcsTransferCallbacks;

/* callbacks: borrowed: static. OCS_ERROR_INVALID_DATA for a URL or a header that is odd, OCS_ERROR_TLS without any authority. */
OcsTransfer *ocs_transfer_new (OcsNet *net, const OcsOptions *request, const OcsTransferCallbacks *callbacks, gpointer user_data,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Cancels what still runs; done is not called any more. */
void ocs_transfer_free (OcsTransfer *transfer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTransfer, ocs_transfer_free)

void ocs_transfer_resume (OcsTransfer *transfer);
const OcsHead *ocs_transfer_head (OcsTransfer *transfer); /* borrowed */
const char *ocs_transfer_server (OcsTransfer *transfer);  /* borrowed; "host:port" */
const char *ocs_transfer_proxy (OcsTransfer *transfer);   /* borrowed, nullable; "host:port" */
GByteArray *ocs_transfer_body (OcsTransfer *transfer);    /* borrowed; what was kept */
/* Milliseconds that the answer took to begin once all that the way needed was done. */
int ocs_transfer_waited (OcsTransfer *transfer);
/* The type Traffic of org.ocscompanion.Courier; transfer full. */
JsonObject *ocs_transfer_traffic (OcsTransfer *transfer);
/* The type Course of it, but for its traffic; transfer full. */
JsonObject *ocs_transfer_course (OcsTransfer *transfer);
/* Traffic of a request that was not made; transfer full. */
JsonObject *ocs_transfer_no_traffic (void);
