/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-power"
#include "worker/power.h"
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/io/clock.h"
#include "worker/io/program.h"

#define FILE_NAME "restart.json"
#define DAY 86400
/* A machine that is still here so many seconds after it was told to go was held back: people are asked anew. */
#define TURNING 600

struct _OcsPower {
  OcsSite *site;    /* borrowed: outlives us */
  OcsPostKind kind; /* what is asked */
  OcsConsent consent;
  char *boot;       /* owned, nullable; of this boot */
  gint64 turned_at; /* awake milliseconds, 0: never */
};

static gboolean
has_booted_since (const char *then, const char *now)
{
  return then != NULL && now != NULL && !g_str_equal (then, now);
}

static void
save (OcsPower *power)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) error = NULL;

  json_object_set_boolean_member (object, "shutdown", power->kind == OCS_POST_SHUTDOWN);
  ocs_json_set_string (object, "boot", power->boot);
  json_object_set_object_member (object, "consent", ocs_consent_to_json (&power->consent));
  if (!ocs_store_write (power->site->store, FILE_NAME, object, &error))
    g_warning ("%s", error->message);
}

/* Nothing is asked any more; serials go on. */
static void
forget (OcsPower *power)
{
  power->kind = OCS_POST_NONE;
  power->consent = (OcsConsent) {.step = OCS_CONSENT_NEW, .serial = power->consent.serial};
}

static void
load (OcsPower *power)
{
  g_autoptr (JsonObject) object = ocs_store_read (power->site->store, FILE_NAME);
  gboolean was_open;

  if (object == NULL)
    return;
  ocs_consent_read_json (&power->consent, ocs_json_object (object, "consent"));
  power->kind = ocs_json_bool (object, "shutdown", FALSE) ? OCS_POST_SHUTDOWN : OCS_POST_RESTART;
  if (!has_booted_since (ocs_json_string (object, "boot"), power->boot))
    return;
  /* Whoever did it: it is done. */
  was_open = ocs_consent_is_open (&power->consent);
  forget (power);
  if (was_open) {
    power->consent.settled = OCS_SETTLED_RESTARTED;
    power->consent.settled_at = ocs_clock_now ();
  }
  save (power);
}

OcsPower *
ocs_power_new (OcsSite *site)
{
  OcsPower *power = g_new0 (OcsPower, 1);

  power->site = site;
  power->boot = ocs_clock_boot_id ();
  load (power);
  return power;
}

void
ocs_power_free (OcsPower *power)
{
  if (power == NULL)
    return;
  g_free (power->boot);
  g_free (power);
}

OcsPostKind
ocs_power_wanted (const OcsPower *power, const OcsPackage *package)
{
  OcsPostKind kind = package->offer != NULL ? ocs_post_kind (package->offer->postcmd) : OCS_POST_NONE;

  if (package->step != OCS_STEP_REPORTED || !package->post_due || kind < OCS_POST_RESTART
      || has_booted_since (package->post_boot, power->boot))
    return OCS_POST_NONE;
  return kind;
}

static OcsTerms
terms_of (const OcsPower *power)
{
  const OcsSettings *settings = power->site->setup->settings;

  return (OcsTerms) {
      .countdown = settings->restart_grace * 60,
      .may_delay = TRUE,
      .max_delays = settings->notify_max_delays,
      .deadline = settings->notify_deadline * (gint64)DAY,
      .power = TRUE,
  };
}

/* While a package runs, nobody need hurry. */
static OcsAudience
audience_of (const OcsPower *power, const OcsAudience *audience)
{
  OcsAudience held = *audience;

  held.shutdown_held = held.shutdown_held || power->site->running > 0;
  return held;
}

static OcsConsentFacts
facts_by (const OcsAudience *audience)
{
  return (OcsConsentFacts) {.now = ocs_clock_now (), .awake = ocs_clock_awake (), .audience = audience};
}

static void
tell_terminals (const OcsPower *power)
{
  gboolean restart = power->kind == OCS_POST_RESTART;
  g_autofree char *text = g_strdup_printf ("This machine %s in %d minutes, as an installation needs it: save your work. "
                                           "To decide: ocsctl answer %s now, or later MINUTES (where that is denied, with sudo)",
                                           restart ? "restarts" : "is turned off", power->site->setup->settings->restart_grace,
                                           restart ? OCS_QUESTION_ID_RESTART : OCS_QUESTION_ID_SHUTDOWN);

  ocs_program_wall (text);
}

/* Whether anything is to be asked now. */
static gboolean
prepare (OcsPower *power, OcsPostKind wanted)
{
  gboolean changes = wanted != power->kind;

  if (wanted == OCS_POST_NONE) {
    if (power->consent.step != OCS_CONSENT_NEW || power->consent.first_asked > 0) {
      forget (power);
      save (power);
    }
    power->kind = OCS_POST_NONE;
    return FALSE;
  }
  power->kind = wanted;
  /* Given to nobody who came since, or for something else: asked anew. Delays and deadline stay. */
  if (power->consent.step == OCS_CONSENT_GIVEN && (changes || power->site->running > 0))
    power->consent.step = OCS_CONSENT_NEW;
  else if (changes && power->consent.step == OCS_CONSENT_STANDS)
    power->consent.step = OCS_CONSENT_NEW;
  return power->consent.step != OCS_CONSENT_NEW || power->site->running == 0;
}

void
ocs_power_tick (OcsPower *power, OcsPostKind wanted)
{
  gint64 serial = power->consent.serial;
  OcsAudience audience;
  OcsConsentFacts facts;
  OcsTerms terms;

  if (power->turned_at > 0 && ocs_clock_awake () - power->turned_at < TURNING * 1000)
    return;
  if (power->turned_at > 0)
    forget (power);
  power->turned_at = 0;
  if (!prepare (power, wanted))
    return;
  audience = audience_of (power, ocs_people_audience (power->site->people));
  facts = facts_by (&audience);
  terms = terms_of (power);
  if (ocs_consent_tick (&power->consent, &terms, &facts))
    save (power);
  if (power->consent.serial != serial) {
    g_message ("people are told that the machine is to be %s", power->kind == OCS_POST_RESTART ? "restarted" : "turned off");
    tell_terminals (power);
  }
}

gint64
ocs_power_wake (const OcsPower *power)
{
  gint64 now = ocs_clock_now ();
  gint64 look = ocs_people_look_after (power->site->people);
  OcsTerms terms = terms_of (power);
  gint64 wake = ocs_consent_wake (&power->consent, &terms, now);

  if (power->turned_at > 0)
    return now + TURNING;
  if (power->kind != OCS_POST_NONE && look > 0)
    wake = wake > 0 ? MIN (wake, now + look) : now + look;
  return wake;
}

gboolean
ocs_power_is_pending (const OcsPower *power)
{
  return power->kind != OCS_POST_NONE && power->consent.step == OCS_CONSENT_NEW && ocs_people_known (power->site->people)->pending;
}

gboolean
ocs_power_is_near (const OcsPower *power)
{
  return power->turned_at > 0 || (power->kind != OCS_POST_NONE && power->consent.step == OCS_CONSENT_GIVEN);
}

OcsPostKind
ocs_power_allowed (const OcsPower *power)
{
  gboolean given = power->consent.step == OCS_CONSENT_GIVEN && power->turned_at == 0 && power->site->running == 0;

  return given ? power->kind : OCS_POST_NONE;
}

gboolean
ocs_power_withholds (const OcsPower *power, const OcsPackage *package)
{
  return ocs_power_wanted (power, package) != OCS_POST_NONE && ocs_power_allowed (power) == OCS_POST_NONE;
}

void
ocs_power_turn (OcsPower *power)
{
  g_autoptr (GError) error = NULL;

  power->turned_at = ocs_clock_awake ();
  if (!ocs_program_power (power->kind, &error))
    g_warning ("%s", error->message);
}

gboolean
ocs_power_answer (OcsPower *power, const char *id, const OcsSaid *said, GError **error)
{
  const char *asked = power->kind == OCS_POST_SHUTDOWN ? OCS_QUESTION_ID_SHUTDOWN : OCS_QUESTION_ID_RESTART;
  OcsAudience audience = audience_of (power, ocs_people_known (power->site->people));
  OcsConsentFacts facts = facts_by (&audience);
  OcsTerms terms = terms_of (power);

  if (power->kind == OCS_POST_NONE || !g_str_equal (id, asked)) {
    g_set_error (error, OCS_ERROR, OCS_ERROR_NOT_FOUND, "that is not asked, or not any more: 'ocsctl status' shows what is");
    return FALSE;
  }
  if (!ocs_consent_answer (&power->consent, &terms, &facts, said->serial, said->answer, said->minutes, error))
    return FALSE;
  g_message ("%s: somebody answered %s", asked, ocs_answer_name (said->answer));
  save (power);
  return TRUE;
}

void
ocs_power_describe (const OcsPower *power, OcsStatus *status)
{
  gboolean shutdown = power->kind == OCS_POST_SHUTDOWN;
  OcsAudience audience = audience_of (power, ocs_people_known (power->site->people));
  OcsConsentFacts facts = facts_by (&audience);
  OcsTerms terms = terms_of (power);
  OcsQuestion *question = ocs_consent_question (&power->consent, &terms, &facts, shutdown ? OCS_QUESTION_SHUTDOWN : OCS_QUESTION_RESTART,
                                                shutdown ? OCS_QUESTION_ID_SHUTDOWN : OCS_QUESTION_ID_RESTART, NULL);

  if (question != NULL)
    g_ptr_array_add (status->questions, question);
}

void
ocs_power_describe_package (const OcsPower *power, const OcsPackage *package, OcsPackageStatus *status)
{
  if (ocs_power_wanted (power, package) == OCS_POST_NONE)
    return;
  g_free (status->waits_for);
  status->waits_for = g_strdup ("restart");
  status->waits_until = power->consent.step == OCS_CONSENT_LATER ? power->consent.later_until : 0;
}
