/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fragments as they come, and what they say of the cache and the line. */
#include "ipc/error.h"
#include "worker/core/pace.h"
#include "worker/core/package.h"
#include "worker/core/verdict.h"

/* A few fragments are asked for each half minute while the line is spared. */
#define PROBE_EVERY 10
/* A window may be hours away. */
#define PROBE_SPARING 60

/* Each takes the half of a second at least. */
#define COMINGS_MAX 60

#define RESTS_MAX 2

void
ocs_package_spare_line (OcsPackage *package, gint64 now, gint64 pause)
{
  gint64 until = pause > 0 ? now + pause + 1 : 0;

  if (package->paced && package->retry_at > now)
    until = MAX (until, package->retry_at);
  package->paced = until > 0;
  package->retry_at = until;
}

static void
rest (OcsPackage *package, gint64 now, gint64 seconds)
{
  package->paced = TRUE;
  package->retry_at = MAX (package->retry_at, now + seconds + 1);
}

/* Behind a cache that does not say what it holds: with the first fragment it is known how much the others have to fetch, and with one that
 * crossed the line, that they have not done it. Then nobody is waited for any more. */
static void
follow (OcsPackage *package, const OcsEvent *event, gboolean from_cache)
{
  gint64 missing = package->parts.n - package->parts.n_have;

  if (package->rests == 0 || missing <= 0 || (from_cache && package->parts.n_have > 1))
    return;
  package->rests--;
  rest (package, event->now, ocs_pace_rest (MAX (event->bytes, 0) * missing, event->random));
}

static gboolean
on_fragment (OcsPackage *package, const OcsEvent *event)
{
  gboolean from_cache = ocs_verdict_is_from_cache (event->verdict);

  if (package->step != OCS_STEP_FETCHING)
    return FALSE;
  ocs_parts_mark (&package->parts, event->fragment, from_cache ? OCS_PART_CACHE : OCS_PART_WAN);
  *(from_cache ? &package->from_cache : &package->from_wan) += MAX (event->bytes, 0);
  package->updated = event->now;
  /* Fetched together with somebody, or partly by others: they finish at the same moment, and would meet at the same next one. */
  package->crowd |= event->verdict == OCS_VERDICT_SHARED || (package->from_cache > 0 && package->from_wan > 0);
  /* What the line is owed for another fragment is owed all the same. */
  if (event->beside && from_cache)
    return FALSE;
  package->flowing = from_cache;
  ocs_heal_note (&package->heal, event->changed);
  package->failures = package->spent = 0;
  if (package->parts.n_aside == 0 && package->heal.pass == OCS_HEAL_NONE)
    g_clear_pointer (&package->reason, ocs_reason_free);
  /* The server's latencies spare the line; what the cache holds does not cross it. */
  ocs_package_spare_line (package, event->now, from_cache ? 0 : event->pause);
  follow (package, event, from_cache);
  package->in_cache = 0;
  package->looks = package->comings = 0;
  /* Where the line is spared, what the cache has comes one after the other. */
  package->probe_at = event->now + (from_cache && (package->paced || package->restraint == OCS_RESTRAINT_WINDOW) ? 0 : PROBE_EVERY);
  /* The file is there and tells it: no journal entry for each of thousands. */
  return FALSE;
}

/* It may have come beside while the cache was asked, or another be next by now. */
static gboolean
note_found (OcsPackage *package, gint64 fragment)
{
  OcsPart part = ocs_parts_get (&package->parts, fragment);

  if (part != OCS_PART_MISSING && part != OCS_PART_ASIDE)
    return FALSE;
  if (ocs_parts_next (&package->parts) != fragment)
    ocs_parts_come_back (&package->parts, fragment);
  return TRUE;
}

static gboolean
on_probed (OcsPackage *package, const OcsEvent *event)
{
  if (package->step != OCS_STEP_FETCHING)
    return FALSE;
  package->probed = TRUE;
  package->probe_at = event->now + (package->restraint == OCS_RESTRAINT_WINDOW ? PROBE_SPARING : PROBE_EVERY);
  package->in_cache = event->found && note_found (package, event->fragment) ? event->fragment : 0;
  if (event->claim != OCS_CLAIM_NONE)
    ocs_parts_begin_at_first (&package->parts);
  if (event->claim == OCS_CLAIM_LATE) {
    package->rests = RESTS_MAX;
    rest (package, event->now, ocs_pace_follow (package->parts.n, event->random));
    return FALSE;
  }
  /* What comes for another need not be fetched; but whom the cache puts off for ever fetches it all the same. */
  if (event->coming && package->comings < COMINGS_MAX) {
    package->comings++;
    package->crowd = TRUE;
    ocs_parts_look_elsewhere (&package->parts);
    return FALSE;
  }
  package->looks += package->crowd && !event->found;
  /* The next question is for another fragment: a neighbour fetches in an order of his own. */
  if (!event->found && (package->paced || ocs_package_is_looking (package) || package->restraint == OCS_RESTRAINT_WINDOW))
    ocs_parts_look_elsewhere (&package->parts);
  return FALSE;
}

/* It counts as an interruption: what is paused again and again goes on from where it was at last, although no cache gains by that. */
static gboolean
on_paused (OcsPackage *package, const OcsEvent *event)
{
  if (package->step != OCS_STEP_FETCHING)
    return FALSE;
  package->flowing = FALSE;
  package->failures++;
  ocs_parts_come_back (&package->parts, event->fragment);
  return TRUE;
}

gboolean
ocs_package_is_wary (const OcsPackage *package)
{
  gboolean silent =
      package->failures > 0 && package->reason != NULL && g_str_equal (package->reason->code, ocs_error_nick (OCS_ERROR_TIMED_OUT));

  return package->step == OCS_STEP_FETCHING && package->cached && (silent || package->still);
}

gboolean
ocs_package_may_pass (const OcsPackage *package)
{
  return package->cached && (package->failures > 0 || package->still);
}

gboolean
ocs_package_take (OcsPackage *package, const OcsEvent *event)
{
  switch ((guint)event->kind) {
  case OCS_EVENT_PROBED:
    return on_probed (package, event);
  case OCS_EVENT_FRAGMENT:
    return on_fragment (package, event);
  case OCS_EVENT_PAUSED:
    return on_paused (package, event);
  default:
    return FALSE;
  }
}
