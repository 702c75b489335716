/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A method that streams, asked in a thread: each of its replies reaches the main loop, the end too. */
#pragma once
#include <gio/gio.h>
#include <json-glib/json-glib.h>

typedef struct _OcsFeed OcsFeed;

/* reply: borrowed. May free the feed. */
typedef void (*OcsFeedFunc) (OcsFeed *feed, JsonObject *reply, gpointer user_data);
/* error: nullable: the worker has ended it. Called once, unless the feed is freed before. May free the feed. */
typedef void (*OcsFeedEndFunc) (OcsFeed *feed, const GError *error, gpointer user_data);

/* socket: the worker's. method: unqualified. parameters: transfer full, nullable. silence: seconds without a byte that are too long, 0 for
 * none. */
OcsFeed *ocs_feed_new (const char *socket, const char *method, JsonObject *parameters, guint silence, OcsFeedFunc on_reply,
                       OcsFeedEndFunc on_end, gpointer user_data);
/* Hangs up; nothing is called any more. */
void ocs_feed_free (OcsFeed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsFeed, ocs_feed_free)
