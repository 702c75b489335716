/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a database file; what comes out of it is read as a header of rpm. */
#pragma once
#include "worker/inventory/pages.h"
#include "worker/inventory/rpmheader.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

typedef struct {
  const guint8 *bytes; /* borrowed: the fuzzer's */
  gsize size;
} Memory;

static inline gboolean
on_memory_read (gpointer user_data, guint64 offset, void *bytes, gsize size)
{
  const Memory *memory = user_data;
  if (offset > memory->size || size > memory->size - offset)
    return FALSE;
  memcpy (bytes, memory->bytes + offset, size);
  return TRUE;
}

static inline void
on_header (const guint8 *bytes, gsize length, gpointer user_data)
{
  OcsRpmHeader header;
  if (ocs_rpmheader_parse (bytes, length, &header))
    g_assert_cmpuint (strlen (header.name), >, 0);
}
