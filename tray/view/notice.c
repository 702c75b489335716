/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Status after status to notifications. Must not send one, nor read a clock. */
#define G_LOG_DOMAIN "ocs-notice"
#include "tray/view/notice.h"

#include "tray/view/ask.h"
#include "tray/view/rows.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>

#define PROBLEM "problem"
#define PACKAGES "packages"

struct _OcsNotices {
  GHashTable *packages;  /* owned; id → whether it had ended when it was seen last */
  GHashTable *questions; /* owned; id of a notice that is shown → serial of its question */
  gboolean learnt;       /* what had ended before is known */
  gint64 problem;        /* since when there has been one, 0 for none */
  gboolean told;         /* of the problem */
};

static void
notice_free (gpointer data)
{
  OcsNotice *notice = data;
  g_free (notice->id);
  g_free (notice->title);
  g_free (notice->body);
  g_free (notice->target);
  g_free (notice);
}

OcsNotices *
ocs_notices_new (void)
{
  OcsNotices *notices = g_new0 (OcsNotices, 1);
  notices->packages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  notices->questions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return notices;
}

void
ocs_notices_free (OcsNotices *notices)
{
  g_hash_table_unref (notices->packages);
  g_hash_table_unref (notices->questions);
  g_free (notices);
}

/* id, title and body: transfer full. */
static OcsNotice *
add (GPtrArray *shown, char *id, char *title, char *body)
{
  OcsNotice *notice = g_new0 (OcsNotice, 1);
  notice->id = id;
  notice->title = title;
  notice->body = body;
  notice->action = "show";
  g_ptr_array_add (shown, notice);
  return notice;
}

static void
step_question (OcsNotices *notices, const OcsQuestion *question, gint64 now, GPtrArray *shown, GHashTable *standing)
{
  g_autofree char *id = g_strdup_printf ("question-%s-%s", ocs_question_kind_name (question->kind), question->id);
  g_autofree char *serial = g_strdup_printf ("%" G_GINT64_FORMAT, question->serial);
  if (question->settled != OCS_SETTLED_NOT || !ocs_ask_is_known (question))
    return;
  g_hash_table_add (standing, g_strdup (id));
  if (g_strcmp0 (g_hash_table_lookup (notices->questions, id), serial) == 0)
    return;
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (OcsAsk) ask = ocs_ask_build (question, now, utc);
  OcsNotice *notice = add (shown, g_strdup (id), g_strdup (ask->title), g_strdup (ask->ignored ? ask->ignored : ask->advice));
  notice->icon = "ocs-companion-needs-you";
  notice->action = "question";
  notice->target = g_strdup (question->id);
  g_hash_table_insert (notices->questions, g_steal_pointer (&id), g_steal_pointer (&serial));
}

static void
step_questions (OcsNotices *notices, const OcsStatus *status, gint64 now, GPtrArray *shown, GPtrArray *gone)
{
  g_autoptr (GHashTable) standing = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id;
  for (guint i = 0; i < status->questions->len; i++)
    step_question (notices, status->questions->pdata[i], now, shown, standing);
  g_hash_table_iter_init (&iter, notices->questions);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (standing, id)) {
      g_ptr_array_add (gone, g_strdup (id));
      g_hash_table_iter_remove (&iter);
    }
}

static gboolean
has_ended (const OcsPackageStatus *package)
{
  return package->step >= OCS_STEP_FINISHED && package->result != NULL;
}

/* TRUE where package has ended since it was seen last; one that ended unseen, between two starts of the tray, is old news. */
static gboolean
ends_now (OcsNotices *notices, const OcsPackageStatus *package)
{
  gpointer before = NULL;
  gboolean known = g_hash_table_lookup_extended (notices->packages, package->id, NULL, &before);
  gboolean ended = has_ended (package);
  g_hash_table_insert (notices->packages, g_strdup (package->id), GINT_TO_POINTER (ended));
  return ended && notices->learnt && (!known || !GPOINTER_TO_INT (before));
}

static void
forget_missing (OcsNotices *notices, const OcsStatus *status)
{
  g_autoptr (GHashTable) there = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer id;
  for (guint i = 0; i < status->packages->len; i++)
    g_hash_table_add (there, ((OcsPackageStatus *)status->packages->pdata[i])->id);
  g_hash_table_iter_init (&iter, notices->packages);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (!g_hash_table_contains (there, id))
      g_hash_table_iter_remove (&iter);
}

static void
tell_package (const OcsPackageStatus *package, GPtrArray *shown)
{
  gboolean good = ocs_words_result_is_good (package->result);
  OcsNotice *notice = add (shown, g_strdup_printf ("package-%s", package->id),
                           good ? g_strdup_printf (_ ("Package %s is installed"), package->id)
                                : g_strdup_printf (_ ("Package %s could not be installed"), package->id),
                           ocs_words_result (package->result));
  notice->icon = good ? "ocs-companion-well" : "ocs-companion-problem";
  notice->target = g_strdup ("deployments");
  notice->quiet = good;
}

static void
step_packages (OcsNotices *notices, const OcsStatus *status, GPtrArray *shown)
{
  g_autoptr (GPtrArray) ended = g_ptr_array_new ();
  guint bad = 0;
  for (guint i = 0; i < status->packages->len; i++) {
    OcsPackageStatus *package = status->packages->pdata[i];
    if (!ends_now (notices, package))
      continue;
    g_ptr_array_add (ended, package);
    bad += !ocs_words_result_is_good (package->result);
  }
  forget_missing (notices, status);
  notices->learnt = TRUE;
  for (guint i = 0; ended->len <= OCS_NOTICE_PACKAGES_MAX && i < ended->len; i++)
    tell_package (ended->pdata[i], shown);
  if (ended->len <= OCS_NOTICE_PACKAGES_MAX)
    return;
  OcsNotice *notice =
      add (shown, g_strdup (PACKAGES),
           g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u deployment has ended", "%u deployments have ended", ended->len), ended->len),
           bad > 0 ? g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u failed", "%u failed", bad), bad) : g_strdup (_ ("All went well.")));
  notice->icon = bad > 0 ? "ocs-companion-problem" : "ocs-companion-well";
  notice->target = g_strdup ("deployments");
  notice->quiet = bad == 0;
}

static void
step_problem (OcsNotices *notices, const OcsStatus *status, gint64 now, GPtrArray *shown, GPtrArray *gone)
{
  if (status->state != OCS_STATE_PROBLEM) {
    if (notices->told)
      g_ptr_array_add (gone, g_strdup (PROBLEM));
    notices->problem = 0;
    notices->told = FALSE;
    return;
  }
  /* A clock that was set back must not keep it silent for ever. */
  if (notices->problem == 0 || notices->problem > now)
    notices->problem = now;
  if (notices->told || now - notices->problem < OCS_NOTICE_PROBLEM_S)
    return;
  char *why = ocs_menu_why (status);
  OcsNotice *notice = add (shown, g_strdup (PROBLEM), g_strdup (ocs_words_state (OCS_STATE_PROBLEM)), why ? why : g_strdup (""));
  notice->icon = "ocs-companion-problem";
  notice->target = g_strdup ("overview");
  notices->told = TRUE;
}

GPtrArray *
ocs_notices_step (OcsNotices *notices, const OcsStatus *status, gint64 now, GPtrArray *gone)
{
  GPtrArray *shown = g_ptr_array_new_with_free_func (notice_free);
  step_questions (notices, status, now, shown, gone);
  if (status->state == OCS_STATE_NOT_RUNNING)
    return shown;
  step_packages (notices, status, shown);
  step_problem (notices, status, now, shown, gone);
  return shown;
}

gint64
ocs_notices_due (const OcsNotices *notices)
{
  return notices->problem > 0 && !notices->told ? notices->problem + OCS_NOTICE_PROBLEM_S : 0;
}
