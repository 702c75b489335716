/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of "Send inventory now". The result itself is the worker's (its outcome survives a restart of the tray); only what the worker
 * cannot know is kept here: that somebody clicked here, and that the call was refused. */
#define G_LOG_DOMAIN "ocs-request"
#include "tray/view/request.h"

#include "tray/view/moment.h"
#include "tray/view/words.h"
#include <glib/gi18n-lib.h>

static const struct {
  const char *how;
  OcsRequestKind kind;
} answers[] = {
    {"started", OCS_REQUEST_STARTED},
    {"joined", OCS_REQUEST_JOINED},
    {"recent", OCS_REQUEST_RECENT},
    {"queued", OCS_REQUEST_QUEUED},
};

void
ocs_request_clear (OcsRequest *request)
{
  g_clear_pointer (&request->reason, ocs_reason_free);
  *request = (OcsRequest) {0};
}

void
ocs_request_ask (OcsRequest *request, gint64 now)
{
  ocs_request_clear (request);
  request->kind = OCS_REQUEST_ASKED;
  request->time = now;
}

void
ocs_request_answer (OcsRequest *request, const char *how, gint64 serial)
{
  request->kind = OCS_REQUEST_STARTED;
  request->serial = serial;
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (g_strcmp0 (how, answers[i].how) == 0)
      request->kind = answers[i].kind;
}

void
ocs_request_refuse (OcsRequest *request, const GError *error)
{
  g_clear_pointer (&request->reason, ocs_reason_free);
  request->kind = OCS_REQUEST_REFUSED;
  request->reason = ocs_reason_new_from_error (error);
}

gboolean
ocs_request_is_answered (const OcsRequest *request, const OcsOutcome *outcome)
{
  switch (request->kind) {
  case OCS_REQUEST_ASKED:
  case OCS_REQUEST_REFUSED:
    return FALSE;
  case OCS_REQUEST_NONE:
    return outcome != NULL;
  case OCS_REQUEST_STARTED:
  case OCS_REQUEST_JOINED:
  case OCS_REQUEST_RECENT:
  case OCS_REQUEST_QUEUED:
  default:
    return outcome != NULL && outcome->serial >= request->serial;
  }
}

static char *
words_of_outcome (const OcsRequest *request, const OcsOutcome *outcome, gint64 now, GTimeZone *zone)
{
  g_autofree char *words = ocs_words_outcome (outcome);
  g_autofree char *when = ocs_moment_past (outcome->time, now, zone);
  if (outcome->time <= 0)
    return g_steal_pointer (&words);
  if (outcome->kind == OCS_OUTCOME_SENT && request->kind == OCS_REQUEST_RECENT)
    return g_strdup_printf (_ ("%s %s; that is recent enough, so it was not sent again"), words, when);
  if (outcome->kind == OCS_OUTCOME_SENT)
    return g_strdup_printf (C_ ("what happened, and when", "%s %s"), words, when);
  return g_strdup_printf (C_ ("what happened, and when", "%s (%s)"), words, when);
}

char *
ocs_request_words (const OcsRequest *request, const OcsOutcome *outcome, gint64 now, GTimeZone *zone)
{
  if (ocs_request_is_answered (request, outcome))
    return words_of_outcome (request, outcome, now, zone);
  g_autofree char *when = ocs_moment_past (request->time, now, zone);
  switch (request->kind) {
  case OCS_REQUEST_ASKED:
  case OCS_REQUEST_STARTED:
    return g_strdup (_ ("The inventory is on its way…"));
  case OCS_REQUEST_JOINED:
    return g_strdup (_ ("A contact is under way; the inventory goes with it…"));
  case OCS_REQUEST_RECENT:
    return g_strdup (_ ("An inventory was sent a moment ago, so it was not sent again"));
  case OCS_REQUEST_QUEUED:
    return g_strdup (_ ("No way to the server: the inventory is sent as soon as there is one"));
  case OCS_REQUEST_REFUSED: {
    g_autofree char *reason = ocs_words_reason (request->reason);
    return g_strdup_printf (_ ("Inventory not sent: %s (%s)"), reason ? reason : _ ("Something went wrong"), when);
  }
  case OCS_REQUEST_NONE:
  default:
    return NULL;
  }
}
