/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A duty under way: what it needs to know of its package, and how it ends. For the parts of duty only. */
#pragma once
#include "worker/core/order.h"
#include "worker/core/package.h"
#include "worker/core/post.h"
#include "worker/site.h"

typedef struct {
  OcsSite *site; /* borrowed: outlives the duty */
  char *id;      /* owned */
  gint64 fragment;
  gint64 pause;          /* PROBE: milliseconds to leave the others where the cache has nothing */
  guint claims;          /* PROBE: so often it was asked who has begun */
  char *url;             /* owned, nullable; PROBE, FETCH */
  char *path;            /* owned, nullable; FETCH: where it goes */
  OcsHealPass pass;      /* FETCH */
  gboolean may_pass;     /* FETCH: what is no part of a package may come from the cache, which is then passed */
  gboolean wary;         /* FETCH: nor does what falls silent again soon */
  gboolean passed;       /* FETCH: that was done */
  gboolean sparing;      /* FETCH: a part is gone on from only where the cache holds the rest */
  OcsLandingPlan plan;   /* FETCH */
  OcsFetched fetched;    /* FETCH */
  OcsProgress *progress; /* owned, nullable; FETCH */
  OcsInfo *whole;        /* owned, nullable; FETCH: of a package of one fragment */
  gboolean sound;        /* VERIFY: the digest was taken as it came */
  gboolean in_pass;      /* VERIFY: the pass of healing is not over */
  gint64 frags;          /* VERIFY */
  char *command;         /* owned, nullable; POST */
  guint timeout;         /* seconds; POST */
  gboolean success;      /* REPORT: the history gets it */
} OcsWork;

/* What came of it. */
typedef struct {
  OcsEvent event;    /* points into the members below */
  OcsInfo *info;     /* owned, nullable */
  char *code;        /* owned, nullable */
  GError *error;     /* owned, nullable */
  GArray *odd;       /* owned, nullable */
  OcsPostKind power; /* RESTART or SHUTDOWN: to be done once event is journalled */
} OcsWorkResult;

void ocs_work_result_free (OcsWorkResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsWorkResult, ocs_work_result_free)

/* The task data of a new duty. */
OcsWork *ocs_work_new (OcsSite *site, const OcsPackage *package, const OcsDuty *duty);
void ocs_work_free (OcsWork *work);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsWork, ocs_work_free)

/* Ends the duty and drops the task. info, code, error and event.odd: transfer full, nullable; the event gets them. */
void ocs_work_end (GTask *task, OcsEvent event, OcsInfo *info, char *code, GError *error);
void ocs_work_end_simply (GTask *task, OcsEventKind kind);
/* error: transfer full. */
void ocs_work_fail (GTask *task, GError *error);

/* Writes what ocs-run runs to where it looks for it. */
gboolean ocs_work_put_order (const OcsSite *site, const OcsOrder *order, GError **error) G_GNUC_WARN_UNUSED_RESULT;
