/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads one table of an SQLite file (sqlite.org/fileformat2.html) and the write-ahead log beside it, without locking anything and
 * without the library: no program of the worker links it, and a captured machine is read as a live one. Pure. */
#pragma once
#include "worker/inventory/pages.h"

/* Calls func with the second column of each row of table, where that is a blob or a text. log: nullable, the file's -wal: what was
 * committed there counts. OCS_ERROR_INVALID_DATA where the file is not what it should be; func may have been called before that. */
gboolean ocs_sqlite_walk (const OcsPages *file, const OcsPages *log, const char *table, OcsPagesFunc func, gpointer user_data,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
