/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-asking"
#include "worker/asking.h"
#include "ipc/error.h"
#include "worker/core/health.h"
#include "worker/io/clock.h"
#include "worker/io/journal.h"
#include "worker/io/program.h"
#include "worker/thrift.h"

#define HOUR 3600
#define DAY (24 * HOUR)
/* What was said to the text after a package is shown this long, in seconds. */
#define SHOWN 60

static OcsTerms
terms_of (const OcsSite *site, const OcsPackage *package)
{
  const OcsSettings *settings = site->setup->settings;
  const OcsInfo *info = package->info;

  return (OcsTerms) {
      .countdown = info->notify_countdown,
      .may_delay = info->notify_can_delay,
      .max_delays = settings->notify_max_delays,
      .deadline = settings->notify_deadline * (gint64)DAY,
      .absent = settings->notify_absent * (gint64)HOUR,
      .may_cancel = info->notify_can_abort,
  };
}

static OcsConsentFacts
facts_by (const OcsAudience *audience)
{
  return (OcsConsentFacts) {.now = ocs_clock_now (), .awake = ocs_clock_awake (), .audience = audience};
}

/* Nobody has a screen to be asked on: the terminals say it. */
static void
tell_terminals (const OcsPackage *package, const OcsTerms *terms)
{
  g_autofree char *ends =
      terms->countdown > 0 ? g_strdup_printf ("It is installed in %" G_GINT64_FORMAT " seconds. ", terms->countdown) : g_strdup ("");
  g_autofree char *text = g_strdup_printf ("Your administrator wants to install the package %s on this machine. %s"
                                           "To decide: ocsctl answer %s now%s%s (where that is denied, with sudo)",
                                           package->id, ends, package->id, terms->may_delay ? ", or later MINUTES" : "",
                                           terms->may_cancel ? ", or cancel" : "");

  ocs_program_wall (text);
}

gboolean
ocs_asking_tick (const OcsSite *site, const OcsPackage *package, OcsConsent *consent)
{
  OcsConsentFacts facts;
  OcsTerms terms;
  gboolean changed;

  *consent = package->consent;
  if (!ocs_package_is_asking (package, ocs_clock_now ()))
    return FALSE;
  terms = terms_of (site, package);
  facts = facts_by (ocs_people_audience (site->people));
  changed = ocs_consent_tick (consent, &terms, &facts);
  if (consent->step == OCS_CONSENT_STANDS && consent->serial != package->consent.serial) {
    ocs_journal_say (G_LOG_LEVEL_MESSAGE, package->id, NULL, "package %s: people are asked", package->id);
    if (facts.audience->screens == 0)
      tell_terminals (package, &terms);
  }
  return changed;
}

static gboolean
not_asked (GError **error)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "that is not asked, or not any more: 'ocsctl status' shows what is");
  return FALSE;
}

/* Whoever says now means it: where people were asked before the line was to be spared, nobody is asked again. */
static gboolean
hurry (const OcsSite *site, const OcsPackage *package, OcsConsent *consent, OcsEvent *event, GError **error)
{
  gboolean settled = FALSE;

  if (!ocs_thrift_may_hurry (site->setup->settings, package)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_REFUSED,
                 "the line is spared at this hour (DownloadWindow=): an administrator can set DownloadHurry=1");
    return FALSE;
  }
  ocs_journal_say (G_LOG_LEVEL_MESSAGE, package->id, NULL, "package %s: somebody does not want to wait", package->id);
  if (ocs_package_was_asked (package)) {
    OcsTerms terms = terms_of (site, package);
    OcsConsentFacts facts = facts_by (ocs_people_known (site->people));

    *consent = package->consent;
    settled = ocs_consent_answer (consent, &terms, &facts, 0, OCS_ANSWER_NOW, 0, NULL);
  }
  *event = (OcsEvent) {.kind = OCS_EVENT_HURRY, .consent = settled ? consent : NULL};
  return TRUE;
}

static gboolean
is_done_open (const OcsPackage *package)
{
  return package->done_since > 0 && package->done_at == 0;
}

static gboolean
says_now (const OcsSaid *said)
{
  return said->answer == OCS_ANSWER_NOW && said->serial == 0;
}

gboolean
ocs_asking_answer (const OcsSite *site, const OcsPackage *package, const OcsSaid *said, OcsConsent *consent, OcsEvent *event,
                   GError **error)
{
  OcsTerms terms;
  OcsConsentFacts facts;

  if (said->answer == OCS_ANSWER_DONE && is_done_open (package) && (said->serial == 0 || said->serial == package->done_serial)) {
    *event = (OcsEvent) {.kind = OCS_EVENT_SEEN};
    return TRUE;
  }
  if (package->restraint != OCS_RESTRAINT_NONE && says_now (said))
    return hurry (site, package, consent, event, error);
  if (!ocs_package_is_asking (package, ocs_clock_now ()) && !(says_now (said) && ocs_package_was_asked (package)))
    return not_asked (error);
  terms = terms_of (site, package);
  facts = facts_by (ocs_people_known (site->people));
  *consent = package->consent;
  if (!ocs_consent_answer (consent, &terms, &facts, said->serial, said->answer, said->minutes, error))
    return FALSE;
  ocs_journal_say (G_LOG_LEVEL_MESSAGE, package->id, NULL, "package %s: somebody answered %s", package->id, ocs_answer_name (said->answer));
  *event = (OcsEvent) {.kind = OCS_EVENT_CONSENT, .consent = consent};
  return TRUE;
}

/* Shown until somebody says that it is done, but not for ever. */
static gint64
done_until (const OcsSite *site, const OcsPackage *package)
{
  gint64 days = site->setup->settings->notify_deadline;

  if (package->done_since == 0)
    return 0;
  return package->done_at > 0 ? package->done_at + SHOWN : package->done_since + (days > 0 ? days : 7) * DAY;
}

/* When what is shown of it changes by itself. */
static gint64
done_wake (const OcsSite *site, const OcsPackage *package, gint64 now)
{
  gint64 until = done_until (site, package);
  gint64 reminder = package->done_since + OCS_HEALTH_REMINDER;

  return is_done_open (package) && reminder > now ? MIN (until, reminder) : until;
}

gint64
ocs_asking_wake (const OcsSite *site, const OcsPackage *package)
{
  gint64 now = ocs_clock_now ();
  gint64 done = done_wake (site, package, now);
  gint64 look = ocs_people_look_after (site->people);
  gint64 wake = 0;
  OcsTerms terms;

  if (package->info != NULL && package->info->notify_user) {
    terms = terms_of (site, package);
    wake = ocs_consent_wake (&package->consent, &terms, now);
    if (ocs_package_is_asking (package, now) && look > 0)
      wake = wake > 0 ? MIN (wake, now + look) : now + look;
  }
  return done > now && (wake == 0 || done < wake) ? done : wake;
}

gboolean
ocs_asking_is_pending (const OcsSite *site, const OcsPackage *package)
{
  return ocs_people_known (site->people)->pending && ocs_package_is_asking (package, ocs_clock_now ());
}

static void
describe_done (const OcsSite *site, const OcsPackage *package, gint64 now, OcsStatus *status)
{
  OcsQuestion *question;

  if (package->info == NULL || now >= done_until (site, package))
    return;
  question = ocs_question_new (OCS_QUESTION_DONE, package->id);
  question->serial = package->done_serial;
  question->text = g_strdup (package->info->need_done_action_text);
  question->asked = package->done_since;
  question->settled = package->done_at > 0 ? OCS_SETTLED_DONE : OCS_SETTLED_NOT;
  g_ptr_array_add (status->questions, question);
}

void
ocs_asking_describe (const OcsSite *site, const OcsPackage *package, OcsStatus *status)
{
  OcsConsentFacts facts = facts_by (ocs_people_known (site->people));
  OcsQuestion *question;
  OcsTerms terms;

  if (package->info != NULL && package->info->notify_user
      && (package->consent.step != OCS_CONSENT_STANDS || ocs_package_is_asking (package, facts.now))) {
    terms = terms_of (site, package);
    question = ocs_consent_question (&package->consent, &terms, &facts, OCS_QUESTION_INSTALL, package->id, package->info->notify_text);
    if (question != NULL)
      g_ptr_array_add (status->questions, question);
  }
  describe_done (site, package, facts.now, status);
}
