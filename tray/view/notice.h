/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which few things are worth a notification: a question, the end of a deployment, a problem that stays. Pure: what was told before is part
 * of the value. */
#pragma once
#include "ipc/status.h"
#include <glib.h>

/* Seconds that a problem has to last. */
#define OCS_NOTICE_PROBLEM_S (60 * 60)
/* More deployments that end at once are told together. */
#define OCS_NOTICE_PACKAGES_MAX 3

typedef struct {
  char *id;           /* owned; the same id replaces and withdraws */
  char *title;        /* owned */
  char *body;         /* owned */
  const char *icon;   /* borrowed; a constant */
  const char *action; /* borrowed; a constant: "show" or "question" */
  char *target;       /* owned; the action's parameter */
  gboolean quiet;     /* can wait until somebody looks */
} OcsNotice;

typedef struct _OcsNotices OcsNotices;

OcsNotices *ocs_notices_new (void);
void ocs_notices_free (OcsNotices *notices);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsNotices, ocs_notices_free)

/* What has to be shown now; element-type OcsNotice; transfer full. gone: ids that have lost their point are added; element-type char*.
 * The first status that is not "not running" only tells what has ended already. now: seconds since the epoch. */
GPtrArray *ocs_notices_step (OcsNotices *notices, const OcsStatus *status, gint64 now, GPtrArray *gone);
/* When to step again though nothing has changed, 0 for never. */
gint64 ocs_notices_due (const OcsNotices *notices);
