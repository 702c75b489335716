/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes of the worker's status in plain sentences, by tables. A code that this version does not know is never hidden: the worker's own
 * message, or the code itself, stands for it. Must not know GTK, a socket or a clock. */
#define G_LOG_DOMAIN "ocs-words"
#include "tray/view/words.h"
#include "tray/view/route.h"

#include "ipc/error.h"
#include "tray/view/moment.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  const char *happened; /* NULL: the worker's message says it better */
  const char *advice;   /* nullable */
} Sentence;

static const Sentence sentences[] = {
    [OCS_ERROR_FAILED] = {NULL, NULL},
    [OCS_ERROR_INVALID_DATA] = {N_ ("A setting cannot be used"), N_ ("Your administrator can mend it in ocsinventory.ini.")},
    [OCS_ERROR_UNSUPPORTED] = {N_ ("This version cannot do what is asked"), N_ ("A newer version of OCS Companion may help.")},
    [OCS_ERROR_DENIED] = {N_ ("You may not do that"), N_ ("Ask your administrator.")},
    [OCS_ERROR_BUSY] = {N_ ("It is busy with something else"), N_ ("Try again in a moment.")},
    [OCS_ERROR_NOT_FOUND] = {N_ ("There is no such thing"), NULL},
    [OCS_ERROR_CANCELLED] = {N_ ("It was ended before it was done"), NULL},
    [OCS_ERROR_TIMED_OUT] = {N_ ("It took too long"), N_ ("It is tried again by itself.")},
    [OCS_ERROR_UNREACHABLE] = {N_ ("There is no way to the server from here"),
                               N_ ("Nothing to do: it goes on by itself when the network or the VPN is back.")},
    [OCS_ERROR_PROXY_UNREACHABLE] = {N_ ("There is no way to the proxy from here"),
                                     N_ ("It is tried again by itself. If it stays so, tell your administrator.")},
    [OCS_ERROR_PROXY_AUTH] = {N_ ("The proxy wants another login"),
                              N_ ("Your administrator can set the proxy's user and password in ocsinventory.ini.")},
    [OCS_ERROR_PROXY_REFUSED] = {N_ ("The proxy does not let this machine through"),
                                 N_ ("Your administrator can allow it in the proxy's rules, or name another proxy.")},
    [OCS_ERROR_SERVER_AUTH] = {N_ ("The server wants another login"),
                               N_ ("Your administrator can set the server's user and password in ocsinventory.ini.")},
    [OCS_ERROR_TLS] = {N_ ("The server's certificate is not accepted"),
                       N_ ("Look at this machine's clock; else your administrator can set CaBundle in ocsinventory.ini.")},
    [OCS_ERROR_REFUSED] = {N_ ("The server or the proxy said no"), N_ ("Your administrator can find out why in their logs.")},
    [OCS_ERROR_BAD_REPLY] = {N_ ("What answered is not an OCS server"),
                             N_ ("Your administrator can check the server's address and the proxy.")},
    [OCS_ERROR_DIGEST] = {N_ ("What arrived is not what was promised"), N_ ("It is fetched again by itself.")},
    [OCS_ERROR_NO_SPACE] = {N_ ("The disk is full"), N_ ("Free some disk space; it goes on by itself then.")},
    [OCS_ERROR_NOT_CONFIGURED] = {N_ ("No server is set yet"), N_ ("Your administrator can set Server= in ocsinventory.ini.")},
    [OCS_ERROR_UNTRUSTED] = {N_ ("It was not trusted, so nothing was done"),
                             N_ ("Your administrator decides what this machine may trust.")},
    [OCS_ERROR_INTERRUPTED] = {N_ ("It was cut short by a crash or a restart"), NULL},
};
G_STATIC_ASSERT (G_N_ELEMENTS (sentences) == OCS_ERROR_N);

static const char *const states[] = {
    [OCS_STATE_WELL] = N_ ("All is well"),
    [OCS_STATE_WORKING] = N_ ("Working"),
    [OCS_STATE_WAITING] = N_ ("Waiting"),
    [OCS_STATE_NEEDS_YOU] = N_ ("Your answer is needed"),
    [OCS_STATE_AWAY] = N_ ("Away from the server"),
    [OCS_STATE_PROBLEM] = N_ ("There is a problem"),
    [OCS_STATE_NOT_RUNNING] = N_ ("The worker is not running"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (states) == OCS_STATE_N);

static const char *const steps[] = {
    [OCS_STEP_OFFERED] = N_ ("Offered"),
    [OCS_STEP_DESCRIBED] = N_ ("Waits for its download"),
    [OCS_STEP_FETCHING] = N_ ("Downloading"),
    [OCS_STEP_VERIFIED] = N_ ("Downloaded and checked"),
    [OCS_STEP_SCHEDULED] = N_ ("Waits for its time"),
    [OCS_STEP_ASKING] = N_ ("Waits for your answer"),
    [OCS_STEP_RUNNING] = N_ ("Being installed"),
    [OCS_STEP_FINISHED] = N_ ("Finished; the server is told next"),
    [OCS_STEP_REPORTED] = N_ ("Finished"),
    [OCS_STEP_GONE] = N_ ("Withdrawn"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (steps) == OCS_STEP_N);

static const char *const verdicts[] = {
    [OCS_VERDICT_UNKNOWN] = N_ ("not yet seen whether it caches"),
    [OCS_VERDICT_HIT] = N_ ("serves from its cache"),
    [OCS_VERDICT_REVALIDATED] = N_ ("serves from its cache, after asking the server"),
    [OCS_VERDICT_SHARED] = N_ ("shared another machine's download"),
    [OCS_VERDICT_MISS] = N_ ("did not have the newest file yet"),
    [OCS_VERDICT_BYPASS] = N_ ("does not cache the packages"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (verdicts) == OCS_VERDICT_N);

/* Windows agent's and unix agent's result codes, as the console shows them. */
static const struct {
  const char *code;
  const char *words;
} results[] = {
    {"SUCCESS", N_ ("Installed")},
    {"SUCCESS_ALREADY_SETUP", N_ ("Was installed already")},
    {"SUCCESS_ALREADY_IN_HISTORY", N_ ("Was installed already")},
    {"SUCCESS_REBOOT_INITIATED", N_ ("Installed; the machine restarted")},
    {"SUCCESS_REBOOT_REQUIRED", N_ ("Installed; the machine must be restarted")},
    {"SUCCESS_RESTART_REQUIRED", N_ ("Installed; the machine must be restarted")},
    {"ERR_ABORTED", N_ ("Refused by a person here")},
    {"ERR_BAD_DIGEST", N_ ("Not installed: what the server offers is damaged")},
    {"ERR_BAD_ID", N_ ("Not installed: the server's description is wrong")},
    {"ERR_BAD_PARAM", N_ ("Not installed: the server's description is wrong")},
    {"ERR_BUILD", N_ ("Not installed: it could not be put together")},
    {"ERR_CLEAN", N_ ("It could not be cleaned up")},
    {"ERR_DOWNLOAD_INFO", N_ ("Not installed: its description could not be fetched")},
    {"ERR_DOWNLOAD_PACK", N_ ("Not installed: it could not be fetched")},
    {"ERR_EXECUTE", N_ ("Its command could not be run")},
    {"ERR_EXECUTE_INTERRUPTED", N_ ("Its command was cut short by a crash or a restart")},
    {"ERR_EXECUTE_TIMEOUT", N_ ("Its command took too long and was ended")},
    {"ERR_EXECUTE_TOO_MANY_TRY", N_ ("Given up after too many tries")},
    {"ERR_OUT_OF_SPACE", N_ ("Not installed: the disk is full")},
    {"ERR_TIMEOUT", N_ ("Not installed: it was too old when its turn came")},
    {"ERR_UNZIP", N_ ("Not installed: it could not be unpacked")},
};

const char *
ocs_words_state (OcsState state)
{
  return (guint)state < OCS_STATE_N ? _ (states[state]) : _ (states[OCS_STATE_PROBLEM]);
}

gboolean
ocs_words_is_silent (const OcsStatus *status)
{
  return status->state == OCS_STATE_NOT_RUNNING && status->reason != NULL
         && g_strcmp0 (status->reason->code, ocs_error_nick (OCS_ERROR_TIMED_OUT)) == 0;
}

const char *
ocs_words_status (const OcsStatus *status)
{
  return ocs_words_is_silent (status) ? _ ("The worker does not answer yet") : ocs_words_state (status->state);
}

const char *
ocs_words_start (void)
{
  return _ ("Your administrator can start it with: sudo systemctl start ocs-worker");
}

static const Sentence *
sentence_of (const OcsReason *reason)
{
  return &sentences[ocs_error_from_nick (reason->code ? reason->code : "")];
}

char *
ocs_words_sentence (const char *text)
{
  /* A host, a file or a key in front is a name, not a word. */
  gboolean name = text && strcspn (text, ".:/=_") < strcspn (text, " ");
  if (text == NULL || *text == '\0' || name || !g_utf8_validate (text, -1, NULL))
    return g_strdup (text ? text : "");
  g_autoptr (GString) sentence = g_string_new (NULL);
  g_string_append_unichar (sentence, g_unichar_totitle (g_utf8_get_char (text)));
  g_string_append (sentence, g_utf8_next_char (text));
  return g_string_free (g_steal_pointer (&sentence), FALSE);
}

char *
ocs_words_reason (const OcsReason *reason)
{
  if (reason == NULL)
    return NULL;
  const Sentence *sentence = sentence_of (reason);
  if (sentence->happened)
    return g_strdup (_ (sentence->happened));
  if (reason->message && *reason->message)
    return ocs_words_sentence (reason->message);
  return g_strdup (_ ("Something went wrong"));
}

const char *
ocs_words_advice (const OcsReason *reason)
{
  const char *advice = reason ? sentence_of (reason)->advice : NULL;
  return advice ? _ (advice) : NULL;
}

char *
ocs_words_error (const GError *error)
{
  g_autoptr (OcsReason) reason = ocs_reason_new_from_error (error);
  g_autofree char *happened = ocs_words_reason (reason);
  if (g_error_matches (error, OCS_ERROR, OCS_ERROR_UNREACHABLE))
    return g_strdup (ocs_words_state (OCS_STATE_NOT_RUNNING));
  if (g_error_matches (error, OCS_ERROR, OCS_ERROR_UNSUPPORTED))
    return g_strdup_printf ("%s.\n%s", happened, ocs_words_advice (reason));
  return ocs_words_sentence (error->message);
}

char *
ocs_words_detail (const OcsReason *reason)
{
  if (reason == NULL || reason->message == NULL || *reason->message == '\0' || sentence_of (reason)->happened == NULL)
    return NULL;
  return ocs_words_sentence (reason->message);
}

char *
ocs_words_job (const OcsJob *job)
{
  const char *package = job->package ? job->package : "";
  switch (job->kind) {
  case OCS_JOB_CONTACTING:
    return g_strdup (_ ("Talking to the server"));
  case OCS_JOB_COLLECTING:
    return g_strdup (_ ("Taking the inventory"));
  case OCS_JOB_SENDING:
    return g_strdup (_ ("Sending the inventory"));
  case OCS_JOB_DOWNLOADING:
    return g_strdup_printf (_ ("Downloading package %s"), package);
  case OCS_JOB_VERIFYING:
    return g_strdup_printf (_ ("Checking package %s"), package);
  case OCS_JOB_RUNNING:
    return g_strdup_printf (_ ("Installing package %s"), package);
  case OCS_JOB_REPORTING:
    return g_strdup_printf (_ ("Telling the server about package %s"), package);
  default:
    return g_strdup (_ ("Working"));
  }
}

int
ocs_words_percent (gint64 done, gint64 total)
{
  if (total <= 0)
    return -1;
  double share = (double)CLAMP (done, 0, total) / (double)total;
  return (int)(share * 100.0 + 0.5);
}

/* Where the bytes so far have come from; only a download has any. */
static char *
job_source (const OcsJob *job)
{
  gint64 cache = MAX (job->from_cache, 0);
  gint64 wan = MAX (job->from_wan, 0);
  if (cache == 0 && wan == 0)
    return NULL;
  if (wan == 0)
    return g_strdup (C_ ("where bytes come from", "from the cache"));
  if (cache == 0)
    return g_strdup (C_ ("where bytes come from", "over the line"));
  return g_strdup_printf (C_ ("where bytes come from", "%d %% from the cache"),
                          (int)((double)cache / ((double)cache + (double)wan) * 100.0 + 0.5));
}

char *
ocs_words_job_figures (const OcsJob *job)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  int percent = ocs_words_percent (job->done, job->total);
  if (percent >= 0)
    g_ptr_array_add (parts, g_strdup_printf (C_ ("a share", "%d %%"), percent));
  if (job->rate > 0) {
    g_autofree char *rate = g_format_size ((guint64)job->rate);
    g_ptr_array_add (parts, g_strdup_printf (C_ ("bytes per second", "%s/s"), rate));
  }
  if (job->rate > 0 && percent >= 0 && job->done < job->total) {
    g_autofree char *span = ocs_moment_span ((job->total - MAX (job->done, 0)) / job->rate);
    g_ptr_array_add (parts, g_strdup_printf (C_ ("a span of time", "%s left"), span));
  }
  char *source = job_source (job);
  if (source)
    g_ptr_array_add (parts, source);
  if (parts->len == 0)
    return NULL;
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **)parts->pdata);
}

char *
ocs_words_outcome (const OcsOutcome *outcome)
{
  if (outcome == NULL)
    return NULL;
  switch (outcome->kind) {
  case OCS_OUTCOME_SENT:
    return g_strdup (_ ("Inventory sent"));
  case OCS_OUTCOME_CONTACTED:
    return g_strdup (_ ("Server contacted; it wanted no inventory"));
  case OCS_OUTCOME_SWITCHED_OFF:
    return g_strdup (_ ("Not sent: your administrator has switched this machine off on the server"));
  case OCS_OUTCOME_QUEUED:
    return g_strdup (_ ("No way to the server: the inventory is sent as soon as there is one"));
  case OCS_OUTCOME_FAILED:
  default:
    break;
  }
  g_autofree char *reason = ocs_words_reason (outcome->reason);
  return reason ? g_strdup_printf (_ ("The contact failed: %s"), reason) : g_strdup (_ ("The contact failed"));
}

const char *
ocs_words_step (const OcsPackageStatus *package)
{
  OcsStep step = (guint)package->step < OCS_STEP_N ? package->step : OCS_STEP_OFFERED;

  /* Once the server knows it, a result is what counts; without one the server has taken the package back. */
  if (step >= OCS_STEP_REPORTED)
    step = package->result != NULL ? OCS_STEP_REPORTED : OCS_STEP_GONE;
  return _ (steps[step]);
}

gboolean
ocs_words_result_is_good (const char *code)
{
  return code && g_str_has_prefix (code, "SUCCESS");
}

char *
ocs_words_result (const char *code)
{
  if (code == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    if (strcmp (results[i].code, code) == 0)
      return g_strdup (_ (results[i].words));
  if (g_str_has_prefix (code, "EXIT_CODE_"))
    return g_strdup_printf (_ ("Its command failed with code %s"), code + strlen ("EXIT_CODE_"));
  return g_strdup (code);
}

const char *
ocs_words_waits (const OcsPackageStatus *package)
{
  static const struct {
    const char *name;
    const char *words;
  } waits[] = {
      {"people", N_ ("People are asked again later")},
      {"window", N_ ("Spares the line at this hour")},
      {"metered", N_ ("Waits for a connection that is not paid by the byte")},
      {"battery", N_ ("Waits for power: the battery is nearly empty")},
      {"restart", N_ ("This machine is still to be restarted")},
  };
  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    if (g_strcmp0 (package->waits_for, waits[i].name) == 0)
      return _ (waits[i].words);
  return NULL;
}

char *
ocs_words_package (const OcsPackageStatus *package)
{
  if (package->result)
    return ocs_words_result (package->result);
  if (package->reason)
    return ocs_words_reason (package->reason);
  if (package->step != OCS_STEP_ASKING && ocs_words_waits (package))
    return g_strdup (ocs_words_waits (package));
  if (package->step != OCS_STEP_FETCHING || package->fragments_total <= 0)
    return g_strdup ("");
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%d of %d part", "%d of %d parts", (gulong)package->fragments_total),
                          (int)CLAMP (package->fragments_done, 0, G_MAXINT), (int)MIN (package->fragments_total, G_MAXINT));
}

char *
ocs_words_proxy_address (const OcsProxyStatus *proxy)
{
  if (proxy->kind == OCS_PROXY_NONE || proxy->host == NULL || *proxy->host == '\0')
    return NULL;
  return g_strdup_printf (strchr (proxy->host, ':') ? "[%s]:%d" : "%s:%d", proxy->host, (int)proxy->port);
}

char *
ocs_words_proxy (const OcsProxyStatus *proxy)
{
  g_autofree char *address = ocs_words_proxy_address (proxy);
  const char *way = ocs_route_why (proxy->why);
  if (proxy->kind == OCS_PROXY_NONE)
    return way ? g_strdup_printf (_ ("No proxy (%s)"), way) : g_strdup (_ ("No proxy"));
  return address ? g_strdup_printf (_ ("Proxy %s"), address) : g_strdup (_ ("Proxy"));
}

const char *
ocs_words_verdict (const OcsProxyStatus *proxy)
{
  if (proxy->kind == OCS_PROXY_NONE)
    return "";
  if (proxy->kind != OCS_PROXY_HTTP && proxy->kind != OCS_PROXY_HTTPS)
    return _ ("passes on, and cannot cache");
  return (guint)proxy->verdict < OCS_VERDICT_N ? _ (verdicts[proxy->verdict]) : _ (verdicts[OCS_VERDICT_UNKNOWN]);
}

char *
ocs_words_login (const OcsProxyStatus *proxy)
{
  static const char *const schemes[][2] = {{"basic", "Basic"}, {"digest", "Digest"}, {"ntlm", "NTLM"}, {"negotiate", "Kerberos"}};

  if (!proxy->authenticated)
    return g_strdup (_ ("Without a login"));
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (g_strcmp0 (proxy->auth, schemes[i][0]) == 0)
      return g_strdup_printf (C_ ("its name is that of a standard, as Basic or Kerberos", "With a login, by %s"), schemes[i][1]);
  return g_strdup (_ ("With a login"));
}

char *
ocs_words_savings (const OcsProxyStatus *proxy)
{
  gint64 cache = MAX (proxy->from_cache, 0);
  gint64 wan = MAX (proxy->from_wan, 0);
  if (cache == 0 && wan == 0)
    return NULL;
  g_autofree char *cached = g_format_size ((guint64)cache);
  g_autofree char *carried = g_format_size ((guint64)wan);
  if (cache == 0)
    return g_strdup_printf (_ ("%s over the line, nothing from the cache"), carried);
  double share = (double)cache / ((double)cache + (double)wan);
  return g_strdup_printf (_ ("%s from the cache, %s over the line (%d %% saved)"), cached, carried, (int)(share * 100.0 + 0.5));
}
