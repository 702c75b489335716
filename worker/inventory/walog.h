/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The write-ahead log of an SQLite file (sqlite.org/fileformat2.html, section 4): the pages that were committed and not yet written
 * back. Pure. */
#pragma once
#include "worker/inventory/pages.h"

typedef struct _OcsWalog OcsWalog;

/* file: borrowed, must live as long. NULL where there is no committed page in it of that size. */
OcsWalog *ocs_walog_new (const OcsPages *file, guint32 page_size);
void ocs_walog_free (OcsWalog *log);
guint ocs_walog_pages (const OcsWalog *log);
/* The newest committed content of a page; FALSE where the log does not have it. */
gboolean ocs_walog_read (const OcsWalog *log, guint32 number, guint8 *page);
