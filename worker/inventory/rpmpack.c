/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See rpmpack.h. A head of 32 bytes, slots of 16 bytes that say where the packages lie, and the packages in blocks of 16 bytes; all
 * numbers are little-endian. */
#include "worker/inventory/rpmpack.h"
#include "ipc/error.h"

#define HEAD_MAGIC 0x506D7052u /* RpmP */
#define SLOT_MAGIC 0x746F6C53u /* Slot */
#define BLOB_MAGIC 0x53626C42u /* BlbS */
#define HEAD_SIZE 32
#define SLOT_SIZE 16
#define PAGE_SIZE 4096
#define BLOCK_SIZE 16
#define SLOT_PAGES_MAX 2048u

static guint32
get_32 (const guint8 *at)
{
  return (guint32)at[3] << 24 | (guint32)at[2] << 16 | (guint32)at[1] << 8 | at[0];
}

static gboolean
broken (GError **error, const char *what)
{
  g_set_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA, "Packages.db is damaged (%s): check it with 'rpmdb --verifydb'", what);
  return FALSE;
}

/* slot: magic, package, first block, number of blocks. A package begins with magic, package, generation and its length. */
static gboolean
read_package (const OcsPages *file, const guint8 *slot, GByteArray *package, GError **error)
{
  guint8 head[16];
  guint64 offset = (guint64)get_32 (slot + 8) * BLOCK_SIZE;
  if (!file->read (file->user_data, offset, head, sizeof head) || get_32 (head) != BLOB_MAGIC || get_32 (head + 4) != get_32 (slot + 4))
    return broken (error, "a package is not where it should be");
  guint32 length = get_32 (head + 12);
  if (length > OCS_PAGES_VALUE_MAX || length > (guint64)get_32 (slot + 12) * BLOCK_SIZE || offset + sizeof head + length > file->size)
    return broken (error, "a package is longer than its place");
  g_byte_array_set_size (package, length);
  return file->read (file->user_data, offset + sizeof head, package->data, length) || broken (error, "it is cut short");
}

static gboolean
read_slots (const OcsPages *file, const guint8 *slots, gsize size, OcsPagesFunc func, gpointer user_data, GError **error)
{
  g_autoptr (GByteArray) package = g_byte_array_new ();
  for (gsize at = HEAD_SIZE; at + SLOT_SIZE <= size; at += SLOT_SIZE) {
    const guint8 *slot = slots + at;
    if (get_32 (slot) != SLOT_MAGIC)
      return broken (error, "a slot is none");
    if (get_32 (slot + 8) == 0) /* free */
      continue;
    if (!read_package (file, slot, package, error))
      return FALSE;
    func (package->data, package->len, user_data);
  }
  return TRUE;
}

gboolean
ocs_rpmpack_walk (const OcsPages *file, OcsPagesFunc func, gpointer user_data, GError **error)
{
  guint8 head[HEAD_SIZE];
  if (file->size < HEAD_SIZE || !file->read (file->user_data, 0, head, sizeof head) || get_32 (head) != HEAD_MAGIC)
    return broken (error, "it begins with something else");
  guint32 pages = get_32 (head + 12);
  if (get_32 (head + 4) != 0 || pages == 0 || pages > SLOT_PAGES_MAX)
    return broken (error, "it is of another version");
  gsize size = (gsize)pages * PAGE_SIZE;
  g_autofree guint8 *slots = g_malloc (size);
  if (size > file->size || !file->read (file->user_data, 0, slots, size))
    return broken (error, "it is cut short");
  return read_slots (file, slots, size, func, user_data, error);
}
