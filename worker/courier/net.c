/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-net"
#include "worker/courier/net.h"
#include "ipc/error.h"
#include <glib-unix.h>
#include <sys/socket.h>

#define CONNECTIONS_MAX 8
#define SPARES_MAX 4
/* Pieces; a socket holds no more. */
#define DRAIN_MAX 4096

/* All sockets of the multi hang on one source; its ready time is libcurl's timer. */
typedef struct {
  GSource source;
  OcsNet *net; /* borrowed: the net destroys its source */
} NetSource;

typedef struct {
  OcsNetFunc on_done;
  gpointer user_data;
} Entry;

typedef struct {
  char *key;  /* owned */
  CURL *easy; /* owned */
} Spare;

struct _OcsNet {
  CURLM *multi;
  CURLSH *share; /* TLS sessions */
  GSource *source;
  GHashTable *tags;    /* fd → tag of source */
  GHashTable *entries; /* CURL → Entry */
  OcsWitness *witness; /* owned */
  GPtrArray *spares;   /* element-type Spare; the oldest first */
};

static void
spare_free (Spare *spare)
{
  curl_easy_cleanup (spare->easy);
  g_free (spare->key);
  g_free (spare);
}

static int
on_multi_socket (CURL *easy, curl_socket_t fd, int what, void *user_data, void *socket_data)
{
  OcsNet *net = user_data;
  gpointer key = GINT_TO_POINTER (fd);
  gpointer tag = g_hash_table_lookup (net->tags, key);
  GIOCondition condition = G_IO_ERR | G_IO_HUP;

  if (what == CURL_POLL_REMOVE) {
    if (tag != NULL)
      g_source_remove_unix_fd (net->source, tag);
    g_hash_table_remove (net->tags, key);
    return 0;
  }
  if (what != CURL_POLL_OUT)
    condition |= G_IO_IN;
  if (what != CURL_POLL_IN)
    condition |= G_IO_OUT;
  if (tag != NULL)
    g_source_modify_unix_fd (net->source, tag, condition);
  else
    g_hash_table_insert (net->tags, key, g_source_add_unix_fd (net->source, fd, condition));
  return 0;
}

static int
on_multi_timer (CURLM *multi, long timeout_ms, void *user_data)
{
  OcsNet *net = user_data;

  g_source_set_ready_time (net->source, timeout_ms < 0 ? -1 : g_get_monotonic_time () + timeout_ms * G_TIME_SPAN_MILLISECOND);
  return 0;
}

static gboolean
is_tls_record (guint8 type)
{
  return type >= 0x14 && type <= 0x17;
}

/* An answer that is longer than it says leaves bytes behind, which this libcurl would take for the answer to the next request. The
 * connection is made to look closed, so that it is not used again. TLS may have something to say at any time. */
static void
drop_excess (CURL *easy)
{
  curl_socket_t fd = CURL_SOCKET_BAD;
  guint8 bytes[4096];
  ssize_t n;

  if (curl_easy_getinfo (easy, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK || fd == CURL_SOCKET_BAD)
    return;
  n = recv (fd, bytes, 1, MSG_PEEK | MSG_DONTWAIT);
  if (n <= 0 || is_tls_record (bytes[0]))
    return;
  g_message ("an answer was longer than it said: what came after it is dropped, with its connection");
  shutdown (fd, SHUT_RDWR);
  for (int pieces = 0; n > 0 && pieces < DRAIN_MAX; pieces++)
    n = recv (fd, bytes, sizeof bytes, MSG_DONTWAIT);
}

/* Ends what libcurl says is over. A callback may start and remove others. */
static void
net_collect (OcsNet *net)
{
  CURLMsg *message;
  int left;

  while ((message = curl_multi_info_read (net->multi, &left)) != NULL) {
    CURL *easy = message->easy_handle;
    CURLcode code = message->data.result;
    Entry *entry = g_hash_table_lookup (net->entries, easy);
    Entry copy;

    if (message->msg != CURLMSG_DONE || entry == NULL)
      continue;
    copy = *entry;
    drop_excess (easy);
    ocs_net_remove (net, easy);
    copy.on_done (easy, code, copy.user_data);
  }
}

static int
action_from_condition (GIOCondition condition)
{
  int action = 0;

  if (condition & (G_IO_IN | G_IO_HUP))
    action |= CURL_CSELECT_IN;
  if (condition & G_IO_OUT)
    action |= CURL_CSELECT_OUT;
  if (condition & G_IO_ERR)
    action |= CURL_CSELECT_ERR;
  return action;
}

static void
net_run_sockets (OcsNet *net)
{
  g_autoptr (GArray) fds = g_array_new (FALSE, FALSE, sizeof (int));
  GHashTableIter iter;
  gpointer key;
  int running;

  /* First who, then what: acting on one may add and remove others. */
  g_hash_table_iter_init (&iter, net->tags);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    int fd = GPOINTER_TO_INT (key);

    g_array_append_val (fds, fd);
  }
  for (guint i = 0; i < fds->len; i++) {
    int fd = g_array_index (fds, int, i);
    gpointer tag = g_hash_table_lookup (net->tags, GINT_TO_POINTER (fd));
    GIOCondition condition = tag != NULL ? g_source_query_unix_fd (net->source, tag) : 0;

    if (condition != 0)
      curl_multi_socket_action (net->multi, fd, action_from_condition (condition), &running);
  }
}

static gboolean
net_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  OcsNet *net = ((NetSource *)source)->net;
  gint64 ready = g_source_get_ready_time (source);
  int running;

  net_run_sockets (net);
  if (ready >= 0 && ready <= g_get_monotonic_time ()) {
    if (g_source_get_ready_time (source) == ready)
      g_source_set_ready_time (source, -1);
    curl_multi_socket_action (net->multi, CURL_SOCKET_TIMEOUT, 0, &running);
  }
  net_collect (net);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs net_source_funcs = {.dispatch = net_source_dispatch};

OcsNet *
ocs_net_new (void)
{
  OcsNet *net = g_new0 (OcsNet, 1);

  net->tags = g_hash_table_new (NULL, NULL);
  net->entries = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  net->witness = ocs_witness_new ();
  net->spares = g_ptr_array_new_with_free_func ((GDestroyNotify)spare_free);
  net->source = g_source_new (&net_source_funcs, sizeof (NetSource));
  ((NetSource *)net->source)->net = net;
  g_source_set_name (net->source, "ocs-net");
  g_source_attach (net->source, NULL);
  net->share = curl_share_init ();
  curl_share_setopt (net->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  net->multi = curl_multi_init ();
  curl_multi_setopt (net->multi, CURLMOPT_SOCKETFUNCTION, on_multi_socket);
  curl_multi_setopt (net->multi, CURLMOPT_SOCKETDATA, net);
  curl_multi_setopt (net->multi, CURLMOPT_TIMERFUNCTION, on_multi_timer);
  curl_multi_setopt (net->multi, CURLMOPT_TIMERDATA, net);
  curl_multi_setopt (net->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
  curl_multi_setopt (net->multi, CURLMOPT_MAXCONNECTS, (long)CONNECTIONS_MAX);
  return net;
}

void
ocs_net_free (OcsNet *net)
{
  if (net == NULL)
    return;
  g_ptr_array_unref (net->spares);
  curl_multi_cleanup (net->multi);
  ocs_witness_free (net->witness);
  curl_share_cleanup (net->share);
  g_source_destroy (net->source);
  g_source_unref (net->source);
  g_hash_table_unref (net->entries);
  g_hash_table_unref (net->tags);
  g_free (net);
}

gboolean
ocs_net_add (OcsNet *net, CURL *easy, OcsNetFunc on_done, gpointer user_data, GError **error)
{
  Entry *entry = g_new0 (Entry, 1);
  CURLMcode code;

  entry->on_done = on_done;
  entry->user_data = user_data;
  curl_easy_setopt (easy, CURLOPT_SHARE, net->share);
  g_hash_table_insert (net->entries, easy, entry);
  code = curl_multi_add_handle (net->multi, easy);
  if (code == CURLM_OK)
    return TRUE;
  g_hash_table_remove (net->entries, easy);
  g_set_error (error, OCS_ERROR, OCS_ERROR_FAILED, "the transfer cannot be started: %s", curl_multi_strerror (code));
  return FALSE;
}

void
ocs_net_remove (OcsNet *net, CURL *easy)
{
  if (g_hash_table_remove (net->entries, easy))
    curl_multi_remove_handle (net->multi, easy);
}

OcsWitness *
ocs_net_witness (OcsNet *net)
{
  return net->witness;
}

CURL *
ocs_net_take (OcsNet *net, const char *key)
{
  for (guint i = 0; key != NULL && i < net->spares->len; i++) {
    Spare *spare = g_ptr_array_index (net->spares, i);
    CURL *easy = spare->easy;

    if (g_strcmp0 (spare->key, key) != 0)
      continue;
    spare->easy = NULL;
    g_ptr_array_remove_index (net->spares, i);
    return easy;
  }
  return curl_easy_init ();
}

void
ocs_net_give (OcsNet *net, const char *key, CURL *easy)
{
  Spare *spare;

  if (key == NULL) {
    curl_easy_cleanup (easy);
    return;
  }
  spare = g_new0 (Spare, 1);
  spare->key = g_strdup (key);
  spare->easy = easy;
  g_ptr_array_add (net->spares, spare);
  if (net->spares->len > SPARES_MAX)
    g_ptr_array_remove_index (net->spares, 0);
}
