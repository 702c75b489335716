/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rule makes the test server misbehave for some URLs: what to do is data, the doing is lab-http's and lab-reply's. */
#pragma once
#include <json-glib/json-glib.h>

typedef struct {
  char *pattern;      /* owned; glob over the path */
  char *method;       /* owned, nullable: any */
  gint64 skip;        /* matching requests to let pass first */
  gint64 times;       /* how often it still applies; negative: for ever */
  gint64 used;        /* how often it was applied */
  guint status;       /* 0: the real one */
  guint delay_ms;     /* before the reply */
  gint64 stall_after; /* body bytes, then silence for stall_ms and a closed connection; negative: never */
  guint stall_ms;
  gint64 truncate_after; /* body bytes, then the connection is closed; negative: never */
  gint64 corrupt_at;     /* offset in the whole object (also for a range) of corrupt_length inverted bytes; negative: none */
  gint64 corrupt_length;
  gint64 content_length;  /* the length to claim; negative: the real one */
  gint64 rate;            /* bytes per second; 0: as fast as it goes */
  char *body;             /* owned, nullable: sent in place of the real body */
  char *content_type;     /* owned, nullable */
  gboolean close;         /* close the connection without a reply */
  gboolean reset;         /* the same with a TCP reset */
  gboolean no_validators; /* without Last-Modified and ETag */
  GHashTable *headers;    /* owned; further reply headers, string → string */
} OcsLabRule;

/* Reads the JSON form (members named as the fields, all but pattern optional). G_IO_ERROR_INVALID_ARGUMENT for an unknown member.
 */
OcsLabRule *ocs_lab_rule_parse (JsonObject *object, GError **error) G_GNUC_WARN_UNUSED_RESULT;
OcsLabRule *ocs_lab_rule_ref (OcsLabRule *rule);
void ocs_lab_rule_unref (OcsLabRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsLabRule, ocs_lab_rule_unref)

/* The first rule that applies to this request, with its counters moved on; transfer full, nullable. rules: element-type OcsLabRule. */
OcsLabRule *ocs_lab_rule_match (GPtrArray *rules, const char *method, const char *path);
