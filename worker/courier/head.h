/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of the newest answer of a transfer: interim answers, challenges and a tunnel's answer are forgotten when the next begins. */
#pragma once
#include "ipc/status.h"

/* All lines of one answer; more is refused. */
#define OCS_HEAD_MAX (128 * 1024)

typedef struct {
  int status;
  gsize size;         /* of the lines so far */
  guint asked;        /* requests that were begun, 0 where nobody says it */
  guint answers;      /* that have begun, without those that only promise another */
  GHashTable *fields; /* owned; name in lower case → value as UTF-8; several lines are joined by ", " */
} OcsHead;

OcsHead *ocs_head_new (void);
void ocs_head_free (OcsHead *head);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsHead, ocs_head_free)

/* One line as libcurl gives it: a status line starts anew, a line without a colon is ignored. FALSE where OCS_HEAD_MAX is passed. */
gboolean ocs_head_add_line (OcsHead *head, const char *line, gsize length) G_GNUC_WARN_UNUSED_RESULT;
/* borrowed, nullable. name in lower case. */
const char *ocs_head_get (const OcsHead *head, const char *name);
/* -1 where the field is absent or no plain number. */
gint64 ocs_head_get_size (const OcsHead *head, const char *name);
/* "bytes 5-9/10" as start 5, total 10; total is -1 for "*". FALSE where the field is absent or odd (RFC 9110 section 14.4). */
gboolean ocs_head_get_range (const OcsHead *head, gint64 *start, gint64 *total) G_GNUC_WARN_UNUSED_RESULT;
/* What If-Range takes: a strong ETag, else Last-Modified; NULL where there is neither. transfer full. */
char *ocs_head_dup_validator (const OcsHead *head);
/* refresh: whether the request said no-cache. Unknown where a request got no answer: libcurl makes it again when it died with a kept
 * connection, and what the cache holds by then may have crossed the line for the first. */
OcsVerdict ocs_head_verdict (const OcsHead *head, gboolean refresh);
