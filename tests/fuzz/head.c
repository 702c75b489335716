/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as the header of an answer, a line each, and as the beginning of its body. */
#include "worker/courier/head.h"
#include "worker/courier/trace.h"
#include "worker/courier/webpage.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (OcsHead) head = ocs_head_new ();
  g_autofree char *uncacheable = NULL, *validator = NULL;
  gint64 start = 0, total = 0;

  for (gsize at = 0; at < size;) {
    const guint8 *end = memchr (data + at, '\n', size - at);
    gsize length = end != NULL ? (gsize)(end - data) + 1 - at : size - at;

    if (!ocs_head_add_line (head, (const char *)data + at, length))
      break;
    at += length;
  }
  if (head->status < 0 || head->status > 999 || (guint)ocs_head_verdict (head, FALSE) >= OCS_VERDICT_N)
    __builtin_trap ();
  if (ocs_head_get_range (head, &start, &total) && (start < 0 || (total >= 0 && total <= start)))
    __builtin_trap ();
  uncacheable = ocs_trace_dup_uncacheable (head);
  validator = ocs_head_dup_validator (head);
  if (ocs_webpage_is_one (ocs_head_get (head, "content-type"), data, size) && size < 2)
    __builtin_trap ();
  ocs_webpage_leads_away (ocs_head_get (head, "location") != NULL ? ocs_head_get (head, "location") : "", "ocs:80");
  return 0;
}
