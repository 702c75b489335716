/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reducer. What follows from a state is package-next.c, its journal form package-json.c. */
#include "worker/core/package.h"
#include "ipc/error.h"
#include "worker/core/pace.h"
#include "worker/core/post.h"

/* So many fragments may fail in a row, each for itself, before all of them wait. */
#define FAILURES_MAX 5
/* Seconds. */
#define SPOILT_AGAIN 10

OcsPackage *
ocs_package_new (const char *id, gint64 now)
{
  OcsPackage *package = g_new0 (OcsPackage, 1);

  package->id = g_strdup (id);
  package->step = OCS_STEP_GONE;
  package->since = package->updated = now;
  return package;
}

void
ocs_package_free (OcsPackage *package)
{
  if (package == NULL)
    return;
  g_free (package->id);
  g_free (package->boot);
  g_clear_pointer (&package->offer, ocs_offer_free);
  g_clear_pointer (&package->info, ocs_info_free);
  g_free (package->post_boot);
  g_free (package->result);
  g_clear_pointer (&package->reason, ocs_reason_free);
  ocs_parts_clear (&package->parts);
  ocs_pages_clear (&package->pages);
  g_free (package);
}

static void
forget_fragments (OcsPackage *package)
{
  ocs_parts_reset (&package->parts, package->info != NULL ? package->info->frags : 0);
}

static void
set_reason (OcsPackage *package, OcsReason *reason)
{
  g_clear_pointer (&package->reason, ocs_reason_free);
  package->reason = reason;
}

static void
move_to (OcsPackage *package, OcsStep step)
{
  package->step = step;
  package->failures = 0;
  package->retry_at = 0;
  package->paced = package->flowing = FALSE;
  set_reason (package, NULL);
}

static void
finish (OcsPackage *package, const char *code)
{
  g_free (package->result);
  package->result = g_strdup (code);
  move_to (package, OCS_STEP_FINISHED);
}

static void
begin_again (OcsPackage *package, const OcsEvent *event)
{
  g_clear_pointer (&package->info, ocs_info_free);
  g_clear_pointer (&package->result, g_free);
  forget_fragments (package);
  package->since = event->now;
  ocs_package_note_clock (package, event);
  package->withdrawn = package->held = package->post_due = package->post_begun = package->probed = package->crowd = FALSE;
  package->rests = 0;
  package->still = FALSE;
  package->heal = (OcsHeal) {0};
  /* Serials go on: an answer to an old question is none to a new one. */
  package->consent = (OcsConsent) {.step = OCS_CONSENT_NEW, .serial = package->consent.serial};
  package->done_since = package->done_at = 0;
  package->hurried = FALSE;
  package->from_cache = package->from_wan = 0;
  move_to (package, OCS_STEP_OFFERED);
}

static gboolean
before_running (const OcsPackage *package)
{
  return package->step < OCS_STEP_RUNNING;
}

/* The server offers a package until it has its result: an offer for one that runs or has finished is no new one, also with FORCE. */
static gboolean
on_offered (OcsPackage *package, const OcsEvent *event)
{
  /* What has begun ends as it began: a POSTCMD that comes later was never judged by the rules of trust. */
  if (before_running (package) || package->step == OCS_STEP_GONE) {
    g_clear_pointer (&package->offer, ocs_offer_free);
    package->offer = ocs_offer_copy (event->offer);
    package->schedule = event->schedule;
  }
  if (package->held)
    set_reason (package, NULL);
  package->held = package->withdrawn = FALSE;
  if (package->step == OCS_STEP_FINISHED) {
    package->retry_at = 0;
  } else if (package->step == OCS_STEP_GONE) {
    begin_again (package, event);
    if (event->in_history && !event->offer->force)
      finish (package, "SUCCESS_ALREADY_SETUP");
  }
  return TRUE;
}

static gboolean
on_withdrawn (OcsPackage *package)
{
  if (package->step == OCS_STEP_RUNNING || package->step == OCS_STEP_FINISHED) {
    gboolean is_new = !package->withdrawn;

    package->withdrawn = TRUE;
    /* The server can be reached now, which a result that waits to be told may not know. */
    if (package->step == OCS_STEP_FINISHED)
      package->retry_at = 0;
    return is_new;
  }
  if (!before_running (package))
    return FALSE;
  g_free (package->result);
  package->result = NULL;
  move_to (package, OCS_STEP_REPORTED);
  return TRUE;
}

static gboolean
on_held (OcsPackage *package, const OcsEvent *event)
{
  if (!before_running (package))
    return FALSE;
  /* What it was described by is not trusted any more: when it may go on, it begins with its info. */
  if (g_error_matches (event->error, OCS_ERROR, OCS_ERROR_UNTRUSTED) && package->info != NULL) {
    g_clear_pointer (&package->info, ocs_info_free);
    forget_fragments (package);
    ocs_heal_end (&package->heal);
    /* Who agreed to something agreed to that. */
    package->consent = (OcsConsent) {.step = OCS_CONSENT_NEW, .serial = package->consent.serial};
    move_to (package, OCS_STEP_OFFERED);
  }
  package->held = TRUE;
  set_reason (package, ocs_reason_new_from_error (event->error));
  return TRUE;
}

static gboolean
on_described (OcsPackage *package, const OcsEvent *event)
{
  if (package->step != OCS_STEP_OFFERED || package->held)
    return FALSE;
  g_clear_pointer (&package->info, ocs_info_free);
  package->info = ocs_info_copy (event->info);
  forget_fragments (package);
  ocs_heal_end (&package->heal);
  move_to (package, package->info->frags > 0 ? OCS_STEP_FETCHING : OCS_STEP_VERIFIED);
  return TRUE;
}

/* A wrong digest is final only where heal.c says so. */
static gboolean
on_digest_bad (OcsPackage *package, const OcsEvent *event)
{
  const OcsHealFacts facts = {
      .cached = package->cached,
      .direct = package->may_go_direct,
      .bytes = event->bytes,
      .odd = event->odd,
      .now = event->now,
      .random = event->random,
  };
  gint64 not_before = 0;

  if (package->step != OCS_STEP_FETCHING && package->step != OCS_STEP_VERIFIED)
    return FALSE;
  if (!ocs_heal_begin (&package->heal, &package->parts, &facts, &not_before)) {
    finish (package, "ERR_BAD_DIGEST");
    return TRUE;
  }
  move_to (package, OCS_STEP_FETCHING);
  package->retry_at = not_before;
  set_reason (package, ocs_reason_new (ocs_error_nick (OCS_ERROR_DIGEST), ocs_heal_text (package->heal.pass)));
  return TRUE;
}

/* Whether another fragment may well come although this one did not. */
static gboolean
is_of_one_fragment (const GError *error)
{
  OcsError code = ocs_error_code (error);

  return code == OCS_ERROR_NOT_FOUND || code == OCS_ERROR_REFUSED || code == OCS_ERROR_PROXY_REFUSED || code == OCS_ERROR_BAD_REPLY
         || code == OCS_ERROR_INVALID_DATA || code == OCS_ERROR_INTERRUPTED;
}

/* TRUE where the others can go on. The bytes that were in doubt are gone. */
static gboolean
set_aside (OcsPackage *package, const OcsEvent *event)
{
  OcsParts *parts = &package->parts;

  if (package->step != OCS_STEP_FETCHING || event->fragment < 1)
    return FALSE;
  if (package->heal.pass != OCS_HEAL_NONE)
    ocs_parts_lose (parts, event->fragment);
  if (!is_of_one_fragment (event->error))
    return FALSE;
  ocs_parts_set_aside (parts, event->fragment);
  return ++package->spent < FAILURES_MAX && parts->n_have + parts->n_aside < parts->n
         && ocs_parts_get (parts, ocs_parts_next (parts)) != OCS_PART_ASIDE;
}

static OcsReason *
reason_of_failure (const OcsPackage *package, const OcsEvent *event)
{
  g_autoptr (OcsReason) reason = ocs_reason_new_from_error (event->error);
  g_autofree char *message = NULL;

  if (package->step != OCS_STEP_FETCHING || event->fragment < 1)
    return g_steal_pointer (&reason);
  message =
      g_strdup_printf ("fragment %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ": %s", event->fragment, package->parts.n, reason->message);
  return ocs_reason_new (reason->code, message);
}

/* The worker looks for itself: it is the disk, or there was a power cut. Not at once, so that a disk that cannot make up its mind is no
 * loop. */
static gboolean
on_spoilt (OcsPackage *package, const OcsEvent *event)
{
  if (package->step != OCS_STEP_RUNNING || package->info == NULL || package->info->frags == 0)
    return FALSE;
  forget_fragments (package);
  move_to (package, OCS_STEP_FETCHING);
  ocs_heal_end (&package->heal);
  package->retry_at = event->now + SPOILT_AGAIN;
  set_reason (package,
              ocs_reason_new (ocs_error_nick (OCS_ERROR_DIGEST), "the package changed on disk after it was verified; looking again"));
  return TRUE;
}

static gboolean
on_failed (OcsPackage *package, const OcsEvent *event)
{
  if (package->step == OCS_STEP_GONE)
    return FALSE;
  package->flowing = FALSE;
  /* The cache has it not, or not now: it is fetched in its turn. */
  if (event->beside)
    return FALSE;
  set_reason (package, reason_of_failure (package, event));
  /* Others can come meanwhile, out of the cache at once. */
  if (set_aside (package, event)) {
    ocs_package_spare_line (package, event->now, event->pause);
    package->probe_at = event->now;
    return FALSE;
  }
  package->paced = FALSE;
  ocs_parts_take_back (&package->parts);
  package->spent = 0;
  package->retry_at =
      event->now
      + ocs_pace_retry (package->failures, ocs_error_is_retryable (event->error), ocs_error_retry_after (event->error), event->random);
  package->failures++;
  if (event->fragment > 0 && ocs_package_is_wary (package) && !package->still) {
    package->still = TRUE;
    package->retry_at = event->now + ocs_pace_silent (event->random);
  }
  return TRUE;
}

static gboolean
on_tick (OcsPackage *package, const OcsEvent *event)
{
  gboolean mended = ocs_package_mend_clock (package, event);

  /* Once people are asked, their deadline counts. A package that a rule of trust holds back is never reported as a final error: that would
   * end the server's offer. */
  if (!before_running (package) || package->consent.step != OCS_CONSENT_NEW || package->held || event->timeout <= 0)
    return mended;
  /* A scheduled package waits for its hour; only what could have gone on counts. */
  if (event->now - MAX (package->since, MIN (package->schedule, event->now)) <= event->timeout)
    return mended;
  finish (package, "ERR_TIMEOUT");
  return TRUE;
}

static gboolean
on_ended (OcsPackage *package, const OcsEvent *event)
{
  if (package->step != OCS_STEP_RUNNING)
    return FALSE;
  finish (package, event->code);
  if (package->info->need_done_action && ocs_package_is_success (package)) {
    package->done_since = event->now;
    package->done_serial = ++package->consent.serial;
  }
  return TRUE;
}

/* POSTCMD belongs to a package that worked: nobody wants a restart after an installation that failed. */
static gboolean
on_acknowledged (OcsPackage *package, const OcsEvent *event)
{
  if (package->step != OCS_STEP_FINISHED)
    return FALSE;
  move_to (package, OCS_STEP_REPORTED);
  package->post_due = ocs_package_is_success (package) && !g_str_equal (package->result, "SUCCESS_ALREADY_SETUP") && package->offer != NULL
                      && ocs_post_kind (package->offer->postcmd) != OCS_POST_NONE;
  g_free (package->post_boot);
  package->post_boot = g_strdup (event->boot);
  return TRUE;
}

static gboolean
on_prepared (OcsPackage *package)
{
  if (!package->post_due || package->post_begun)
    return FALSE;
  package->post_begun = TRUE;
  return TRUE;
}

static gboolean
on_posted (OcsPackage *package)
{
  if (!package->post_due)
    return FALSE;
  move_to (package, package->step);
  package->post_due = FALSE;
  return TRUE;
}

static gboolean
on_wait (OcsPackage *package, const OcsEvent *event)
{
  if (package->step == OCS_STEP_GONE)
    return FALSE;
  package->retry_at = event->now + MAX (event->pause, 1);
  set_reason (package, ocs_reason_new_from_error (event->error));
  return FALSE;
}

/* Cancelled is final for the console. */
static gboolean
on_people (OcsPackage *package, const OcsEvent *event)
{
  gboolean changed = ocs_package_hear (package, event);

  if (changed && package->step == OCS_STEP_VERIFIED && package->consent.step == OCS_CONSENT_REFUSED)
    finish (package, "ERR_ABORTED");
  return changed;
}

static gboolean
on_plain (OcsPackage *package, OcsStep from, OcsStep to)
{
  if (package->step != from)
    return FALSE;
  move_to (package, to);
  if (to == OCS_STEP_GONE)
    forget_fragments (package);
  return TRUE;
}

static gboolean
dispatch (OcsPackage *package, const OcsEvent *event)
{
  switch (event->kind) {
  case OCS_EVENT_OFFERED:
    return on_offered (package, event);
  case OCS_EVENT_WITHDRAWN:
    return on_withdrawn (package);
  case OCS_EVENT_HELD:
    return on_held (package, event);
  case OCS_EVENT_DESCRIBED:
    return on_described (package, event);
  case OCS_EVENT_PROBED:
  case OCS_EVENT_FRAGMENT:
  case OCS_EVENT_PAUSED:
    return ocs_package_take (package, event);
  case OCS_EVENT_DIGEST_BAD:
    return on_digest_bad (package, event);
  case OCS_EVENT_SPOILT:
    return on_spoilt (package, event);
  case OCS_EVENT_FAILED:
    return on_failed (package, event);
  case OCS_EVENT_REJECTED:
    if (!before_running (package))
      return FALSE;
    finish (package, event->code);
    return TRUE;
  case OCS_EVENT_TICK:
    return on_tick (package, event);
  case OCS_EVENT_ENDED:
    return on_ended (package, event);
  case OCS_EVENT_ACKNOWLEDGED:
    return on_acknowledged (package, event);
  case OCS_EVENT_PREPARED:
    return on_prepared (package);
  case OCS_EVENT_POSTED:
    return on_posted (package);
  case OCS_EVENT_WAIT:
    return on_wait (package, event);
  case OCS_EVENT_CONSENT:
  case OCS_EVENT_SEEN:
  case OCS_EVENT_HURRY:
    return on_people (package, event);
  case OCS_EVENT_VERIFIED:
    if (package->step == OCS_STEP_FETCHING)
      ocs_heal_end (&package->heal);
    return on_plain (package, OCS_STEP_FETCHING, OCS_STEP_VERIFIED);
  case OCS_EVENT_RUN:
    return !ocs_package_lacks_consent (package) && on_plain (package, OCS_STEP_VERIFIED, OCS_STEP_RUNNING);
  case OCS_EVENT_CLEANED:
    return on_plain (package, OCS_STEP_REPORTED, OCS_STEP_GONE);
  default:
    return FALSE;
  }
}

gboolean
ocs_package_step (OcsPackage *package, const OcsEvent *event)
{
  gboolean changed = dispatch (package, event);

  if (event->passed) {
    ocs_pages_note (&package->pages, event->fragment, event->now);
    changed = TRUE;
  }
  if (changed)
    package->updated = event->now;
  return changed;
}

gboolean
ocs_package_is_success (const OcsPackage *package)
{
  return package->result != NULL && g_str_has_prefix (package->result, "SUCCESS");
}
