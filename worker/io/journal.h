/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where what the program says goes: to the system's journal or standard error, as GLib decides, and into memory for GetLog. */
#pragma once
#include "worker/core/logring.h"

typedef struct _OcsJournal OcsJournal;
/* There is a new line. Called from the main loop, never from within the code that logged. */
typedef void (*OcsJournalFunc) (gpointer user_data);

/* Takes over GLib's log: once in a process, from the main thread, and never given back. */
OcsJournal *ocs_journal_new (void);
/* The lines kept; borrowed, for the main thread only. */
const OcsLogRing *ocs_journal_lines (const OcsJournal *journal);
/* on_line: nullable: nobody listens. */
void ocs_journal_listen (OcsJournal *journal, OcsJournalFunc on_line, gpointer user_data);

/* Says it with fields that the system's journal can be asked for: OCS_PACKAGE, the number of a package, and OCS_ERROR, what error is
 * called on the wire; both nullable. As "journalctl OCS_PACKAGE=1700000001" and "journalctl OCS_ERROR=proxy-auth". */
#define ocs_journal_say(level, package, error, ...) ocs_journal_log (G_LOG_DOMAIN, level, package, error, __VA_ARGS__)
void ocs_journal_log (const char *domain, GLogLevelFlags level, const char *package, const GError *error, const char *format, ...)
    G_GNUC_PRINTF (5, 6);
