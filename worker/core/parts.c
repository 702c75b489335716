/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/parts.h"
#include "worker/core/pace.h"
#include <string.h>

void
ocs_parts_clear (OcsParts *parts)
{
  g_clear_pointer (&parts->have, g_free);
  g_clear_pointer (&parts->doubt, g_free);
  parts->n = parts->n_have = parts->n_doubt = parts->n_aside = parts->n_coming = parts->cursor = 0;
}

void
ocs_parts_reset (OcsParts *parts, gint64 n)
{
  ocs_parts_clear (parts);
  parts->n = MAX (n, 0);
  if (parts->n == 0)
    return;
  parts->have = g_malloc ((gsize)parts->n);
  parts->doubt = g_malloc0 ((gsize)parts->n);
  memset (parts->have, OCS_PART_MISSING, (gsize)parts->n);
}

static gboolean
is_one (const OcsParts *parts, gint64 fragment)
{
  return fragment >= 1 && fragment <= parts->n;
}

static gboolean
is_here (OcsPart part)
{
  return part != OCS_PART_MISSING && part != OCS_PART_ASIDE && part != OCS_PART_COMING;
}

OcsPart
ocs_parts_get (const OcsParts *parts, gint64 fragment)
{
  return is_one (parts, fragment) ? (OcsPart)parts->have[fragment - 1] : OCS_PART_MISSING;
}

/* Whether there is one that nobody has looked for yet, or not lately. */
static gboolean
any_missing (const OcsParts *parts)
{
  return parts->n_have + parts->n_doubt + parts->n_aside + parts->n_coming < parts->n;
}

/* The place in this machine's order after which nothing is missing moves on, so that a search among many is short. */
static void
move_cursor (OcsParts *parts)
{
  for (gint64 i = 0; i < parts->n; i++) {
    if (parts->have[ocs_pace_order (parts->seed, parts->cursor, parts->n)] == OCS_PART_MISSING)
      return;
    parts->cursor = (parts->cursor + 1) % parts->n;
  }
}

static void
settle (OcsParts *parts, gint64 fragment, OcsPart part)
{
  OcsPart before = (OcsPart)parts->have[fragment - 1];

  if (parts->doubt[fragment - 1] > 0)
    parts->n_doubt--;
  else if (is_here (before))
    parts->n_have--;
  parts->n_aside += (part == OCS_PART_ASIDE) - (before == OCS_PART_ASIDE);
  parts->n_coming += (part == OCS_PART_COMING) - (before == OCS_PART_COMING);
  parts->n_have += is_here (part);
  parts->doubt[fragment - 1] = 0;
  parts->have[fragment - 1] = (guint8)part;
}

void
ocs_parts_mark (OcsParts *parts, gint64 fragment, OcsPart from)
{
  if (!is_one (parts, fragment))
    return;
  settle (parts, fragment, from);
  if (any_missing (parts))
    move_cursor (parts);
}

void
ocs_parts_expect (OcsParts *parts, gint64 fragment)
{
  if (!is_one (parts, fragment) || ocs_parts_get (parts, fragment) != OCS_PART_MISSING)
    return;
  settle (parts, fragment, OCS_PART_COMING);
  if (any_missing (parts))
    move_cursor (parts);
}

void
ocs_parts_give_up (OcsParts *parts, gint64 fragment)
{
  if (is_one (parts, fragment) && ocs_parts_get (parts, fragment) == OCS_PART_COMING)
    settle (parts, fragment, OCS_PART_MISSING);
}

void
ocs_parts_lose (OcsParts *parts, gint64 fragment)
{
  if (is_one (parts, fragment) && is_here (ocs_parts_get (parts, fragment)))
    settle (parts, fragment, OCS_PART_MISSING);
}

void
ocs_parts_set_aside (OcsParts *parts, gint64 fragment)
{
  if (is_one (parts, fragment) && !is_here (ocs_parts_get (parts, fragment)))
    settle (parts, fragment, OCS_PART_ASIDE);
}

void
ocs_parts_begin_at_first (OcsParts *parts)
{
  if (parts->n == 0)
    return;
  parts->seed -= parts->seed % (guint32)MIN (parts->n, G_MAXUINT32);
  parts->cursor = 0;
  if (any_missing (parts))
    move_cursor (parts);
}

void
ocs_parts_come_back (OcsParts *parts, gint64 fragment)
{
  if (!is_one (parts, fragment) || ocs_parts_get (parts, fragment) != OCS_PART_MISSING)
    return;
  for (gint64 i = 0; i < parts->n; i++)
    if (ocs_pace_order (parts->seed, i, parts->n) == fragment - 1)
      parts->cursor = i;
}

void
ocs_parts_take_back (OcsParts *parts)
{
  if (parts->n_aside == 0)
    return;
  for (gint64 i = 1; i <= parts->n; i++)
    if (ocs_parts_get (parts, i) == OCS_PART_ASIDE)
      settle (parts, i, OCS_PART_MISSING);
  ocs_parts_look_elsewhere (parts);
}

void
ocs_parts_doubt (OcsParts *parts, gint64 fragment, guint8 urgency)
{
  if (!is_one (parts, fragment) || !is_here (ocs_parts_get (parts, fragment)))
    return;
  if (parts->doubt[fragment - 1] == 0) {
    parts->n_have--;
    parts->n_doubt++;
  }
  parts->doubt[fragment - 1] = MAX (parts->doubt[fragment - 1], MAX (urgency, 1));
}

gboolean
ocs_parts_any (const OcsParts *parts, OcsPart from)
{
  return parts->n > 0 && memchr (parts->have, (int)from, (gsize)parts->n) != NULL;
}

gboolean
ocs_parts_are_here (const OcsParts *parts)
{
  return parts->n_have + parts->n_doubt >= parts->n;
}

/* The first in this machine's order that is of that kind and as urgently in doubt; 0 where there is none. */
static gint64
find (const OcsParts *parts, OcsPart part, guint8 urgency)
{
  for (gint64 i = 0; i < parts->n; i++) {
    gint64 place = ocs_pace_order (parts->seed, (parts->cursor + i) % parts->n, parts->n);

    if (urgency > 0 ? parts->doubt[place] == urgency : parts->have[place] == part)
      return place + 1;
  }
  return 0;
}

gint64
ocs_parts_next (const OcsParts *parts)
{
  guint8 urgency = 0;

  if (any_missing (parts))
    return find (parts, OCS_PART_MISSING, 0);
  if (parts->n_doubt == 0)
    return parts->n_aside > 0 && parts->n_coming == 0 ? find (parts, OCS_PART_ASIDE, 0) : 0;
  for (gint64 i = 0; i < parts->n; i++)
    urgency = MAX (urgency, parts->doubt[i]);
  return find (parts, OCS_PART_MISSING, urgency);
}

/* Behind the one that is next now, so that another is where there is one. */
void
ocs_parts_look_elsewhere (OcsParts *parts)
{
  gint64 now = ocs_parts_next (parts);

  for (gint64 i = 0; now > 0 && i < parts->n; i++) {
    gint64 place = (parts->cursor + i) % parts->n;

    if (ocs_pace_order (parts->seed, place, parts->n) != now - 1)
      continue;
    parts->cursor = (place + 1) % parts->n;
    return;
  }
}

char *
ocs_parts_dup_map (const OcsParts *parts, gint64 max)
{
  char *map;

  if (parts->n == 0 || parts->n > max)
    return NULL;
  map = g_strndup ((const char *)parts->have, (gsize)parts->n);
  return g_strdelimit (map, "!>", '.');
}
