/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The worker's calls to its couriers. Each runs in a thread of its own with immutable input; the couriers' answers are data of strangers
 * and are read as such. A route holds the secrets of one call and is dropped with it. */
#pragma once
#include "ipc/status.h"
#include "worker/io/landing.h"
#include "worker/io/scout.h"
#include <gio/gio.h>

/* Seconds. The courier has shorter limits of its own; this one is for a courier that hangs. */
#define OCS_DISPATCH_SILENCE_MAX 900

typedef struct _OcsDispatch OcsDispatch;

/* Sockets of the two instances. */
OcsDispatch *ocs_dispatch_new (const char *control_path, const char *bulk_path);
void ocs_dispatch_free (OcsDispatch *dispatch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsDispatch, ocs_dispatch_free)

/* What the calls have learnt of the ways; borrowed. A route with a plan (ocs_setup_route()) is tried by them, see trip.h. */
OcsScout *ocs_dispatch_scout (OcsDispatch *dispatch);
const char *ocs_dispatch_bulk (const OcsDispatch *dispatch); /* borrowed; the socket */

/* Posts xml to url. The result is the Reply of org.ocscompanion.Courier, or {} where the server had nothing to say. route: transfer full.
 */
void ocs_dispatch_exchange_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GBytes *xml, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
JsonObject *ocs_dispatch_exchange_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fetches an info file. The result is its attributes, string → string, transfer full. */
void ocs_dispatch_describe_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
GHashTable *ocs_dispatch_describe_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The words for the question of the TAG. text: transfer full, NULL where the server has none. */
void ocs_dispatch_label_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean ocs_dispatch_label_finish (GAsyncResult *result, char **text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fetches the signature of a package. The result is the file in base64, transfer full. */
void ocs_dispatch_attest_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data);
char *ocs_dispatch_attest_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How a request for url goes, for the diagnosis: by the control courier with the server's login, or as a fragment would. fresh: by a
 * connection of its own. The result is a Course of org.ocscompanion.Courier, also where it failed, of the first way that was tried; of the
 * one that worked where a later one did, and then "before" is the Course of the first. transfer full. */
void ocs_dispatch_diagnose_async (OcsDispatch *dispatch, gboolean control, JsonObject *route, const char *url, gboolean fresh,
                                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
JsonObject *ocs_dispatch_diagnose_finish (GAsyncResult *result, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#define OCS_PROXY_NAME_MAX 272 /* "host:port" */

typedef struct {
  gboolean held;
  int status;      /* of the answer; 0 where nobody was asked */
  gboolean coming; /* not held, but being fetched for somebody else */
  OcsVerdict verdict;
  char proxy[OCS_PROXY_NAME_MAX];
} OcsProbed;

/* Asks the proxy whether it holds url; not a byte of the object crosses the WAN. */
void ocs_dispatch_probe_async (OcsDispatch *dispatch, JsonObject *route, const char *url, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
gboolean ocs_dispatch_probe_finish (GAsyncResult *result, OcsProbed *probed, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  OcsVerdict verdict;
  gint64 bytes;                   /* that came just now */
  gint64 size;                    /* of the whole */
  gboolean sound;                 /* see ocs_landing_is_sound() */
  char proxy[OCS_PROXY_NAME_MAX]; /* that they came through, "" without one */
} OcsFetched;

/* What a trailer says of an object of size bytes: what it counts can be no more than what came. fetched: zero. */
void ocs_fetched_read (OcsFetched *fetched, JsonObject *trailer, gint64 size);

typedef enum {
  OCS_FETCH_RESUME,  /* goes on from what is there of an earlier fetch */
  OCS_FETCH_WHOLE,   /* from its start, so that a cache gets the whole object */
  OCS_FETCH_REFRESH, /* the same, past the cache, which then holds the new copy */
} OcsFetchMode;

/* Fetches url into path, see landing.h. */
void ocs_dispatch_fetch_async (OcsDispatch *dispatch, JsonObject *route, const char *url, const char *path, OcsFetchMode mode,
                               const OcsLandingPlan *plan, OcsProgress *progress, GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean ocs_dispatch_fetch_finish (GAsyncResult *result, OcsFetched *fetched, GError **error) G_GNUC_WARN_UNUSED_RESULT;
