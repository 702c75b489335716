/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the tests of what reads databases: a file of a captured machine (OCS_MACHINES) in memory, whole, cut short or damaged. */
#pragma once
#include "ipc/error.h"
#include "worker/inventory/pages.h"
#include "worker/inventory/rpmheader.h"
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

static inline void
on_package (const guint8 *bytes, gsize length, gpointer user_data)
{
  GPtrArray *names = user_data;
  OcsRpmHeader header;
  if (ocs_rpmheader_parse (bytes, length, &header))
    g_ptr_array_add (names, g_strdup (header.name));
}

static inline int
compare_names (gconstpointer left, gconstpointer right)
{
  return strcmp (*(const char *const *)left, *(const char *const *)right);
}

/* The names of the packages in file, in order and joined by spaces, are expected. */
static inline void
assert_packages (const char *file, Walk walk, const char *expected)
{
  g_autoptr (GByteArray) whole = load (file);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  OcsPages pages = pages_of (whole);
  g_autoptr (GError) error = NULL;
  g_assert_true (walk (&pages, on_package, names, &error));
  g_assert_no_error (error);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  g_autofree char *joined = g_strjoinv (" ", (GStrv)names->pdata);
  g_assert_cmpstr (joined, ==, expected);
}

/* A file of another kind is refused, and the reader told what to do. */
static inline void
assert_refuses_something_else (Walk walk)
{
  g_autoptr (GByteArray) file = load ("fedora-server/etc/os-release");
  g_byte_array_set_size (file, 8192);
  OcsPages pages = pages_of (file);
  g_autoptr (GError) error = NULL;
  guint count = 0;
  g_assert_false (walk (&pages, on_count, &count, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, "rpmdb --verifydb"));
}
