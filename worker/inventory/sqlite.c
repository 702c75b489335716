/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See sqlite.h. The numbers are those of sqlite.org/fileformat2.html, all big-endian. */
#include "worker/inventory/sqlite.h"
#include "ipc/error.h"
#include "worker/inventory/walog.h"
#include <string.h>

#define FILE_HEAD 100
#define TABLE_LEAF 13
#define TABLE_INTERIOR 5
#define DEPTH_MAX 20

typedef struct {
  const OcsPages *file; /* borrowed: the caller's */
  OcsWalog *log;        /* owned, nullable */
  guint32 page_size;
  guint32 usable;
  guint64 budget; /* pages that may still be read: a ring of pages ends */
  OcsPagesFunc func;
  gpointer user_data;
  GByteArray *row; /* owned; the one being read */
} Reader;

typedef struct {
  const guint8 *bytes; /* borrowed: a page or a row */
  gsize length;
} Span;

static guint32
get_16 (const guint8 *at)
{
  return (guint32)at[0] << 8 | at[1];
}

static guint32
get_32 (const guint8 *at)
{
  return (guint32)at[0] << 24 | (guint32)at[1] << 16 | (guint32)at[2] << 8 | at[3];
}

static gboolean
broken (GError **error, const char *what)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "the database is damaged (%s): check it with 'rpmdb --verifydb'", what);
  return FALSE;
}

/* The variable-length number at *at, which is moved on. */
static gboolean
take_varint (Span span, gsize *at, guint64 *value)
{
  *value = 0;
  for (guint i = 0; i < 9 && *at < span.length; i++) {
    guint8 byte = span.bytes[(*at)++];
    if (i == 8) {
      *value = *value << 8 | byte;
      return TRUE;
    }
    *value = *value << 7 | (byte & 0x7F);
    if (byte < 0x80)
      return TRUE;
  }
  return FALSE;
}

static gboolean
read_page (Reader *reader, guint32 number, guint8 *page, GError **error)
{
  if (number == 0 || reader->budget == 0)
    return broken (error, "its pages form a ring");
  reader->budget--;
  if (reader->log != NULL && ocs_walog_read (reader->log, number, page))
    return TRUE;
  guint64 offset = (guint64)(number - 1) * reader->page_size;
  return reader->file->read (reader->file->user_data, offset, page, reader->page_size) || broken (error, "it is cut short");
}

/* How many of the payload's bytes stand on the leaf page itself. */
static gsize
local_size (const Reader *reader, guint64 payload)
{
  guint64 most = reader->usable - 35;
  if (payload <= most)
    return (gsize)payload;
  guint64 least = (guint64)(reader->usable - 12) * 32 / 255 - 23;
  guint64 size = least + (payload - least) % (reader->usable - 4);
  return (gsize)(size <= most ? size : least);
}

static gboolean
read_overflow (Reader *reader, guint32 next, gsize left, GError **error)
{
  g_autofree guint8 *page = g_malloc (reader->page_size);
  while (left > 0) {
    gsize part = MIN (left, reader->usable - 4);
    if (!read_page (reader, next, page, error))
      return FALSE;
    g_byte_array_append (reader->row, page + 4, (guint)part);
    next = get_32 (page);
    left -= part;
  }
  return TRUE;
}

/* Bytes of a column; the serial type says them. */
static guint64
column_size (guint64 serial)
{
  static const guint8 sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
  return serial < G_N_ELEMENTS (sizes) ? sizes[serial] : (serial - 12) / 2;
}

/* Finds the column'th value of a row; FALSE where there is none or it is neither text nor blob. */
static gboolean
find_column (Span row, guint column, Span *found)
{
  gsize at = 0;
  guint64 head = 0;
  guint64 serial = 0;
  if (!take_varint (row, &at, &head) || head > row.length)
    return FALSE;
  guint64 offset = head;
  for (guint i = 0; i <= column; i++) {
    if (at >= head || !take_varint (row, &at, &serial))
      return FALSE;
    guint64 size = column_size (serial);
    if (size > row.length || offset > row.length - size)
      return FALSE;
    *found = (Span) {row.bytes + offset, (gsize)size};
    offset += size;
  }
  return serial >= 12;
}

typedef gboolean (*RowFunc) (Reader *reader, Span row, gpointer user_data);

static gboolean
read_cell (Reader *reader, Span page, gsize at, RowFunc func, gpointer user_data, GError **error)
{
  guint64 payload = 0;
  guint64 rowid = 0;
  if (!take_varint (page, &at, &payload) || !take_varint (page, &at, &rowid) || payload > OCS_PAGES_VALUE_MAX)
    return broken (error, "a row has no length");
  gsize local = local_size (reader, payload);
  if (local > page.length - at || (local < payload && page.length - at - local < 4))
    return broken (error, "a row does not fit on its page");
  g_byte_array_set_size (reader->row, 0);
  g_byte_array_append (reader->row, page.bytes + at, (guint)local);
  if (local < payload && !read_overflow (reader, get_32 (page.bytes + at + local), (gsize)payload - local, error))
    return FALSE;
  return func (reader, (Span) {reader->row->data, reader->row->len}, user_data);
}

/* All rows below a page, in order. */
static gboolean
walk (Reader *reader, guint32 number, guint depth, RowFunc func, gpointer user_data, GError **error)
{
  g_autofree guint8 *page = g_malloc (reader->page_size);
  if (depth > DEPTH_MAX)
    return broken (error, "its tree is too deep");
  if (!read_page (reader, number, page, error))
    return FALSE;
  gsize head = number == 1 ? FILE_HEAD : 0;
  guint8 kind = page[head];
  if (kind != TABLE_LEAF && kind != TABLE_INTERIOR)
    return broken (error, "a page is of another kind");
  gsize cells = head + (kind == TABLE_LEAF ? 8 : 12);
  guint32 count = get_16 (page + head + 3);
  Span span = {page, reader->usable};
  if (cells + (gsize)count * 2 > span.length)
    return broken (error, "a page counts wrong");
  for (guint32 i = 0; i < count; i++) {
    gsize at = get_16 (page + cells + (gsize)i * 2);
    if (at + 4 > span.length)
      return broken (error, "a row lies beyond its page");
    gboolean done = kind == TABLE_LEAF ? read_cell (reader, span, at, func, user_data, error)
                                       : walk (reader, get_32 (page + at), depth + 1, func, user_data, error);
    if (!done)
      return FALSE;
  }
  return kind == TABLE_LEAF || walk (reader, get_32 (page + head + 8), depth + 1, func, user_data, error);
}

typedef struct {
  const char *table; /* borrowed */
  guint32 root;
} Search;

/* A row of sqlite_schema: type, name, tbl_name, rootpage, sql. */
static gboolean
on_schema_row (Reader *reader, Span row, gpointer user_data)
{
  Search *search = user_data;
  Span type, name, owner;
  if (!find_column (row, 0, &type) || !find_column (row, 1, &name) || !find_column (row, 2, &owner))
    return TRUE;
  gsize length = strlen (search->table);
  if (type.length != 5 || memcmp (type.bytes, "table", 5) != 0 || name.length != length || memcmp (name.bytes, search->table, length) != 0)
    return TRUE;
  const guint8 *at = owner.bytes + owner.length;
  gsize head = 0;
  guint64 skip = 0;
  /* The root page is the integer after the three texts; its serial type is the fourth. */
  for (guint i = 0; i < 5; i++)
    if (!take_varint (row, &head, &skip))
      return TRUE;
  gsize size = skip >= 1 && skip <= 4 ? (gsize)skip : 0;
  if (size > (gsize)(row.bytes + row.length - at))
    return TRUE;
  for (gsize i = 0; i < size; i++)
    search->root = search->root << 8 | at[i];
  return TRUE;
}

static gboolean
on_row (Reader *reader, Span row, gpointer user_data)
{
  Span value;
  if (find_column (row, 1, &value))
    reader->func (value.bytes, value.length, reader->user_data);
  return TRUE;
}

/* The head says the size of a page; FALSE where it is no SQLite file. */
static gboolean
read_head (Reader *reader, GError **error)
{
  guint8 head[FILE_HEAD];
  const OcsPages *file = reader->file;
  if (file->size < sizeof head || !file->read (file->user_data, 0, head, sizeof head) || memcmp (head, "SQLite format 3", 16) != 0)
    return broken (error, "it is no SQLite file");
  reader->page_size = get_16 (head + 16) == 1 ? 65536 : get_16 (head + 16);
  gboolean is_power = reader->page_size >= 512 && (reader->page_size & (reader->page_size - 1)) == 0;
  if (!is_power || reader->page_size - head[20] < 480)
    return broken (error, "its pages have no size");
  reader->usable = reader->page_size - head[20];
  return TRUE;
}

gboolean
ocs_sqlite_walk (const OcsPages *file, const OcsPages *log, const char *table, OcsPagesFunc func, gpointer user_data, GError **error)
{
  Reader reader = {.file = file, .func = func, .user_data = user_data};
  Search search = {.table = table};
  if (!read_head (&reader, error))
    return FALSE;
  reader.log = log == NULL ? NULL : ocs_walog_new (log, reader.page_size);
  reader.budget = file->size / reader.page_size + (reader.log == NULL ? 0 : ocs_walog_pages (reader.log)) + 8;
  reader.row = g_byte_array_new ();
  gboolean done = walk (&reader, 1, 0, on_schema_row, &search, error);
  if (done && search.root == 0)
    done = broken (error, "a table is missing");
  if (done && search.root > 0)
    done = walk (&reader, search.root, 0, on_row, NULL, error);
  g_byte_array_unref (reader.row);
  ocs_walog_free (reader.log);
  return done;
}
