/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "worker/core/heal.h"
#include "ipc/json.h"
#include "worker/core/pace.h"

#define DAY (24 * 3600)
/* The digest is judged anew at most so often in a pass: reading the package costs less than a fiftieth of it over the line. */
#define JUDGED_MAX 50

static const char *const names[] = {"none", "again", "past", "query", "direct"};
G_STATIC_ASSERT (G_N_ELEMENTS (names) == OCS_HEAL_N);

static const char *const texts[] = {
    NULL,
    "the bytes are not those of the package: fetching them again, another machine may have healed the cache",
    "the cache holds wrong bytes: fetching past it, which heals it for the whole site",
    "the cache keeps its wrong bytes: fetching under a name that it does not hold yet",
    "the proxy gives wrong bytes: fetching without it",
};
G_STATIC_ASSERT (G_N_ELEMENTS (texts) == OCS_HEAL_N);

const char *
ocs_heal_text (OcsHealPass pass)
{
  return texts[pass];
}

char *
ocs_heal_query (gint64 now)
{
  return g_strdup_printf ("?ocs=%" G_GINT64_FORMAT, now / DAY);
}

static guint8
urgency_of (OcsPart part)
{
  if (part == OCS_PART_CACHE)
    return 3;
  return part == OCS_PART_DISK ? 2 : 1;
}

/* only: MISSING for all. What looks odd is first, then what the cache gave. */
static void
doubt (OcsParts *parts, OcsPart only, const GArray *odd)
{
  for (gint64 i = 1; i <= parts->n; i++) {
    OcsPart part = ocs_parts_get (parts, i);

    if (only == OCS_PART_MISSING || part == only)
      ocs_parts_doubt (parts, i, urgency_of (part));
  }
  for (guint i = 0; odd != NULL && i < odd->len; i++)
    ocs_parts_doubt (parts, g_array_index (odd, gint64, i), 4);
}

static void
enter (OcsHeal *heal, OcsParts *parts, OcsHealPass pass, OcsPart only, const OcsHealFacts *facts)
{
  heal->pass = pass;
  heal->changed = FALSE;
  doubt (parts, only, facts->odd);
}

static gint64
share (const OcsHealFacts *facts)
{
  return facts->now + ocs_pace_heal (facts->bytes, facts->random);
}

static void
enter_past (OcsHeal *heal, OcsParts *parts, const OcsHealFacts *facts, gint64 *not_before)
{
  if (facts->cached && !heal->waited)
    *not_before = share (facts);
  /* A clock that was set back knows nothing of yesterday. */
  if (heal->passed_at > 0 && heal->passed_at <= facts->now)
    *not_before = MAX (*not_before, heal->passed_at + DAY);
  heal->passed_at = MAX (facts->now, *not_before);
  enter (heal, parts, OCS_HEAL_PAST, OCS_PART_MISSING, facts);
}

/* Two ways brought different bytes and neither was right: nobody is to blame yet. */
static void
enter_later (OcsHeal *heal, OcsParts *parts, const OcsHealFacts *facts, gint64 *not_before)
{
  heal->waited = TRUE;
  *not_before = MAX (facts->now, heal->passed_at + DAY);
  enter (heal, parts, OCS_HEAL_AGAIN, OCS_PART_MISSING, facts);
}

static gboolean
enter_next (OcsHeal *heal, OcsParts *parts, const OcsHealFacts *facts, gint64 *not_before)
{
  gboolean agreed = heal->pass >= OCS_HEAL_PAST && !heal->changed;

  if (heal->pass == OCS_HEAL_NONE && ocs_parts_any (parts, OCS_PART_DISK)) {
    enter (heal, parts, OCS_HEAL_AGAIN, OCS_PART_DISK, facts);
  } else if (heal->pass <= OCS_HEAL_AGAIN && facts->cached && !heal->waited && ocs_parts_any (parts, OCS_PART_CACHE)) {
    *not_before = share (facts);
    heal->waited = TRUE;
    enter (heal, parts, OCS_HEAL_AGAIN, OCS_PART_CACHE, facts);
  } else if (heal->pass <= OCS_HEAL_AGAIN) {
    enter_past (heal, parts, facts, not_before);
  } else if (heal->pass == OCS_HEAL_PAST && facts->cached) {
    enter (heal, parts, OCS_HEAL_QUERY, OCS_PART_MISSING, facts);
  } else if (heal->pass < OCS_HEAL_DIRECT && facts->direct) {
    enter (heal, parts, OCS_HEAL_DIRECT, OCS_PART_MISSING, facts);
  } else if (agreed) {
    return FALSE;
  } else {
    enter_later (heal, parts, facts, not_before);
  }
  return TRUE;
}

gboolean
ocs_heal_begin (OcsHeal *heal, OcsParts *parts, const OcsHealFacts *facts, gint64 *not_before)
{
  *not_before = 0;
  heal->due = FALSE;
  heal->fetched = 0;
  if (heal->pass != OCS_HEAL_NONE && parts->n_doubt > 0)
    return TRUE;
  return enter_next (heal, parts, facts, not_before);
}

void
ocs_heal_note (OcsHeal *heal, gboolean changed)
{
  if (heal->pass == OCS_HEAL_NONE)
    return;
  heal->changed |= changed;
  heal->due |= changed;
  heal->fetched++;
}

gboolean
ocs_heal_is_due (const OcsHeal *heal, const OcsParts *parts)
{
  return heal->due && ocs_parts_are_here (parts) && heal->fetched * JUDGED_MAX >= parts->n;
}

void
ocs_heal_resume (OcsHeal *heal, OcsParts *parts, GHashTable *done)
{
  if (heal->pass == OCS_HEAL_NONE)
    return;
  for (gint64 i = 1; i <= parts->n; i++)
    if (!g_hash_table_contains (done, &i))
      ocs_parts_doubt (parts, i, urgency_of (ocs_parts_get (parts, i)));
  /* What the part before the restart has changed is not known any more: then nothing is concluded from it. */
  heal->changed = heal->due = TRUE;
  heal->fetched = parts->n;
}

void
ocs_heal_end (OcsHeal *heal)
{
  *heal = (OcsHeal) {.passed_at = heal->passed_at};
}

/* The size that most have, by majority vote. */
static gint64
usual (const gint64 *sizes, gint64 n)
{
  gint64 size = 0, votes = 0;

  for (gint64 i = 0; i < n; i++) {
    if (votes == 0)
      size = sizes[i];
    votes += sizes[i] == size ? 1 : -1;
  }
  return size;
}

GArray *
ocs_heal_odd (const gint64 *sizes, gint64 n)
{
  GArray *odd = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 size;

  if (n < 2)
    return odd;
  size = usual (sizes, n - 1);
  for (gint64 i = 1; i <= n; i++)
    if (i < n ? sizes[i - 1] != size : sizes[i - 1] > size)
      g_array_append_val (odd, i);
  return odd;
}

JsonObject *
ocs_heal_to_json (const OcsHeal *heal)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "pass", names[heal->pass]);
  json_object_set_int_member (object, "passed_at", heal->passed_at);
  json_object_set_boolean_member (object, "waited", heal->waited);
  json_object_set_boolean_member (object, "changed", heal->changed);
  return object;
}

void
ocs_heal_from_json (OcsHeal *heal, JsonObject *object)
{
  const char *pass = ocs_json_string (object, "pass");

  *heal = (OcsHeal) {.passed_at = ocs_json_int (object, "passed_at", 0)};
  for (guint i = 0; i < OCS_HEAL_N; i++)
    if (g_strcmp0 (pass, names[i]) == 0)
      heal->pass = (OcsHealPass)i;
  heal->waited = ocs_json_bool (object, "waited", FALSE);
  heal->changed = ocs_json_bool (object, "changed", FALSE);
}
