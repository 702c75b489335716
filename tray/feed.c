/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-feed"
#include "tray/feed.h"

#include "ipc/names.h"
#include "ipc/wire.h"

/* Shared by the thread, what it has sent to the main loop, and the owner. */
typedef struct {
  OcsFeed *feed; /* borrowed: NULL once the owner has gone; touched by the main loop only */
  char *socket;  /* owned */
  char *method;  /* owned; qualified */
  JsonObject *parameters;
  guint silence;
  GCancellable *cancellable; /* owned */
} Shared;

struct _OcsFeed {
  Shared *shared; /* owned reference */
  OcsFeedFunc on_reply;
  OcsFeedEndFunc on_end;
  gpointer user_data; /* borrowed: the owner's */
};

typedef struct {
  Shared *shared;    /* owned reference */
  JsonObject *reply; /* owned, nullable: the end */
  GError *error;     /* owned, nullable */
} News;

static void
shared_clear (gpointer data)
{
  Shared *shared = data;

  g_free (shared->socket);
  g_free (shared->method);
  g_clear_pointer (&shared->parameters, json_object_unref);
  g_object_unref (shared->cancellable);
}

static void
shared_unref (Shared *shared)
{
  g_atomic_rc_box_release_full (shared, shared_clear);
}

static void
news_free (gpointer data)
{
  News *news = data;

  shared_unref (news->shared);
  g_clear_pointer (&news->reply, json_object_unref);
  g_clear_error (&news->error);
  g_free (news);
}

static gboolean
on_news (gpointer user_data)
{
  News *news = user_data;
  OcsFeed *feed = news->shared->feed;

  if (feed != NULL && news->reply != NULL)
    feed->on_reply (feed, news->reply, feed->user_data);
  else if (feed != NULL)
    feed->on_end (feed, news->error, feed->user_data);
  return G_SOURCE_REMOVE;
}

/* reply, error: transfer full, nullable. */
static void
tell (Shared *shared, JsonObject *reply, GError *error)
{
  News *news = g_new0 (News, 1);

  news->shared = g_atomic_rc_box_acquire (shared);
  news->reply = reply;
  news->error = error;
  g_idle_add_full (G_PRIORITY_DEFAULT, on_news, news, news_free);
}

static gpointer
run (gpointer data)
{
  Shared *shared = data;
  g_autoptr (GError) error = NULL;
  gboolean continues = TRUE;
  g_autoptr (OcsWire) wire = ocs_wire_open (shared->socket, shared->silence, shared->cancellable, &error);

  if (wire == NULL || !ocs_wire_send (wire, shared->method, g_steal_pointer (&shared->parameters), OCS_WIRE_MORE, &error))
    continues = FALSE;
  while (continues) {
    JsonObject *reply = ocs_wire_receive (wire, &continues, &error);

    if (reply == NULL)
      break;
    if (json_object_get_size (reply) > 0)
      tell (shared, reply, NULL);
    else
      json_object_unref (reply);
  }
  tell (shared, NULL, g_steal_pointer (&error));
  shared_unref (shared);
  return NULL;
}

OcsFeed *
ocs_feed_new (const char *socket, const char *method, JsonObject *parameters, guint silence, OcsFeedFunc on_reply, OcsFeedEndFunc on_end,
              gpointer user_data)
{
  OcsFeed *feed = g_new0 (OcsFeed, 1);
  Shared *shared = g_atomic_rc_box_new0 (Shared);

  shared->feed = feed;
  shared->socket = g_strdup (socket);
  shared->method = g_strconcat (OCS_WORKER_INTERFACE ".", method, NULL);
  shared->parameters = parameters;
  shared->silence = silence;
  shared->cancellable = g_cancellable_new ();
  feed->shared = shared;
  feed->on_reply = on_reply;
  feed->on_end = on_end;
  feed->user_data = user_data;
  g_thread_unref (g_thread_new ("ocs-feed", run, g_atomic_rc_box_acquire (shared)));
  return feed;
}

void
ocs_feed_free (OcsFeed *feed)
{
  if (feed == NULL)
    return;
  feed->shared->feed = NULL;
  g_cancellable_cancel (feed->shared->cancellable);
  shared_unref (feed->shared);
  g_free (feed);
}
