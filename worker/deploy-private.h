/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between deploy.c, which keeps a package's state, and deploy-duty.c, which does what it asks for. */
#pragma once
#include "worker/core/package.h"
#include "worker/site.h"

typedef struct _OcsDeploy OcsDeploy;

struct _OcsDeploy {
  OcsSite *site;       /* borrowed: outlives us */
  OcsPackage *package; /* owned */
  OcsDuty duty;        /* under way; NONE for none */
  gboolean unsaved;    /* the journal is behind: nothing may be done */
  gint64 save_at;
  GCancellable *cancellable; /* owned */
  OcsProgress *progress;     /* owned, nullable */
  gint64 fragment_size;      /* of those fetched so far; 0 while it is not known */
  gint64 fetch_began;        /* milliseconds */
  gint64 fetch_bytes;        /* since then, whole fragments */
  gboolean gone;             /* freed by its owner; a duty still ends */
  void (*on_change) (OcsDeploy *deploy, gpointer user_data);
  gpointer user_data; /* borrowed: the depot */
};

/* Feeds the package machine and journals what has changed. */
void ocs_deploy_apply (OcsDeploy *deploy, OcsEvent event);
void ocs_deploy_apply_failure (OcsDeploy *deploy, const GError *error);
/* Holds a package that is ready to run but would have to ask people first. */
void ocs_deploy_check_questions (OcsDeploy *deploy);
/* Does deploy->duty; a failure to begin is returned, any later one goes to the machine. */
void ocs_deploy_begin_duty (OcsDeploy *deploy, GError **error);
/* The end of every duty; drops the reference that it held. */
void ocs_deploy_end_duty (OcsDeploy *deploy);
void ocs_deploy_clear (gpointer deploy);
