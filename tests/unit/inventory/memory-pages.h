/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the tests of what reads databases: a file of a captured machine (OCS_MACHINES) in memory, whole, cut short or damaged. */
#pragma once
#include "ipc/error.h"
#include "worker/inventory/pages.h"
#include <string.h>

typedef gboolean (*Walk) (const OcsPages *file, OcsPagesFunc func, gpointer user_data, GError **error);

static inline gboolean
on_memory_read (gpointer user_data, guint64 offset, void *bytes, gsize size)
{
  const GByteArray *memory = user_data;
  if (offset > memory->len || size > memory->len - offset)
    return FALSE;
  memcpy (bytes, memory->data + offset, size);
  return TRUE;
}

static inline OcsPages
pages_of (GByteArray *memory)
{
  return (OcsPages) {on_memory_read, memory, memory->len};
}

static inline GByteArray *
load (const char *file)
{
  g_autofree char *path = g_build_filename (OCS_MACHINES, file, NULL);
  g_autoptr (GError) error = NULL;
  char *bytes = NULL;
  gsize length = 0;
  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  return g_byte_array_new_take ((guint8 *)bytes, length);
}

static inline void
on_count (const guint8 *bytes, gsize length, gpointer user_data)
{
  guint *count = user_data;
  g_assert_true (length == 0 || bytes != NULL);
  (*count)++;
}

/* Cut short anywhere, and with any byte changed, it ends, with an error or without; whatever is wrong is said as one. */
static inline void
assert_survives (const char *file, Walk walk)
{
  g_autoptr (GByteArray) whole = load (file);
  for (guint length = 0; length < whole->len; length += 1 + length / 64) {
    g_autoptr (GByteArray) cut = g_byte_array_append (g_byte_array_new (), whole->data, length);
    OcsPages pages = pages_of (cut);
    g_autoptr (GError) error = NULL;
    guint count = 0;
    if (!walk (&pages, on_count, &count, &error))
      g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  }
  for (guint at = 0; at < whole->len; at += 1 + at / 97) {
    g_autoptr (GByteArray) hurt = g_byte_array_append (g_byte_array_new (), whole->data, whole->len);
    OcsPages pages = pages_of (hurt);
    g_autoptr (GError) error = NULL;
    guint count = 0;
    hurt->data[at] ^= (guint8)(0xFF - at % 7);
    if (!walk (&pages, on_count, &count, &error))
      g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
    g_assert_cmpuint (count, <, 10000);
  }
}
