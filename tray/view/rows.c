/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status to icon and menu rows. A row that has nothing to say is left out; the order never changes. Must not know GTK. */
#define G_LOG_DOMAIN "ocs-rows"
#include "tray/view/rows.h"

#include "ipc/error.h"

#include "ipc/error.h"
#include "tray/view/moment.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>

static void
row_free (gpointer data)
{
  OcsRow *row = data;
  g_free (row->label);
  g_free (row);
}

/* label: transfer full, nullable. */
static void
add (OcsMenu *menu, OcsRowKind kind, const char *id, char *label, gboolean sensitive)
{
  OcsRow *row = g_new0 (OcsRow, 1);
  row->kind = kind;
  row->id = id;
  row->label = label;
  row->sensitive = sensitive;
  g_ptr_array_add (menu->rows, row);
}

static void
add_line (OcsMenu *menu, const char *id, char *label)
{
  if (label)
    add (menu, OCS_ROW_LINE, id, label, TRUE);
}

char *
ocs_menu_icon (OcsState state, gboolean symbolic)
{
  g_autofree char *name = g_strconcat ("ocs-companion-", ocs_state_name (state), symbolic ? "-symbolic" : NULL, NULL);
  return g_strdelimit (g_steal_pointer (&name), "_", '-');
}

/* The one whose reason the worker has made its own; it says which package it is. */
static const OcsPackageStatus *
package_with_reason (const OcsStatus *status)
{
  for (guint i = 0; i < status->packages->len; i++) {
    const OcsPackageStatus *package = g_ptr_array_index (status->packages, i);
    if (package->step < OCS_STEP_FINISHED && package->reason && g_strcmp0 (package->reason->code, status->reason->code) == 0
        && g_strcmp0 (package->reason->message, status->reason->message) == 0)
      return package;
  }
  return NULL;
}

/* The server answers and wants nothing: nobody has to do anything here. */
static gboolean
is_switched_off (const OcsStatus *status)
{
  return status->state == OCS_STATE_WAITING && status->reason && g_strcmp0 (status->reason->code, ocs_error_nick (OCS_ERROR_REFUSED)) == 0
         && package_with_reason (status) == NULL;
}

static char *
reason_text (const OcsStatus *status)
{
  const OcsPackageStatus *package = package_with_reason (status);
  if (is_switched_off (status))
    return g_strdup (_ ("Your administrator has switched this machine off on the server"));
  g_autofree char *reason = ocs_words_reason (status->reason);
  return package ? g_strdup_printf (_ ("Package %s: %s"), package->id, reason) : g_steal_pointer (&reason);
}

/* A package that waits or asks explains a state that has no reason of its own. */
static const OcsPackageStatus *
package_in_step (const OcsStatus *status, OcsStep step)
{
  for (guint i = 0; i < status->packages->len; i++) {
    const OcsPackageStatus *package = g_ptr_array_index (status->packages, i);
    if (package->step == step)
      return package;
  }
  return NULL;
}

static const OcsPackageStatus *
package_that_waits (const OcsStatus *status)
{
  for (guint i = 0; i < status->packages->len; i++)
    if (ocs_words_waits (status->packages->pdata[i]))
      return status->packages->pdata[i];
  return NULL;
}

char *
ocs_menu_why (const OcsStatus *status)
{
  const OcsPackageStatus *package = NULL;
  if (ocs_words_is_silent (status))
    return g_strdup (_ ("It may be starting. If this stays so, tell your administrator"));
  if (status->state == OCS_STATE_NOT_RUNNING)
    return g_strdup (_ ("Nobody answers, so nothing is sent or installed"));
  if (status->reason)
    return reason_text (status);
  if (status->state == OCS_STATE_NEEDS_YOU && (package = package_in_step (status, OCS_STEP_ASKING)) != NULL)
    return g_strdup_printf (_ ("Package %s waits for your answer"), package->id);
  if (status->state == OCS_STATE_WAITING && (package = package_that_waits (status)) != NULL)
    return g_strdup_printf (C_ ("a package: what it waits for", "Package %s: %s"), package->id, ocs_words_waits (package));
  if (status->state == OCS_STATE_WAITING && (package = package_in_step (status, OCS_STEP_SCHEDULED)) != NULL)
    return g_strdup_printf (_ ("Package %s waits for its time"), package->id);
  if (status->state == OCS_STATE_WAITING && status->last_success == 0)
    return g_strdup (_ ("It waits for its first contact with the server"));
  if (status->state == OCS_STATE_AWAY)
    return g_strdup (_ ("There is no way to the server from here"));
  return NULL;
}

const char *
ocs_menu_advice (const OcsStatus *status)
{
  if (ocs_words_is_silent (status))
    return NULL;
  if (status->state == OCS_STATE_NOT_RUNNING)
    return ocs_words_start ();
  return is_switched_off (status) ? NULL : ocs_words_advice (status->reason);
}

static char *
job_label (const OcsJob *job)
{
  g_autofree char *words = ocs_words_job (job);
  g_autofree char *figures = ocs_words_job_figures (job);
  return figures ? g_strdup_printf (C_ ("what is done: how far", "%s: %s"), words, figures) : g_strdup_printf ("%s…", words);
}

static char *
proxy_label (const OcsProxyStatus *proxy)
{
  g_autofree char *name = ocs_words_proxy (proxy);
  if (proxy->kind == OCS_PROXY_NONE)
    return g_steal_pointer (&name);
  g_autofree char *reason = ocs_words_reason (proxy->reason);
  return g_strdup_printf (C_ ("the proxy: what it does", "%s: %s"), name, reason ? reason : ocs_words_verdict (proxy));
}

static void
add_times (OcsMenu *menu, const OcsStatus *status, gint64 now, GTimeZone *zone)
{
  g_autofree char *last = ocs_moment_past (status->last_success, now, zone);
  add_line (menu, "last", g_strdup_printf (_ ("Last contact: %s"), last));
  if (status->last_contact > status->last_success) {
    g_autofree char *tried = ocs_moment_past (status->last_contact, now, zone);
    add_line (menu, "tried", g_strdup_printf (_ ("Last try: %s"), tried));
  }
  if (status->state == OCS_STATE_NOT_RUNNING)
    return;
  g_autofree char *next = ocs_moment_future (status->next_contact, now, zone);
  add_line (menu, "next", g_strdup_printf (_ ("Next contact: %s"), next));
}

static char *
questions_label (const OcsStatus *status)
{
  guint count = 0;
  for (guint i = 0; i < status->questions->len; i++) {
    const OcsQuestion *question = status->questions->pdata[i];
    count += question->settled == OCS_SETTLED_NOT && question->kind < OCS_QUESTION_UNKNOWN;
  }
  if (count == 0)
    return NULL;
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Answer %u question…", "Answer %u questions…", count), count);
}

static void
add_commands (OcsMenu *menu, const OcsStatus *status, const OcsRequest *request, const OcsPolicy *policy)
{
  gboolean running = status->state != OCS_STATE_NOT_RUNNING;
  if (running && status->reason != NULL && ocs_error_from_nick (status->reason->code) == OCS_ERROR_NOT_CONFIGURED)
    add (menu, OCS_ROW_COMMAND, "setup", g_strdup (_ ("Set up…")), TRUE);
  add (menu, OCS_ROW_COMMAND, "send", g_strdup (_ ("Send inventory now")), running && request->kind != OCS_REQUEST_ASKED);
  add (menu, OCS_ROW_COMMAND, "deployments", g_strdup (_ ("Deployments")), TRUE);
  if (policy->show_inventory)
    add (menu, OCS_ROW_COMMAND, "inventory", g_strdup (_ ("Show inventory")), TRUE);
  add (menu, OCS_ROW_COMMAND, "diagnose", g_strdup (_ ("Diagnose connection")), TRUE);
  add (menu, OCS_ROW_SEPARATOR, "end", NULL, FALSE);
  add (menu, OCS_ROW_COMMAND, "open", g_strdup (_ ("Open")), TRUE);
  add (menu, OCS_ROW_COMMAND, "about", g_strdup (_ ("About")), TRUE);
  if (policy->quit)
    add (menu, OCS_ROW_COMMAND, "quit", g_strdup (_ ("Quit")), TRUE);
}

static void
add_lines (OcsMenu *menu, const OcsStatus *status, const OcsRequest *request, gint64 now, GTimeZone *zone)
{
  gboolean running = status->state != OCS_STATE_NOT_RUNNING;
  add_line (menu, "state", g_strdup (ocs_words_status (status)));
  add_line (menu, "why", ocs_menu_why (status));
  if (running)
    add_line (menu, "questions", questions_label (status));
  if (running && status->job)
    add_line (menu, "job", job_label (status->job));
  add_times (menu, status, now, zone);
  if (running)
    add_line (menu, "proxy", proxy_label (&status->proxy));
  add_line (menu, "saved", ocs_words_savings (&status->proxy));
  if (status->insecure)
    add_line (menu, "insecure", g_strdup (_ ("Warning: the server's certificate is not checked")));
  add_line (menu, "result", ocs_request_words (request, status->outcome, now, zone));
}

OcsMenu *
ocs_menu_build (const OcsStatus *status, const OcsRequest *request, const OcsPolicy *policy, gint64 now, GTimeZone *zone)
{
  OcsMenu *menu = g_new0 (OcsMenu, 1);
  const char *state = ocs_words_status (status);
  g_autofree char *why = ocs_menu_why (status);
  int percent = status->state == OCS_STATE_WORKING && status->job ? ocs_words_percent (status->job->done, status->job->total) : -1;
  menu->icon = ocs_menu_icon (status->state, TRUE);
  g_autofree char *title = g_strdup_printf (_ ("OCS Companion: %s"), state);
  menu->title = why ? g_strdup_printf (C_ ("a state. why", "%s. %s"), title, why) : g_steal_pointer (&title);
  menu->description = g_strdup (menu->title);
  menu->label = percent >= 0 ? g_strdup_printf (C_ ("a share", "%d %%"), percent) : g_strdup ("");
  menu->rows = g_ptr_array_new_with_free_func (row_free);
  add_lines (menu, status, request, now, zone);
  add (menu, OCS_ROW_SEPARATOR, "separator", NULL, FALSE);
  add_commands (menu, status, request, policy);
  return menu;
}

void
ocs_menu_free (OcsMenu *menu)
{
  g_free (menu->icon);
  g_free (menu->title);
  g_free (menu->description);
  g_free (menu->label);
  g_ptr_array_unref (menu->rows);
  g_free (menu);
}
