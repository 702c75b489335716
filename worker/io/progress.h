/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a running transfer has done; written by its thread, read by anybody. */
#pragma once
#include <glib.h>

typedef struct _OcsProgress OcsProgress;
OcsProgress *ocs_progress_new (void);
OcsProgress *ocs_progress_ref (OcsProgress *progress);
void ocs_progress_unref (OcsProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsProgress, ocs_progress_unref)

gint64 ocs_progress_done (OcsProgress *progress);
gint64 ocs_progress_total (OcsProgress *progress); /* 0 where it is not known */

/* For the thread: what is there already, and the whole. */
void ocs_progress_begin (OcsProgress *progress, gint64 done, gint64 total);
void ocs_progress_add (OcsProgress *progress, gint64 bytes);
