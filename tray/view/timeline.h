/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The newest contacts along a line of time, as data: where each mark stands, which shape it has and what it says. Pure. */
#pragma once
#include "ipc/status.h"
#include <glib.h>

/* Days that the line shows. */
#define OCS_TIMELINE_DAYS 7

typedef enum {
  OCS_MARK_DISC,  /* the inventory was sent */
  OCS_MARK_RING,  /* contacted */
  OCS_MARK_DASH,  /* no way to the server; nothing was wrong */
  OCS_MARK_CROSS, /* failed or refused */
} OcsMarkShape;

typedef struct {
  double place; /* 0 (the start of the line) … 1 (now) */
  OcsMarkShape shape;
  char *words; /* owned; "Inventory sent today 14:02" */
} OcsMark;

typedef struct {
  double place; /* of midnight */
  char *name;   /* owned; of the day that begins there, short: "Mon" */
} OcsTimelineDay;

typedef struct {
  GPtrArray *marks; /* owned; element-type OcsMark; the oldest first */
  GPtrArray *days;  /* owned; element-type OcsTimelineDay */
  char *words;      /* owned; "34 contacts in 7 days, 2 failed" */
} OcsTimeline;

/* contacts: element-type OcsOutcome. Those before the line, and those in the future (the clock was set), are left out. */
OcsTimeline *ocs_timeline_build (const GPtrArray *contacts, gint64 now, GTimeZone *zone);
void ocs_timeline_free (OcsTimeline *timeline);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTimeline, ocs_timeline_free)
