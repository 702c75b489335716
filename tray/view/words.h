/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plain sentences for what the worker's status says in codes. Pure; translated by gettext where the program has bound the domain.
 * Who may not be able to mend it reads what happened; what to do about it is a sentence of its own. */
#pragma once
#include "ipc/status.h"
#include <glib.h>

/* "All is well". Borrowed. */
const char *ocs_words_state (OcsState state);

/* The same of a whole status: somebody may be there who says nothing. Borrowed. */
const char *ocs_words_status (const OcsStatus *status);
gboolean ocs_words_is_silent (const OcsStatus *status);

/* What to do while the worker is not running. Borrowed. */
const char *ocs_words_start (void);

/* What happened, from the code; the worker's own message where the code is unknown, newer or says no more than "failed".
 * Transfer full; NULL for NULL. */
char *ocs_words_reason (const OcsReason *reason);
/* What to do about it. Borrowed; NULL where there is no advice for the code. */
const char *ocs_words_advice (const OcsReason *reason);
/* Why a call got no answer, for a place of its own: that the worker is not there or too old, else its own message. Transfer full. */
char *ocs_words_error (const GError *error);
/* The worker's message as a sentence, where it says more than ocs_words_reason() does; it names the file, host or line.
 * Transfer full, nullable. */
char *ocs_words_detail (const OcsReason *reason);

/* "Downloading package 123". Without figures. Transfer full. */
char *ocs_words_job (const OcsJob *job);
/* "45 %, 2.1 MB/s, 3 minutes left, from the cache", as far as it is known; NULL where nothing is. Transfer full. */
char *ocs_words_job_figures (const OcsJob *job);
/* 0 … 100, rounded; -1 where the total is not known. */
int ocs_words_percent (gint64 done, gint64 total);

/* How the contact that somebody asked for ended. "Inventory sent" and so on, without the time. Transfer full; NULL for NULL. */
char *ocs_words_outcome (const OcsOutcome *outcome);

/* "Downloading", "Waits for its time". Borrowed. */
const char *ocs_words_step (const OcsPackageStatus *package);
/* A result code of the console in plain words: "Installed", "The command ended with code 3". The code where it is unknown. Transfer full;
 * NULL for NULL. */
char *ocs_words_result (const char *code);
/* Whether code is one of success; FALSE for NULL. */
gboolean ocs_words_result_is_good (const char *code);
/* What there is to say of package beside its step: the result, why it waits or is refused, or how far it is. Transfer full; "" where
 * there is nothing. */
/* What holds the package back although nothing is wrong; NULL where nothing does, or it is shown otherwise. */
const char *ocs_words_waits (const OcsPackageStatus *package);
char *ocs_words_package (const OcsPackageStatus *package);

/* "cache.lan:3128", "[fd00::1]:3128". Transfer full; NULL where there is none or it is not told. */
char *ocs_words_proxy_address (const OcsProxyStatus *proxy);
/* "Proxy cache.lan:3128" or "No proxy". Transfer full. */
char *ocs_words_proxy (const OcsProxyStatus *proxy);
/* What the proxy did with the newest file; "" without a proxy. Borrowed. */
const char *ocs_words_verdict (const OcsProxyStatus *proxy);
/* "12 MB from the cache, 3 MB over the line (80 % saved)"; NULL where no package byte has come yet. Transfer full. */
char *ocs_words_savings (const OcsProxyStatus *proxy);
/* How one logs in to it; transfer full. */
char *ocs_words_login (const OcsProxyStatus *proxy);

/* text with its first letter as a title's, unless it begins with a name of a host, a file or a key. Transfer full. */
char *ocs_words_sentence (const char *text);
