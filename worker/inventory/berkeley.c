/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See berkeley.h. All pages are looked at in their order and not by bucket: every value is wanted. Numbers are in the byte order of the
 * machine that made the file. */
#include "worker/inventory/berkeley.h"
#include "ipc/error.h"

#define HASH_MAGIC 0x061561u
#define PAGE_HEAD 26
#define META_SIZE 72
/* Kinds of pages (at 25) and of items on them (their first byte). */
#define PAGE_HASH_UNSORTED 2
#define PAGE_OVERFLOW 7
#define PAGE_HASH 13
#define ITEM_HERE 1
#define ITEM_ELSEWHERE 3
#define ITEM_ELSEWHERE_SIZE 12

typedef struct {
  const OcsPages *file; /* borrowed: the caller's */
  gboolean is_big;
  guint32 page_size;
  guint32 last;
  guint8 *page;      /* owned; the one of the hash that is looked at */
  guint8 *more;      /* owned; one of a long value */
  GByteArray *value; /* owned */
} Reader;

static guint32
get_16 (const Reader *reader, const guint8 *at)
{
  return reader->is_big ? (guint32)at[0] << 8 | at[1] : (guint32)at[1] << 8 | at[0];
}

static guint32
get_32 (const Reader *reader, const guint8 *at)
{
  return reader->is_big ? (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3]
                        : (guint32)at[3] << 24 | (guint32)at[2] << 16 | (guint32)at[1] << 8 | at[0];
}

static gboolean
broken (GError **error, const char *what)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the Packages file is damaged (%s): check it with 'rpmdb --verifydb'", what);
  return FALSE;
}

static gboolean
read_page (const Reader *reader, guint32 number, guint8 *page, GError **error)
{
  if (number > reader->last)
    return broken (error, "a page lies beyond its end");
  return reader->file->read (reader->file->user_data, (guint64)number * reader->page_size, page, reader->page_size)
         || broken (error, "it is cut short");
}

/* A value that has pages of its own: the next one at 16, bytes used at 22. */
static gboolean
read_long (Reader *reader, guint32 number, guint32 length, GError **error)
{
  g_byte_array_set_size (reader->value, 0);
  for (guint32 seen = 0; number != 0; seen++) {
    if (seen > reader->last)
      return broken (error, "its pages form a ring");
    if (!read_page (reader, number, reader->more, error))
      return FALSE;
    guint32 used = get_16 (reader, reader->more + 22);
    if (reader->more[25] != PAGE_OVERFLOW || used > reader->page_size - PAGE_HEAD || reader->value->len + used > length)
      return broken (error, "a long value is not whole");
    g_byte_array_append (reader->value, reader->more + PAGE_HEAD, used);
    number = get_32 (reader, reader->more + 16);
  }
  return reader->value->len == length || broken (error, "a long value is not whole");
}

/* Items are pairs of key and value; their offsets stand after the page's head, each item ends where the one before it begins. */
static gboolean
read_items (Reader *reader, OcsPagesFunc func, gpointer user_data, GError **error)
{
  guint32 count = get_16 (reader, reader->page + 20);
  if (PAGE_HEAD + count * 2 > reader->page_size)
    return broken (error, "a page counts wrong");
  for (guint32 i = 1; i < count; i += 2) {
    guint32 end = get_16 (reader, reader->page + PAGE_HEAD + (i - 1) * 2);
    guint32 at = get_16 (reader, reader->page + PAGE_HEAD + i * 2);
    if (at >= end || end > reader->page_size)
      return broken (error, "an item lies beyond its page");
    const guint8 *item = reader->page + at;
    if (item[0] == ITEM_HERE) {
      func (item + 1, end - at - 1, user_data);
    } else if (item[0] == ITEM_ELSEWHERE && end - at >= ITEM_ELSEWHERE_SIZE) {
      guint32 length = get_32 (reader, item + 8);
      if (length > OCS_PAGES_VALUE_MAX || !read_long (reader, get_32 (reader, item + 4), length, error))
        return length <= OCS_PAGES_VALUE_MAX ? FALSE : broken (error, "a value is too long");
      func (reader->value->data, reader->value->len, user_data);
    }
  }
  return TRUE;
}

static gboolean
read_meta (Reader *reader, GError **error)
{
  guint8 meta[META_SIZE];
  if (reader->file->size < sizeof meta || !reader->file->read (reader->file->user_data, 0, meta, sizeof meta))
    return broken (error, "it is cut short");
  reader->is_big = meta[12] == 0 && meta[13] == 0x06;
  reader->page_size = get_32 (reader, meta + 20);
  gboolean is_power = reader->page_size >= 512 && reader->page_size <= 65536 && (reader->page_size & (reader->page_size - 1)) == 0;
  if (get_32 (reader, meta + 12) != HASH_MAGIC || !is_power)
    return broken (error, "it is no hash of Berkeley DB");
  if (meta[24] != 0)
    return broken (error, "it is encrypted");
  reader->last = get_32 (reader, meta + 32);
  return (guint64)reader->last * reader->page_size < reader->file->size || broken (error, "it is cut short");
}

gboolean
ocs_berkeley_walk (const OcsPages *file, OcsPagesFunc func, gpointer user_data, GError **error)
{
  Reader reader = {.file = file};
  if (!read_meta (&reader, error))
    return FALSE;
  reader.page = g_malloc (reader.page_size);
  reader.more = g_malloc (reader.page_size);
  reader.value = g_byte_array_new ();
  gboolean done = TRUE;
  for (guint32 i = 1; done && i <= reader.last; i++) {
    done = read_page (&reader, i, reader.page, error);
    if (done && (reader.page[25] == PAGE_HASH || reader.page[25] == PAGE_HASH_UNSORTED))
      done = read_items (&reader, func, user_data, error);
  }
  g_free (reader.page);
  g_free (reader.more);
  g_byte_array_unref (reader.value);
  return done;
}
