/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done about a package whose digest is wrong: which fragments are fetched again, how, and when the origin is to blame.
 *
 *   again   as ever, after a while: another machine may have healed the cache by then; only what came from the cache or looks odd
 *   past    past the cache, which then holds the new copy: the whole site is healed; once a day at most
 *   query   under a name that no cache holds yet: for a cache that keeps its wrong copy all the same
 *   direct  without the proxy, where that is allowed
 *
 * In each pass a fragment is compared with its copy before (by hashes, see worker/sums.h), and the digest is judged as soon as
 * something has changed, so that two bad of twenty do not cost twenty. The origin is wrong only where two of these ways bring the same
 * wrong bytes. Pure. */
#pragma once
#include "worker/core/parts.h"
#include <json-glib/json-glib.h>

typedef enum {
  OCS_HEAL_NONE, /* nothing is wrong so far */
  OCS_HEAL_AGAIN,
  OCS_HEAL_PAST,
  OCS_HEAL_QUERY,
  OCS_HEAL_DIRECT,
} OcsHealPass;
#define OCS_HEAL_N (OCS_HEAL_DIRECT + 1)

typedef struct {
  OcsHealPass pass;
  gint64 passed_at; /* when the newest pass past the cache began, 0 for never */
  gboolean waited;  /* the others had their chance to heal the cache */
  gboolean changed; /* some fragment of this pass came with other bytes than before */
  /* Not journalled. */
  gboolean due;   /* so did one since the digest was judged */
  gint64 fetched; /* fragments since then */
} OcsHeal;

typedef struct {
  gboolean cached;   /* between here and the fragments is a proxy that may hold copies */
  gboolean direct;   /* the proxy may be gone around */
  gint64 bytes;      /* of the whole package */
  const GArray *odd; /* borrowed, nullable; element-type gint64: fragments whose size fits none of the others */
  gint64 now;
  double random; /* 0 … 1 */
} OcsHealFacts;

/* The digest of the whole is wrong: puts what is to be fetched again in doubt, and sets not_before (0: at once). FALSE where the origin
 * is wrong, which is final. */
gboolean ocs_heal_begin (OcsHeal *heal, OcsParts *parts, const OcsHealFacts *facts, gint64 *not_before) G_GNUC_WARN_UNUSED_RESULT;
/* A fragment has come in a pass. */
void ocs_heal_note (OcsHeal *heal, gboolean changed);
/* Whether the digest is worth judging although fragments are still in doubt. */
gboolean ocs_heal_is_due (const OcsHeal *heal, const OcsParts *parts);
/* After a restart in a pass: what is on disk is in doubt again but for the fragments that the pass has fetched, a set of gint64*. */
void ocs_heal_resume (OcsHeal *heal, OcsParts *parts, GHashTable *done);
/* The digest is right. */
void ocs_heal_end (OcsHeal *heal);

/* Fragments whose size is odd: all but the last have one size, and the last is no larger. sizes: of 1 … n. transfer full. */
GArray *ocs_heal_odd (const gint64 *sizes, gint64 n);

/* What is done now, for people; NULL for NONE. */
const char *ocs_heal_text (OcsHealPass pass);
/* What to append to the URL in QUERY: new each day, and the same for the whole site, so that one copy serves it. transfer full. */
char *ocs_heal_query (gint64 now);

JsonObject *ocs_heal_to_json (const OcsHeal *heal);
/* object: nullable. What is odd is read as NONE. */
void ocs_heal_from_json (OcsHeal *heal, JsonObject *object);
