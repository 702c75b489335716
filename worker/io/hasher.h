/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A digest that is taken beside whoever reads or writes the bytes, in a thread of its own where they are many: at the pace of a disk
 * cache, hashing is as slow as all the rest. For threads and programs that may wait, never for a main loop. */
#pragma once
#include "worker/core/digest.h"

typedef struct _OcsHasher OcsHasher;

/* digest: transfer full. */
OcsHasher *ocs_hasher_new (OcsDigest *digest);
void ocs_hasher_free (OcsHasher *hasher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsHasher, ocs_hasher_free)

/* bytes are copied, length in bytes. Waits for the thread where it is more than 512 KiB behind. */
void ocs_hasher_update (OcsHasher *hasher, const void *bytes, gsize length);
/* Frees hasher and returns its digest of all bytes; transfer full. */
OcsDigest *ocs_hasher_end (OcsHasher *hasher) G_GNUC_WARN_UNUSED_RESULT;
