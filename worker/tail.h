/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The GetLog method: the kept lines of the log, and with follow each new one. */
#pragma once
#include "ipc/call.h"
#include "worker/io/journal.h"

typedef struct _OcsTail OcsTail;

/* journal: borrowed: outlives us, and nobody else listens to it. */
OcsTail *ocs_tail_new (OcsJournal *journal);
/* Ends the calls that follow. */
void ocs_tail_free (OcsTail *tail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OcsTail, ocs_tail_free)

/* call: transfer full. lines: how many of the kept ones at first. */
void ocs_tail_show (OcsTail *tail, OcsCall *call, gint64 lines, gboolean follow);
