/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packages of the status to groups of rows. Must not know GTK. */
#define G_LOG_DOMAIN "ocs-deployments"
#include "tray/view/deployments.h"

#include "tray/view/moment.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  const OcsStatus *status; /* borrowed: by the builder, like the next */
  GTimeZone *zone;
  gint64 now;
} Moment;

static void
item_free (gpointer data)
{
  OcsDeployment *item = data;
  char *texts[] = {item->id, item->name, item->words, item->icon, item->figures, item->map, item->map_words, item->details};
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (texts[i]);
  g_free (item);
}

static OcsDeploymentsKind
kind_of (const OcsPackageStatus *package, const OcsJob *job)
{
  gboolean has_job = job && g_strcmp0 (job->package, package->id) == 0;
  if (package->step >= OCS_STEP_FINISHED)
    return OCS_DEPLOYMENTS_PAST;
  if (package->step == OCS_STEP_RUNNING || has_job)
    return OCS_DEPLOYMENTS_NOW;
  return package->step == OCS_STEP_FETCHING && package->reason == NULL && package->waits_until == 0 ? OCS_DEPLOYMENTS_NOW
                                                                                                    : OCS_DEPLOYMENTS_WAITING;
}

static const char *
icon_of (const OcsPackageStatus *package, OcsDeploymentsKind kind)
{
  if (kind == OCS_DEPLOYMENTS_NOW)
    return "emblem-synchronizing-symbolic";
  if (package->step == OCS_STEP_ASKING)
    return "dialog-question-symbolic";
  if (kind == OCS_DEPLOYMENTS_WAITING)
    return package->reason ? "dialog-warning-symbolic" : "document-open-recent-symbolic";
  if (package->result == NULL)
    return "action-unavailable-symbolic";
  return ocs_words_result_is_good (package->result) ? "emblem-ok-symbolic" : "dialog-error-symbolic";
}

static char *
words_of (const Moment *moment, const OcsPackageStatus *package, OcsDeploymentsKind kind)
{
  const char *step = ocs_words_step (package);
  g_autofree char *words = ocs_words_package (package);
  g_autofree char *both = *words ? g_strdup_printf (C_ ("a step: its result", "%s: %s"), step, words) : g_strdup (step);
  gint64 until = package->waits_until > 0 ? package->waits_until : package->scheduled;
  if (kind == OCS_DEPLOYMENTS_PAST && package->updated > 0) {
    g_autofree char *when = ocs_moment_past (package->updated, moment->now, moment->zone);
    return g_strdup_printf (C_ ("what happened, and when", "%s (%s)"), both, when);
  }
  if (kind == OCS_DEPLOYMENTS_WAITING && until > moment->now) {
    g_autofree char *when = ocs_moment_future (until, moment->now, moment->zone);
    return g_strdup_printf (C_ ("a step, then when it goes on", "%s; it goes on %s"), both, when);
  }
  return g_steal_pointer (&both);
}

static void
add_line (GString *lines, const char *caption, const char *text)
{
  if (text && *text)
    g_string_append_printf (lines, C_ ("a caption: a text", "%s: %s"), caption, text);
  if (text && *text)
    g_string_append_c (lines, '\n');
}

static void
add_time (GString *lines, const Moment *moment, const char *caption, gint64 time)
{
  g_autofree char *text =
      time > moment->now ? ocs_moment_future (time, moment->now, moment->zone) : ocs_moment_past (time, moment->now, moment->zone);
  if (time > 0)
    add_line (lines, caption, text);
}

static char *
details_of (const Moment *moment, const OcsPackageStatus *package)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  OcsProxyStatus bytes = {.from_cache = package->from_cache, .from_wan = package->from_wan};
  g_autofree char *savings = ocs_words_savings (&bytes);
  g_autofree char *detail = ocs_words_detail (package->reason);
  g_autofree char *size = package->bytes > 0 ? g_format_size ((guint64)package->bytes) : NULL;
  add_time (lines, moment, _ ("Offered"), package->since);
  add_time (lines, moment, _ ("Last change"), package->updated);
  add_time (lines, moment, _ ("Planned for"), package->scheduled);
  add_line (lines, _ ("Size"), size);
  add_line (lines, _ ("Came"), savings);
  if (package->reason)
    add_line (lines, _ ("What to do"), ocs_words_advice (package->reason));
  add_line (lines, _ ("In detail"), detail);
  add_line (lines, _ ("What the console shows"), package->result);
  add_line (lines, _ ("Command"), package->command);
  g_string_truncate (lines, lines->len > 0 ? lines->len - 1 : 0);
  return g_string_free (g_steal_pointer (&lines), FALSE);
}

static char *
map_words_of (const char *map)
{
  guint cache = 0, wan = 0, disk = 0, missing = 0;
  for (const char *at = map; *at; at++) {
    cache += *at == 'c';
    wan += *at == 'w';
    disk += *at == 'd';
    missing += *at == '.';
  }
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);
  if (cache > 0)
    g_ptr_array_add (parts,
                     g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u part from the cache", "%u parts from the cache", cache), cache));
  if (wan > 0)
    g_ptr_array_add (parts, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u over the line", "%u over the line", wan), wan));
  if (disk > 0)
    g_ptr_array_add (parts, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u was here already", "%u were here already", disk), disk));
  if (missing > 0)
    g_ptr_array_add (parts, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u missing", "%u missing", missing), missing));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (", ", (char **)parts->pdata);
}

/* What the worker does with this very package right now. */
static void
fill_progress (OcsDeployment *item, const Moment *moment, const OcsPackageStatus *package)
{
  const OcsJob *job = moment->status->job;
  gboolean has_job = job && g_strcmp0 (job->package, package->id) == 0;
  item->fraction = -1;
  if (has_job && job->total > 0)
    item->fraction = (double)CLAMP (job->done, 0, job->total) / (double)job->total;
  else if (package->step == OCS_STEP_FETCHING && package->fragments_total > 0)
    item->fraction = (double)CLAMP (package->fragments_done, 0, package->fragments_total) / (double)package->fragments_total;
  if (has_job)
    item->figures = ocs_words_job_figures (job);
  if (package->fragment_map && *package->fragment_map && package->step <= OCS_STEP_FETCHING) {
    item->map = g_strdup (package->fragment_map);
    item->map_words = map_words_of (item->map);
  }
}

static gboolean
has_question (const OcsStatus *status, const char *id)
{
  for (guint i = 0; i < status->questions->len; i++) {
    const OcsQuestion *question = status->questions->pdata[i];
    if (question->settled == OCS_SETTLED_NOT && g_strcmp0 (question->id, id) == 0)
      return TRUE;
  }
  return FALSE;
}

static OcsDeployment *
item_new (const Moment *moment, const OcsPackageStatus *package, OcsDeploymentsKind kind)
{
  OcsDeployment *item = g_new0 (OcsDeployment, 1);
  item->id = g_strdup (package->id);
  item->name = g_strdup_printf (_ ("Package %s"), package->id);
  item->words = words_of (moment, package, kind);
  item->icon = g_strdup (icon_of (package, kind));
  item->details = details_of (moment, package);
  item->hurries = package->may_hurry;
  item->asks = has_question (moment->status, package->id);
  fill_progress (item, moment, package);
  return item;
}

static int
newest_first (gconstpointer a, gconstpointer b)
{
  const OcsPackageStatus *one = *(const OcsPackageStatus *const *)a;
  const OcsPackageStatus *other = *(const OcsPackageStatus *const *)b;
  return one->updated < other->updated ? 1 : one->updated > other->updated ? -1 : strcmp (other->id, one->id);
}

static void
fill_group (OcsDeploymentsGroup *group, const Moment *moment, OcsDeploymentsKind kind)
{
  g_autoptr (GPtrArray) packages = g_ptr_array_new ();
  for (guint i = 0; i < moment->status->packages->len; i++) {
    OcsPackageStatus *package = moment->status->packages->pdata[i];
    if (kind_of (package, moment->status->job) == kind)
      g_ptr_array_add (packages, package);
  }
  if (kind == OCS_DEPLOYMENTS_PAST)
    g_ptr_array_sort (packages, newest_first);
  group->items = g_ptr_array_new_with_free_func (item_free);
  for (guint i = 0; i < MIN (packages->len, OCS_DEPLOYMENTS_MAX); i++)
    g_ptr_array_add (group->items, item_new (moment, packages->pdata[i], kind));
  guint rest = packages->len - group->items->len;
  if (rest > 0)
    group->more = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "and %u more", "and %u more", rest), rest);
}

OcsDeployments *
ocs_deployments_build (const OcsStatus *status, gint64 now, GTimeZone *zone)
{
  OcsDeployments *deployments = g_new0 (OcsDeployments, 1);
  Moment moment = {.status = status, .zone = zone, .now = now};
  deployments->groups[OCS_DEPLOYMENTS_NOW].title = C_ ("deployments", "Under way");
  deployments->groups[OCS_DEPLOYMENTS_WAITING].title = C_ ("deployments", "Waiting");
  deployments->groups[OCS_DEPLOYMENTS_PAST].title = C_ ("deployments", "History");
  for (guint i = 0; i < OCS_DEPLOYMENTS_N; i++)
    fill_group (&deployments->groups[i], &moment, (OcsDeploymentsKind)i);
  if (status->state == OCS_STATE_NOT_RUNNING)
    deployments->nothing = g_strdup (_ ("The worker is not running, so nothing is known of deployments"));
  else if (status->packages->len == 0)
    deployments->nothing = g_strdup (_ ("No deployments are known"));
  return deployments;
}

void
ocs_deployments_free (OcsDeployments *deployments)
{
  for (guint i = 0; i < OCS_DEPLOYMENTS_N; i++) {
    g_ptr_array_unref (deployments->groups[i].items);
    g_free (deployments->groups[i].more);
  }
  g_free (deployments->nothing);
  g_free (deployments);
}
