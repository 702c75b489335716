/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One call of a courier by the ways that its route allows: the best first, and the next where a proxy cannot be reached. Made and ended in
 * the main thread, run in the call's own. */
#pragma once
#include "worker/io/scout.h"
#include <gio/gio.h>

typedef struct _OcsTrip OcsTrip;

/* Takes "plan" off route, which may have none: then the route's proxy is the only way. bulk: socket of the courier that evaluates PAC
 * files. */
OcsTrip *ocs_trip_new (OcsScout *scout, const char *bulk, JsonObject *route, const char *url);
void ocs_trip_free (OcsTrip *trip);

/* One try, by the proxy that stands in the route then; NULL with an error where it fails. */
typedef gpointer (*OcsTripFunc) (gpointer data, GCancellable *cancellable, GError **error);
/* Blocks. Tries the ways one after the other until one works, or fails in a way that another one would not better. */
gpointer ocs_trip_run (OcsTrip *trip, JsonObject *route, OcsTripFunc func, gpointer data, GCancellable *cancellable,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What came of a try: the traffic in trailer is looked at; nullable. From the call's thread. */
void ocs_trip_note (OcsTrip *trip, JsonObject *trailer);

/* What the server says of the time is believed. trailer: of an answer that only the server can have given, since no cache keeps it. From
 * the call's thread. */
void ocs_trip_note_clock (OcsTrip *trip, JsonObject *trailer);

/* Tells the scout what was learnt. After ocs_trip_run(), from the main thread. */
void ocs_trip_end (OcsTrip *trip);
