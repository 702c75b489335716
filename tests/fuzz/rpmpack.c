/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A database of rpm. */
#include "worker/inventory/rpmpack.h"
#include "tests/fuzz/pages.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Memory file = {data, size};
  OcsPages pages = {on_memory_read, &file, size};
  gboolean done = ocs_rpmpack_walk (&pages, on_header, NULL, NULL);
  (void)done;
  return 0;
}
