/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See walog.h. */
#include "worker/inventory/walog.h"

#define LOG_HEAD 32
#define FRAME_HEAD 24
#define MAGIC 0x377F0682u /* the lowest bit: sums are of big-endian words */
#define PAGES_MAX (1u << 20)

struct _OcsWalog {
  const OcsPages *file; /* borrowed: the caller's */
  guint32 page_size;
  GHashTable *places; /* owned; page number → number of its newest committed frame, from 1 */
};

typedef struct {
  guint32 s0;
  guint32 s1;
} Sum;

static guint32
get_32 (const guint8 *at)
{
  return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

static guint32
get_word (const guint8 *at, gboolean is_big)
{
  return is_big ? get_32 (at) : (guint32)at[3] << 24 | (guint32)at[2] << 16 | (guint32)at[1] << 8 | at[0];
}

static Sum
add_to_sum (Sum sum, const guint8 *bytes, gsize length, gboolean is_big)
{
  for (gsize i = 0; i + 8 <= length; i += 8) {
    sum.s0 += get_word (bytes + i, is_big) + sum.s1;
    sum.s1 += get_word (bytes + i + 4, is_big) + sum.s0;
  }
  return sum;
}

static guint64
frame_offset (const OcsWalog *log, guint frame)
{
  return LOG_HEAD + (guint64)(frame - 1) * (FRAME_HEAD + log->page_size);
}

/* Frames count up to the last commit before the first one that is not right: what follows is left over from an earlier use. */
static void
read_frames (OcsWalog *log, const guint8 *head, Sum sum, gboolean is_big)
{
  gsize size = FRAME_HEAD + (gsize)log->page_size;
  g_autofree guint8 *frame = g_malloc (size);
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (guint32)); /* pages since the last commit */
  for (guint number = 1; number < PAGES_MAX; number++) {
    if (!log->file->read (log->file->user_data, frame_offset (log, number), frame, size))
      return;
    sum = add_to_sum (sum, frame, 8, is_big);
    sum = add_to_sum (sum, frame + FRAME_HEAD, log->page_size, is_big);
    gboolean is_ours = get_32 (frame + 8) == get_32 (head + 16) && get_32 (frame + 12) == get_32 (head + 20);
    if (!is_ours || get_32 (frame + 16) != sum.s0 || get_32 (frame + 20) != sum.s1)
      return;
    guint32 page = get_32 (frame);
    g_array_append_val (open, page);
    if (get_32 (frame + 4) == 0)
      continue;
    for (guint i = 0; i < open->len; i++)
      g_hash_table_insert (log->places, GUINT_TO_POINTER (g_array_index (open, guint32, i)), GUINT_TO_POINTER (number - open->len + 1 + i));
    g_array_set_size (open, 0);
  }
}

OcsWalog *
ocs_walog_new (const OcsPages *file, guint32 page_size)
{
  guint8 head[LOG_HEAD];
  if (file->size < LOG_HEAD || !file->read (file->user_data, 0, head, sizeof head) || (get_32 (head) & ~1u) != MAGIC
      || get_32 (head + 8) != page_size)
    return NULL;
  gboolean is_big = (get_32 (head) & 1) != 0;
  Sum sum = add_to_sum ((Sum) {0, 0}, head, 24, is_big);
  if (sum.s0 != get_32 (head + 24) || sum.s1 != get_32 (head + 28))
    return NULL;
  OcsWalog *log = g_new0 (OcsWalog, 1);
  log->file = file;
  log->page_size = page_size;
  log->places = g_hash_table_new (NULL, NULL);
  read_frames (log, head, sum, is_big);
  if (g_hash_table_size (log->places) == 0)
    g_clear_pointer (&log, ocs_walog_free);
  return log;
}

void
ocs_walog_free (OcsWalog *log)
{
  if (log == NULL)
    return;
  g_hash_table_unref (log->places);
  g_free (log);
}

guint
ocs_walog_pages (const OcsWalog *log)
{
  return g_hash_table_size (log->places);
}

gboolean
ocs_walog_read (const OcsWalog *log, guint32 number, guint8 *page)
{
  guint frame = GPOINTER_TO_UINT (g_hash_table_lookup (log->places, GUINT_TO_POINTER (number)));
  return frame > 0 && log->file->read (log->file->user_data, frame_offset (log, frame) + FRAME_HEAD, page, log->page_size);
}
