/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The newest lines of the log, kept in memory so that an administrator can read them where there is no journal. Pure. */
#pragma once
#include <glib.h>
#include <json-glib/json-glib.h>

/* A longer line is cut: one that somebody else has a say in must not fill the memory. */
#define OCS_LOG_TEXT_MAX 2000

typedef struct {
  gint64 time; /* seconds since the epoch */
  GLogLevelFlags level;
  char *domain; /* owned */
  char *text;   /* owned; valid UTF-8, one line */
} OcsLogLine;

typedef struct _OcsLogRing OcsLogRing;

OcsLogRing *ocs_log_ring_new (guint capacity);
void ocs_log_ring_free (OcsLogRing *ring);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLogRing, ocs_log_ring_free)

/* domain and text: any bytes, nullable. The oldest line makes room. */
void ocs_log_ring_add (OcsLogRing *ring, gint64 time, GLogLevelFlags level, const char *domain, const char *text);
/* How many lines there have ever been: the number of the next one. */
guint64 ocs_log_ring_next (const OcsLogRing *ring);
/* The first line with a number of *at or more, whose number is then *at; NULL where there is none yet. Borrowed until the next add. */
const OcsLogLine *ocs_log_ring_get (const OcsLogRing *ring, guint64 *at);

/* "error", "warning", "message", "info", "debug". */
const char *ocs_log_level_name (GLogLevelFlags level);
JsonObject *ocs_log_line_to_json (const OcsLogLine *line);
