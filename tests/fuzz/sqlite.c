/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An SQLite file of rpm with its log: the first two bytes say where the log begins. */
#include "worker/inventory/sqlite.h"
#include "tests/fuzz/pages.h"

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size < 2)
    return 0;
  gsize part = MIN ((gsize)data[0] << 8 | data[1], size - 2);
  Memory file = {data + 2, part};
  Memory log = {data + 2 + part, size - 2 - part};
  OcsPages pages = {on_memory_read, &file, file.size};
  OcsPages log_pages = {on_memory_read, &log, log.size};
  gboolean done = ocs_sqlite_walk (&pages, &log_pages, "Packages", on_header, NULL, NULL);
  (void)done;
  return 0;
}
