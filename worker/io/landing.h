/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the bytes of a fetched object land: in PATH.part, with what they belong to in PATH.validator unless it is small, and in PATH once
 * all are there.
 * Blocking, for the threads of dispatch. */
#pragma once
#include "worker/core/info.h"
#include "worker/io/progress.h"
#include "worker/io/space.h"

/* What is to come beside this object: others of about its size, and what all of them unpack to. */
typedef struct {
  gint64 missing; /* objects */
  gint64 all;     /* objects, this one included; 0 where nothing is unpacked */
  gint64 likely;  /* size of one where its head does not say it; 0 where nothing is known */
  OcsSpaceRules rules;
  const OcsInfo *whole; /* borrowed: outlives the landing; nullable: the object is all of that package */
} OcsLandingPlan;

typedef struct _OcsLanding OcsLanding;

/* progress: borrowed: outlives the landing. resume: FALSE drops what is there. */
OcsLanding *ocs_landing_open (const char *path, gboolean resume, OcsProgress *progress, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void ocs_landing_free (OcsLanding *landing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLanding, ocs_landing_free)

/* From where to go on, 0 for the start; only what its validator vouches for is kept. */
gint64 ocs_landing_offset (OcsLanding *landing);
const char *ocs_landing_validator (OcsLanding *landing); /* borrowed; NULL exactly where the offset is 0 */

/* What the head of the answer promises; size: of the whole, -1 where it is not known; validator: nullable. OCS_ERROR_BAD_REPLY for
 * another offset than was asked for, OCS_ERROR_NO_SPACE before a byte is written. */
gboolean ocs_landing_begin (OcsLanding *landing, gint64 offset, gint64 size, const char *validator, const OcsLandingPlan *plan,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An OcsWireSink; landing: an OcsLanding. OCS_ERROR_BAD_REPLY for a byte more than was promised, which drops all that came;
 * OCS_ERROR_NO_SPACE where the disk fills up meanwhile: looked at every 16 MiB, with or without a promise. */
gboolean ocs_landing_write (const guint8 *bytes, gsize length, gpointer landing, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All are there. */
gboolean ocs_landing_end (OcsLanding *landing, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* After the end: it came from its first byte to its last, and what was written has the digest of plan.whole. FALSE says nothing. */
gboolean ocs_landing_is_sound (const OcsLanding *landing);
/* What is there cannot be continued: the next fetch starts anew. */
void ocs_landing_drop (OcsLanding *landing);

/* Whether there is something to go on from. */
gboolean ocs_landing_has_part (const char *path);
