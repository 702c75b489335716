/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window that somebody has closed stays closed until the same is asked again, or it is opened from the menu, the page of the deployments
 * or a notification. None comes up by itself over a full-screen window, but for one whose time is nearly up: a restart nobody has seen
 * coming costs more than a film. One timer runs: of a second while a window is seen whose time counts, else until the last call of one that
 * waits. */
#define G_LOG_DOMAIN "ocs-dialogs"
#include "tray/dialogs.h"

#include "tray/dialog.h"
#include "tray/view/ask.h"

#define QUESTIONS_MAX 20
#define DAY 86400

typedef struct {
  OcsDialog *dialog; /* owned */
  gint64 serial;     /* of the question that it came up for */
  gboolean waits;    /* for the end of a full-screen window */
} Shown;

struct _OcsDialogs {
  GtkApplication *application; /* borrowed: outlives us, like the next two */
  OcsModel *model;
  OcsFullscreen *fullscreen;
  GHashTable *shown; /* owned; kind and id of a question → Shown */
  guint timer;       /* source id */
};

static void
shown_free (gpointer data)
{
  Shown *shown = data;
  ocs_dialog_free (shown->dialog);
  g_free (shown);
}

OcsDialogs *
ocs_dialogs_new (GtkApplication *application, OcsModel *model, OcsFullscreen *fullscreen)
{
  OcsDialogs *dialogs = g_new0 (OcsDialogs, 1);
  dialogs->application = application;
  dialogs->model = model;
  dialogs->fullscreen = fullscreen;
  dialogs->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, shown_free);
  return dialogs;
}

void
ocs_dialogs_free (OcsDialogs *dialogs)
{
  g_clear_handle_id (&dialogs->timer, g_source_remove);
  g_hash_table_unref (dialogs->shown);
  g_free (dialogs);
}

static char *
key_of (const OcsQuestion *question)
{
  return g_strdup_printf ("%s %s", ocs_question_kind_name (question->kind), question->id);
}

static gboolean
on_time_passed (gpointer user_data)
{
  OcsDialogs *dialogs = user_data;
  dialogs->timer = 0;
  ocs_dialogs_draw (dialogs);
  return G_SOURCE_REMOVE;
}

static Shown *
shown_of (OcsDialogs *dialogs, const OcsQuestion *question)
{
  g_autofree char *key = key_of (question);
  return g_hash_table_lookup (dialogs->shown, key);
}

/* What is decided already is no reason to come up. */
static Shown *
come_up (OcsDialogs *dialogs, const OcsQuestion *question)
{
  Shown *shown = shown_of (dialogs, question);
  gboolean again = shown && shown->serial != question->serial;
  if (shown == NULL && (question->settled != OCS_SETTLED_NOT || g_hash_table_size (dialogs->shown) >= QUESTIONS_MAX))
    return NULL;
  if (shown == NULL) {
    shown = g_new0 (Shown, 1);
    shown->dialog = ocs_dialog_new (dialogs->application, dialogs->model);
    g_hash_table_insert (dialogs->shown, key_of (question), shown);
    again = TRUE;
  }
  shown->serial = question->serial;
  (void)ocs_dialog_draw (shown->dialog, question);
  if (again)
    shown->waits = question->settled == OCS_SETTLED_NOT;
  return shown;
}

/* Seconds until it must come up in any case, 0 where it need not. */
static gint64
show_waiting (OcsDialogs *dialogs, Shown *shown, const OcsQuestion *question)
{
  gint64 may_wait = ocs_ask_may_wait (question, g_get_real_time () / G_USEC_PER_SEC);
  if (question->settled != OCS_SETTLED_NOT)
    shown->waits = FALSE;
  if (!shown->waits)
    return 0;
  if (may_wait != 0 && ocs_fullscreen_holds (dialogs->fullscreen))
    return MAX (may_wait, 0);
  shown->waits = FALSE;
  ocs_dialog_present (shown->dialog, FALSE);
  return 0;
}

static gboolean
stands (const OcsStatus *status, const char *key)
{
  for (guint i = 0; i < status->questions->len; i++) {
    g_autofree char *other = key_of (status->questions->pdata[i]);
    if (g_str_equal (key, other))
      return TRUE;
  }
  return FALSE;
}

static void
drop_gone (OcsDialogs *dialogs)
{
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, dialogs->shown);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (!stands (dialogs->model->status, key))
      g_hash_table_iter_remove (&iter);
}

void
ocs_dialogs_draw (OcsDialogs *dialogs)
{
  const GPtrArray *questions = dialogs->model->status->questions;
  gboolean counts = FALSE;
  gint64 call = 0;
  drop_gone (dialogs);
  for (guint i = 0; i < questions->len; i++) {
    const OcsQuestion *question = questions->pdata[i];
    Shown *shown = ocs_ask_is_known (question) ? come_up (dialogs, question) : NULL;
    gint64 due = shown ? show_waiting (dialogs, shown, question) : 0;
    call = call == 0 || (due > 0 && due < call) ? due : call;
    if (shown && ocs_dialog_is_shown (shown->dialog))
      counts = ocs_dialog_draw (shown->dialog, question) || counts;
  }
  g_clear_handle_id (&dialogs->timer, g_source_remove);
  if (counts)
    dialogs->timer = g_timeout_add (1000, on_time_passed, dialogs);
  else if (call > 0)
    dialogs->timer = g_timeout_add_seconds ((guint)MIN (call, DAY), on_time_passed, dialogs);
}

gboolean
ocs_dialogs_open (OcsDialogs *dialogs, const char *id)
{
  const GPtrArray *questions = dialogs->model->status->questions;
  const OcsQuestion *found = NULL;
  for (guint i = 0; i < questions->len; i++) {
    const OcsQuestion *question = questions->pdata[i];
    gboolean open = question->settled == OCS_SETTLED_NOT && ocs_ask_is_known (question);
    if (open && (found == NULL || g_strcmp0 (question->id, id) == 0))
      found = question;
  }
  Shown *shown = found ? come_up (dialogs, found) : NULL;
  if (shown == NULL)
    return FALSE;
  shown->waits = FALSE;
  ocs_dialog_present (shown->dialog, TRUE);
  ocs_dialogs_draw (dialogs);
  return TRUE;
}
