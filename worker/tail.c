/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-tail"
#include "worker/tail.h"

struct _OcsTail {
  OcsJournal *journal; /* borrowed: outlives us */
  GPtrArray *readers;  /* owned; element-type Reader */
};

typedef struct {
  OcsTail *tail; /* borrowed: it owns us */
  OcsCall *call; /* owned */
  guint64 next;
  gboolean follow;
  gboolean waits; /* until the peer has taken what it was sent */
} Reader;

static void
reader_free (gpointer data)
{
  Reader *reader = data;

  ocs_call_reply (reader->call, NULL);
  g_free (reader);
}

static void stream (OcsCall *call, gpointer user_data);

static void
push (Reader *reader)
{
  const OcsLogRing *ring = ocs_journal_lines (reader->tail->journal);
  const OcsLogLine *line = NULL;
  gboolean gone = FALSE;

  if (reader->waits)
    return;
  while (!gone && ocs_call_is_taken (reader->call) && (line = ocs_log_ring_get (ring, &reader->next)) != NULL) {
    JsonObject *reply = json_object_new ();

    json_object_set_object_member (reply, "line", ocs_log_line_to_json (line));
    gone = !ocs_call_continue (reader->call, reply);
    reader->next++;
  }
  if (gone || (!reader->follow && ocs_log_ring_get (ring, &reader->next) == NULL)) {
    g_ptr_array_remove_fast (reader->tail->readers, reader);
  } else if (!ocs_call_is_taken (reader->call)) {
    reader->waits = TRUE;
    ocs_call_when_taken (reader->call, stream, reader);
  }
}

static void
stream (OcsCall *call, gpointer user_data)
{
  Reader *reader = user_data;

  reader->waits = FALSE;
  push (reader);
}

static void
on_line (gpointer user_data)
{
  OcsTail *tail = user_data;

  for (guint i = tail->readers->len; i > 0; i--)
    push (tail->readers->pdata[i - 1]);
}

OcsTail *
ocs_tail_new (OcsJournal *journal)
{
  OcsTail *tail = g_new0 (OcsTail, 1);

  tail->journal = journal;
  tail->readers = g_ptr_array_new_with_free_func (reader_free);
  ocs_journal_listen (journal, on_line, tail);
  return tail;
}

void
ocs_tail_free (OcsTail *tail)
{
  if (tail == NULL)
    return;
  ocs_journal_listen (tail->journal, NULL, NULL);
  g_ptr_array_unref (tail->readers);
  g_free (tail);
}

void
ocs_tail_show (OcsTail *tail, OcsCall *call, gint64 lines, gboolean follow)
{
  guint64 next = ocs_log_ring_next (ocs_journal_lines (tail->journal));
  Reader *reader = g_new0 (Reader, 1);

  reader->tail = tail;
  reader->call = call;
  reader->next = lines > 0 && (guint64)lines < next ? next - (guint64)lines : lines > 0 ? 0 : next;
  reader->follow = follow;
  g_ptr_array_add (tail->readers, reader);
  push (reader);
}
