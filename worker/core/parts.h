/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which fragments of a package are here, where each came from, which are in doubt, and which one is fetched next. Pure. */
#pragma once
#include <glib.h>

/* What is known of one fragment; the characters are those of fragment_map on the wire. */
typedef enum {
  OCS_PART_MISSING = '.',
  OCS_PART_ASIDE = '!',  /* missing, and failed a moment ago: the others come first */
  OCS_PART_COMING = '>', /* missing, and on its way */
  OCS_PART_CACHE = 'c',  /* came from a cache */
  OCS_PART_WAN = 'w',    /* came over the WAN */
  OCS_PART_DISK = 'd',   /* was on disk when the worker started */
} OcsPart;

typedef struct {
  gint64 n;       /* fragments in all */
  gint64 n_have;  /* on disk and not in doubt */
  gint64 n_doubt; /* on disk, to be fetched again */
  gint64 n_aside;
  gint64 n_coming;
  guint32 seed;  /* of this machine's order of fragments; 0: their own order */
  gint64 cursor; /* where in that order to look first */
  guint8 *have;  /* owned, nullable; an OcsPart each */
  guint8 *doubt; /* owned, nullable; 0, or how urgent the doubt is: the highest is fetched first */
} OcsParts;

/* Forgets all; n: fragments in all, 0 … . The seed stays. */
void ocs_parts_reset (OcsParts *parts, gint64 n);
void ocs_parts_clear (OcsParts *parts);

/* fragment is here: out of range is ignored, a doubt is settled. */
void ocs_parts_mark (OcsParts *parts, gint64 fragment, OcsPart from);
OcsPart ocs_parts_get (const OcsParts *parts, gint64 fragment);
/* fragment is not on disk any more. */
void ocs_parts_lose (OcsParts *parts, gint64 fragment);
/* fragment could not be fetched: the others come first. Nothing where it is here. */
void ocs_parts_set_aside (OcsParts *parts, gint64 fragment);
/* They are missing as any other again, and the next search begins elsewhere. */
void ocs_parts_take_back (OcsParts *parts);

/* fragment, which is missing, is on its way: others are next. Nothing where it is here, in doubt or set aside. */
void ocs_parts_expect (OcsParts *parts, gint64 fragment);
/* It is on its way no more: missing as any other, unless it has come. */
void ocs_parts_give_up (OcsParts *parts, gint64 fragment);

/* This machine's order begins with the first fragment, and goes on as it is its own. */
void ocs_parts_begin_at_first (OcsParts *parts);

/* fragment is next, where it is missing. */
void ocs_parts_come_back (OcsParts *parts, gint64 fragment);

/* fragment, which is here, is to be fetched again. urgency: 1 … 255. */
void ocs_parts_doubt (OcsParts *parts, gint64 fragment, guint8 urgency);
/* Whether any that is here came from there. */
gboolean ocs_parts_any (const OcsParts *parts, OcsPart from);
/* All n are on disk, in doubt or not. */
gboolean ocs_parts_are_here (const OcsParts *parts);

/* The next to be fetched, from 1: missing ones in this machine's order, then those in doubt, then those set aside once none is on its way
 * any more; 0 where there is none that is not on its way. */
gint64 ocs_parts_next (const OcsParts *parts);
/* Another one is next, where there is another. */
void ocs_parts_look_elsewhere (OcsParts *parts);

/* One character a fragment: . c w d; NULL where there is none or are more than max. transfer full. */
char *ocs_parts_dup_map (const OcsParts *parts, gint64 max);
