/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fragments ID-1 … ID-N of a package, read as one seekable stream; one descriptor and one buffer, whatever N. */
#pragma once
#include "worker/io/hasher.h"

typedef struct _OcsFragments OcsFragments;

/* folder: an open folder, borrowed: must outlive the fragments. OCS_ERROR_NOT_FOUND (names the fragment) where one is absent or no
 * regular file. */
OcsFragments *ocs_fragments_open (int folder, const char *id, guint count, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_fragments_free (OcsFragments *fragments);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsFragments, ocs_fragments_free)

/* Feeds hasher (borrowed: must outlive the fragments) all bytes once and in their order, as they are read: what is used is what is hashed.
 * Bytes that are read out of order are fed when their turn comes. */
void ocs_fragments_watch (OcsFragments *fragments, OcsHasher *hasher);
/* Feeds it what nobody has read. FALSE with errno. */
gboolean ocs_fragments_watch_rest (OcsFragments *fragments) G_GNUC_WARN_UNUSED_RESULT;

/* In bytes. */
gint64 ocs_fragments_size (OcsFragments *fragments);
/* The next bytes (borrowed until the next call), 0 at the end, -1 with errno. */
gssize ocs_fragments_read (OcsFragments *fragments, const void **bytes);
/* position: bytes from the start, 0 … size. FALSE where it is neither. */
gboolean ocs_fragments_seek (OcsFragments *fragments, gint64 position);
gint64 ocs_fragments_tell (OcsFragments *fragments);
