/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces go round: filled here, hashed there. The digest is the thread's from its start to its end. */
#define G_LOG_DOMAIN "ocs-hasher"
#include "worker/io/hasher.h"
#include <string.h>

#define PIECE_SIZE (256 * 1024)
#define PIECES 3

typedef struct {
  gsize length; /* 0 is the end */
  guint8 bytes[PIECE_SIZE];
} Piece;

struct _OcsHasher {
  OcsDigest *digest; /* owned */
  Piece *piece;      /* owned, nullable; being filled */
  guint n_pieces;
  GAsyncQueue *full;  /* owned; element-type Piece */
  GAsyncQueue *empty; /* owned; element-type Piece */
  GThread *thread;    /* owned, nullable: none for what fits into one piece, and where none can be started */
};

static gpointer
hash (gpointer data)
{
  OcsHasher *hasher = data;
  Piece *piece;

  while ((piece = g_async_queue_pop (hasher->full))->length > 0) {
    ocs_digest_update (hasher->digest, piece->bytes, piece->length);
    g_async_queue_push (hasher->empty, piece);
  }
  g_async_queue_push (hasher->empty, piece);
  return NULL;
}

OcsHasher *
ocs_hasher_new (OcsDigest *digest)
{
  OcsHasher *hasher = g_new0 (OcsHasher, 1);

  hasher->digest = digest;
  hasher->full = g_async_queue_new_full (g_free);
  hasher->empty = g_async_queue_new_full (g_free);
  return hasher;
}

static Piece *
take_piece (OcsHasher *hasher)
{
  Piece *piece = g_async_queue_try_pop (hasher->empty);

  if (piece == NULL && hasher->n_pieces == PIECES)
    piece = g_async_queue_pop (hasher->empty);
  if (piece == NULL) {
    piece = g_new (Piece, 1);
    hasher->n_pieces++;
  }
  piece->length = 0;
  return piece;
}

static void
pass_on (OcsHasher *hasher)
{
  if (hasher->thread == NULL)
    hasher->thread = g_thread_try_new ("ocs-hasher", hash, hasher, NULL);
  if (hasher->thread != NULL) {
    g_async_queue_push (hasher->full, g_steal_pointer (&hasher->piece));
  } else {
    ocs_digest_update (hasher->digest, hasher->piece->bytes, hasher->piece->length);
    hasher->piece->length = 0;
  }
}

void
ocs_hasher_update (OcsHasher *hasher, const void *bytes, gsize length)
{
  const guint8 *start = bytes;

  while (length > 0) {
    gsize part;

    if (hasher->piece == NULL)
      hasher->piece = take_piece (hasher);
    part = MIN (length, PIECE_SIZE - hasher->piece->length);
    memcpy (hasher->piece->bytes + hasher->piece->length, start, part);
    hasher->piece->length += part;
    if (hasher->piece->length == PIECE_SIZE)
      pass_on (hasher);
    start += part;
    length -= part;
  }
}

static void
end_thread (OcsHasher *hasher)
{
  if (hasher->thread == NULL)
    return;
  g_async_queue_push (hasher->full, take_piece (hasher));
  g_thread_join (g_steal_pointer (&hasher->thread));
}

OcsDigest *
ocs_hasher_end (OcsHasher *hasher)
{
  OcsDigest *digest;

  end_thread (hasher);
  if (hasher->piece != NULL)
    ocs_digest_update (hasher->digest, hasher->piece->bytes, hasher->piece->length);
  digest = g_steal_pointer (&hasher->digest);
  ocs_hasher_free (hasher);
  return digest;
}

void
ocs_hasher_free (OcsHasher *hasher)
{
  if (hasher == NULL)
    return;
  end_thread (hasher);
  ocs_digest_free (hasher->digest);
  g_free (hasher->piece);
  g_async_queue_unref (hasher->full);
  g_async_queue_unref (hasher->empty);
  g_free (hasher);
}
